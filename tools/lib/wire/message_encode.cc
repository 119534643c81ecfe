#include "lib/wire/message_encode.h"

#include <algorithm>
#include <limits>

#include "lib/wire/bytes.h"
#include "lib/wire/value_path.h"

namespace ks::wire {
namespace {

constexpr std::size_t kLongestString = 0x7fff;
constexpr std::size_t kMostBytes = 0x7fffffff;
constexpr std::size_t kWorthABuffer = 4096;  // copying less costs less than a buffer of its own

// Writes one message by its schema. Every function says whether all is well; from the first thing
// that is not, error() tells it and the path stays where it was.
class Encoder {
 public:
  Encoder(std::string& out, std::int16_t version, bool flexible, std::vector<Apart>* apart)
      : bytes_(out), apart_(apart), writer_(out), version_(version), flexible_(flexible) {}

  bool structure(const std::vector<FieldSchema>& schema, const Value& structure);
  const std::string& error() const { return error_; }
  std::string path() const { return path_.text(); }

 private:
  struct Tagged {
    std::int64_t tag;
    const FieldSchema* field;  // null: `value` is the bytes
    const Value* value;
  };

  bool known(const std::vector<FieldSchema>& schema, const Value& structure);
  bool absent(const FieldSchema& field, const Value& value);
  bool value(const FieldSchema& field, const Value& value);
  bool null(const FieldSchema& field);
  bool array(const FieldSchema& field, const Value& value);
  bool single(const FieldSchema& field, const Value& value);
  bool string(const FieldSchema& field, const Value& value);
  bool bytes(const Value& value);
  bool records(const Value& value);
  bool unknown_tagged(const Value& structure, std::vector<Tagged>& tagged);
  bool tagged_fields(std::vector<Tagged> tagged);

  template <std::integral T>
  bool integer(const Value& value);
  template <typename T>
  const T* expect(const Value& value, const char* wanted);
  bool length(std::size_t size);
  bool fail(std::string what) {
    error_ = std::move(what);
    return false;
  }

