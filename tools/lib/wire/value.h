#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace ks::wire {

using Uuid = std::array<std::uint8_t, 16>;  // as on the wire; all zeros is Kafka's "no id"

// A field of a Kafka message, or a whole message. A request reads like the protocol guide,
//   Value request = {{"topics", Value::array({{{"name", "orders"}}})},
//                    {"allow_auto_topic_creation", false}};
// and so does what comes back: response["topics"][0]["error_code"].as_int().
//
// Braces make a struct, array() an array. A string is owned; bytes are a view of what somebody else
// owns, unless owned_bytes() made them.
//
// Reading a kind that the value is not, a field that the struct has not or an element behind the
// end is a mistake of the caller's and throws std::logic_error. Decoded structs have every field of
// their schema; how many elements an array has is the sender's to say: ask first, or iterate.
class Value {
 public:
  struct Field;
  using Array = std::vector<Value>;
  using Struct = std::vector<Field>;  // in the order of the schema, where it was decoded

  // Equal by content, whoever owns it.
  struct Bytes {
    std::string_view view;
    std::shared_ptr<const std::string> owner;  // of what is viewed; null: not ours
    bool operator==(const Bytes& other) const { return view == other.view; }
  };

  Value() noexcept;  // null
  Value(const Value&);
  Value(Value&&) noexcept;
  Value& operator=(const Value&);
  Value& operator=(Value&&) noexcept;
  ~Value();
  Value(std::nullptr_t) noexcept;
  template <std::integral T>
  Value(T integer) : Value(Integer{static_cast<std::int64_t>(integer)}) {}
  Value(bool flag);
  Value(double real);
  Value(const char* text);
  Value(std::string_view text);
  Value(std::string text);
  Value(const Uuid& uuid);
  Value(Array elements);
  Value(Struct fields);
  Value(std::initializer_list<Field> fields);

  static Value array(std::initializer_list<Value> elements);
  static Value structure();                   // without a field
  static Value bytes(std::string_view view);  // not copied
  static Value owned_bytes(std::string bytes);

  bool is_null() const { return std::holds_alternative<std::monostate>(data_); }
  bool as_bool() const { return get<bool>("a bool"); }
  std::int64_t as_int() const { return get<std::int64_t>("an integer"); }
  double as_double() const { return get<double>("a float"); }
  std::string_view as_string() const;  // null: empty
  std::string_view as_bytes() const;   // null: empty
  const Uuid& as_uuid() const { return get<Uuid>("a uuid"); }
  const Array& items() const;  // null: none
  const Struct& fields() const { return get<Struct>("a struct"); }

  const Value& operator[](std::size_t index) const;
  const Value& operator[](std::string_view name) const;
  const Value* find(std::string_view name) const;  // null: no such field, or no struct
  void set(std::string_view name, Value value);    // replaces or appends; a null becomes a struct

  template <typename T>
  const T* get_if() const {
    return std::get_if<T>(&data_);
  }
  std::string_view kind() const;  // "null", "a string": for messages

  bool operator==(const Value&) const;

 private:
  struct Integer {
    std::int64_t value;
  };
  Value(Integer integer);
  Value(Bytes bytes);
  template <typename T>
  const T& get(const char* wanted) const {
    if (const T* value = get_if<T>()) return *value;
    misused(wanted);
  }
  [[noreturn]] void misused(std::string_view wanted) const;

  std::variant<std::monostate, bool, std::int64_t, double, std::string, Bytes, Uuid, Array, Struct>
      data_;
};

// `name` must outlive the value: a literal, or a name out of a schema.
struct Value::Field {
  Field(std::string_view field_name, Value field_value)
      : name(field_name), value(std::move(field_value)) {}
  bool operator==(const Field&) const = default;

  std::string_view name;
  Value value;
};

}  // namespace ks::wire
