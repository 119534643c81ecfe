#include "lib/wire/value.h"

#include <algorithm>
#include <stdexcept>

namespace ks::wire {

// Here, where a field is a complete type.
Value::Value() noexcept = default;
Value::Value(const Value&) = default;
Value::Value(Value&&) noexcept = default;
Value& Value::operator=(const Value&) = default;
Value& Value::operator=(Value&&) noexcept = default;
Value::~Value() = default;

Value::Value(std::nullptr_t) noexcept {}
Value::Value(Integer integer) : data_(integer.value) {}
Value::Value(bool flag) : data_(flag) {}
Value::Value(double real) : data_(real) {}
Value::Value(const char* text) : data_(std::string(text)) {}
Value::Value(std::string_view text) : data_(std::string(text)) {}
Value::Value(std::string text) : data_(std::move(text)) {}
Value::Value(const Uuid& uuid) : data_(uuid) {}
Value::Value(Bytes bytes) : data_(std::move(bytes)) {}
Value::Value(Array elements) : data_(std::move(elements)) {}
Value::Value(Struct fields) : data_(std::move(fields)) {}
Value::Value(std::initializer_list<Field> fields) : data_(Struct(fields)) {}

Value Value::array(std::initializer_list<Value> elements) { return Array(elements); }
Value Value::structure() { return Struct(); }
Value Value::bytes(std::string_view view) { return Bytes{view, nullptr}; }

Value Value::owned_bytes(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  const std::string_view view = *owner;
  return Bytes{view, std::move(owner)};
}

std::string_view Value::as_string() const {
  return is_null() ? std::string_view() : get<std::string>("a string");
}

std::string_view Value::as_bytes() const {
  return is_null() ? std::string_view() : get<Bytes>("bytes").view;
}

const Value::Array& Value::items() const {
  static const Array kNone;
  return is_null() ? kNone : get<Array>("an array");
}

const Value& Value::operator[](std::size_t index) const {
  const Array& elements = items();
  if (index >= elements.size()) misused("element " + std::to_string(index));
  return elements[index];
}

const Value& Value::operator[](std::string_view name) const {
  if (const Value* value = find(name)) return *value;
  misused("field '" + std::string(name) + "'");
}

const Value* Value::find(std::string_view name) const {
  const auto* fields = get_if<Struct>();
  if (fields == nullptr) return nullptr;
  const auto found = std::ranges::find(*fields, name, &Field::name);
  return found == fields->end() ? nullptr : &found->value;
}

void Value::set(std::string_view name, Value value) {
  if (is_null()) data_ = Struct();
  auto* fields = std::get_if<Struct>(&data_);
  if (fields == nullptr) misused("a struct");
  auto found = std::ranges::find(*fields, name, &Field::name);
  if (found == fields->end()) found = fields->insert(found, Field(name, nullptr));
  found->value = std::move(value);
}

std::string_view Value::kind() const {
  static constexpr std::array<std::string_view, std::variant_size_v<decltype(data_)>> kKinds = {
      "null",  "a bool", "an integer", "a float", "a string",
      "bytes", "a uuid", "an array",   "a struct"};
  return kKinds.at(data_.index());
}

bool Value::operator==(const Value& other) const { return data_ == other.data_; }

void Value::misused(std::string_view wanted) const {
  throw std::logic_error("asked for " + std::string(wanted) + " of " + std::string(kind()));
}

}  // namespace ks::wire