  std::string& bytes_;
  std::vector<Apart>* apart_;  // null: everything goes into bytes_
  ByteWriter writer_;
  const std::int16_t version_;
  const bool flexible_;
  ValuePath path_;
  std::string error_;
};

bool Encoder::structure(const std::vector<FieldSchema>& schema, const Value& structure) {
  if (expect<Value::Struct>(structure, "a struct") == nullptr || !known(schema, structure)) {
    return false;
  }
  std::vector<Tagged> tagged;
  for (const FieldSchema& field : schema) {
    const Value* given = structure.find(field.name);
    if (given == nullptr) given = &field.default_value;
    path_.enter(field.name);
    if (!field.versions.contains(version_)) {
      if (!absent(field, *given)) return false;
    } else if (!field.is_tagged()) {
      if (!value(field, *given)) return false;
    } else if (!field.is_default(*given)) {
      tagged.push_back({field.tag, &field, given});
    }
    path_.leave();
  }
  return unknown_tagged(structure, tagged) && (!flexible_ || tagged_fields(std::move(tagged)));
}

bool Encoder::known(const std::vector<FieldSchema>& schema, const Value& structure) {
  for (const Value::Field& field : structure.fields()) {
    path_.enter(field.name);
    const bool has = field.name == kTaggedFields ||
                     std::ranges::find(schema, field.name, &FieldSchema::name) != schema.end();
    if (!has) return fail("no such field in any version");
    if (structure.find(field.name) != &field.value) return fail("given twice");
    path_.leave();
  }
  return true;
}

bool Encoder::absent(const FieldSchema& field, const Value& value) {
  return field.ignorable || field.is_default(value) ||
         fail("this version has no such field, but a value is given for it");
}

bool Encoder::value(const FieldSchema& field, const Value& value) {
  const bool nullable = field.nullable.contains(version_);
  if (value.is_null() && nullable) return null(field);
  if (field.is_array) return array(field, value);
  if (field.type == Type::kStruct && nullable) writer_.integer<std::int8_t>(1);
  return single(field, value);
}

bool Encoder::null(const FieldSchema& field) {
  if (field.type == Type::kStruct && !field.is_array) {
    writer_.integer<std::int8_t>(-1);
  } else if (flexible_ && !field.inflexible) {
    writer_.unsigned_varint(0);
  } else if (field.type == Type::kString && !field.is_array) {
    writer_.integer<std::int16_t>(-1);
  } else {
    writer_.integer<std::int32_t>(-1);
  }
  return true;
}

bool Encoder::array(const FieldSchema& field, const Value& value) {
  const auto* elements = expect<Value::Array>(value, "an array");
  if (elements == nullptr || !length(elements->size())) return false;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    path_.enter(i);
    if (!single(field, (*elements)[i])) return false;
    path_.leave();
  }
  return true;
}

bool Encoder::single(const FieldSchema& field, const Value& value) {
  switch (field.type) {
    case Type::kBool: {
      const bool* flag = expect<bool>(value, "a bool");
      if (flag != nullptr) writer_.integer<std::int8_t>(*flag ? 1 : 0);
      return flag != nullptr;
    }
    case Type::kInt8:
      return integer<std::int8_t>(value);
    case Type::kInt16:
      return integer<std::int16_t>(value);
    case Type::kUint16:
      return integer<std::uint16_t>(value);
    case Type::kInt32:
      return integer<std::int32_t>(value);
    case Type::kInt64:
      return integer<std::int64_t>(value);
    case Type::kFloat64: {
      const double* real = expect<double>(value, "a float");
      if (real != nullptr) writer_.real(*real);
      return real != nullptr;
    }
    case Type::kUuid: {
      const Uuid* uuid = expect<Uuid>(value, "a uuid");
      if (uuid != nullptr) bytes_.append(uuid->begin(), uuid->end());
      return uuid != nullptr;
    }
    case Type::kString:
      return string(field, value);
    case Type::kBytes:
      return bytes(value);
    case Type::kRecords:
      return records(value);
    case Type::kStruct:
      break;
  }
  return structure(field.fields, value);
}

template <std::integral T>
bool Encoder::integer(const Value& value) {
  const auto* number = expect<std::int64_t>(value, "an integer");
  if (number == nullptr) return false;
  if (!std::in_range<T>(*number)) {
    return fail(std::to_string(*number) + " does not fit into " + std::to_string(sizeof(T) * 8) +
                " bits");
  }
  writer_.integer(static_cast<T>(*number));
  return true;
}

bool Encoder::string(const FieldSchema& field, const Value& value) {
  const auto* text = expect<std::string>(value, "a string");
  if (text == nullptr) return false;
  if (text->size() > kLongestString) return fail("a string of more than 32767 bytes");
  if (flexible_ && !field.inflexible) {
    writer_.unsigned_varint(text->size() + 1);
  } else {
    writer_.integer(static_cast<std::int16_t>(text->size()));
  }
  writer_.bytes(*text);
  return true;
}

bool Encoder::bytes(const Value& value) {
  const auto* bytes = expect<Value::Bytes>(value, "bytes");
  if (bytes == nullptr || !length(bytes->view.size())) return false;
  writer_.bytes(bytes->view);
  return true;
}

// No schema has records inside a tagged field, whose bytes are moved once they are written.
bool Encoder::records(const Value& value) {
  const auto* records = value.get_if<Value::Bytes>();
  if (apart_ == nullptr || records == nullptr || records->view.size() < kWorthABuffer) {
    return bytes(value);
  }
  if (!length(records->view.size())) return false;
  apart_->push_back({bytes_.size(), records->view});
  return true;
}

// Of everything but strings.
bool Encoder::length(std::size_t size) {
  if (size > kMostBytes) return fail("longer than 2147483647");
  if (flexible_) {
    writer_.unsigned_varint(size + 1);
  } else {
    writer_.integer(static_cast<std::int32_t>(size));
  }
  return true;
}

bool Encoder::unknown_tagged(const Value& structure, std::vector<Tagged>& tagged) {
  const Value* given = structure.find(kTaggedFields);
  if (given == nullptr) return true;
  path_.enter(kTaggedFields);
  if (!flexible_) return fail("this version has no tagged fields");
  const auto* elements = expect<Value::Array>(*given, "an array");
  if (elements == nullptr) return false;
  for (std::size_t i = 0; i < elements->size(); ++i) {
    path_.enter(i);
    const Value* tag = (*elements)[i].find("tag");
    const Value* data = (*elements)[i].find("data");
    const auto* number = tag == nullptr ? nullptr : tag->get_if<std::int64_t>();
    if (number == nullptr || !std::in_range<std::uint32_t>(*number) || data == nullptr ||
        data->get_if<Value::Bytes>() == nullptr) {
      return fail("not a {tag: number, data: bytes}");
    }
    tagged.push_back({*number, nullptr, data});
    path_.leave();
  }
  path_.leave();
  return true;
}

bool Encoder::tagged_fields(std::vector<Tagged> tagged) {
  std::ranges::sort(tagged, {}, &Tagged::tag);
  const auto twice = std::ranges::adjacent_find(tagged, {}, &Tagged::tag);
  if (twice != tagged.end()) return fail("tag " + std::to_string(twice->tag) + " is given twice");
  writer_.unsigned_varint(tagged.size());
  for (const Tagged& each : tagged) {
    writer_.unsigned_varint(static_cast<std::uint64_t>(each.tag));
    const std::size_t start = bytes_.size();
    if (each.field == nullptr) {
      writer_.bytes(each.value->as_bytes());
    } else {
      path_.enter(each.field->name);
      if (!value(*each.field, *each.value)) return false;
      path_.leave();
    }
    std::string size;
    ByteWriter(size).unsigned_varint(bytes_.size() - start);
    bytes_.insert(start, size);
  }
  return true;
}

template <typename T>
const T* Encoder::expect(const Value& value, const char* wanted) {
  const T* expected = value.get_if<T>();
  if (expected == nullptr) {
    fail(std::string(wanted) + " is wanted, not " + std::string(value.kind()));
  }
  return expected;
}

}  // namespace

cli::Result<void> encode_onto(std::string& out, const MessageSchema& schema, std::int16_t version,
                              const Value& message, std::vector<Apart>* apart) {
  Encoder encoder(out, version, schema.flexible.contains(version), apart);
  if (encoder.structure(schema.fields, message)) return {};
  return cli::fail("cannot write " + schema.name_at(version) + ": " + encoder.error(),
                   encoder.path());
}

}  // namespace ks::wire
