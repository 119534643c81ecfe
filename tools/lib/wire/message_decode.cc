#include "lib/wire/message_decode.h"

#include <algorithm>
#include <array>

#include "lib/wire/value_path.h"

namespace ks::wire {
namespace {

constexpr std::int64_t kNull = -1;
constexpr std::int64_t kLongestString = 0x7fff;

// Reads one message by its schema. From the first thing that does not fit, `in_` has the error, the
// path stays where it was, and what is returned is worth nothing.
class Decoder {
 public:
  Decoder(ByteReader& in, std::int16_t version, bool flexible)
      : in_(in), version_(version), flexible_(flexible) {}

  Value structure(const std::vector<FieldSchema>& schema);
  std::string path() const { return path_.text(); }

 private:
  Value value(const FieldSchema& field);
  Value array(const FieldSchema& field);
  Value single(const FieldSchema& field, bool nullable);
  Value string(const FieldSchema& field, bool nullable);
  Value bytes(bool nullable);
  bool is_null_struct();
  void tagged_fields(const std::vector<FieldSchema>& schema, Value::Struct& fields);
  void tagged_field(const FieldSchema& field, std::size_t size, Value& read);

  std::int64_t length(std::int64_t wire_length, bool nullable);
  std::int64_t length_of_bytes(bool nullable);
  std::size_t least_size(const FieldSchema& field) const;
  std::size_t least_size_of_one(const FieldSchema& field) const;

  ByteReader& in_;
  const std::int16_t version_;
  const bool flexible_;
  ValuePath path_;
};

Value Decoder::structure(const std::vector<FieldSchema>& schema) {
  Value::Struct fields;
  fields.reserve(schema.size());
  for (const FieldSchema& field : schema) {
    if (field.is_tagged() || !field.versions.contains(version_)) {
      fields.emplace_back(field.name, field.default_value);
      continue;
    }
    path_.enter(field.name);
    fields.emplace_back(field.name, value(field));
    if (!in_.ok()) return {};
    path_.leave();
  }
  if (flexible_) tagged_fields(schema, fields);
  return fields;
}

Value Decoder::value(const FieldSchema& field) {
  return field.is_array ? array(field) : single(field, field.nullable.contains(version_));
}

Value Decoder::array(const FieldSchema& field) {
  const std::int64_t length = length_of_bytes(field.nullable.contains(version_));
  if (length == kNull) return {};
  const auto count = static_cast<std::size_t>(length);
  if (count > in_.left() / std::max<std::size_t>(1, least_size_of_one(field))) {
    in_.fail("more elements than the bytes left can hold");
    return {};
  }
  Value::Array elements;
  elements.reserve(count);
  while (elements.size() < count) {
    path_.enter(elements.size());
    elements.push_back(single(field, false));
    if (!in_.ok()) return {};
    path_.leave();
  }
  return elements;
}

Value Decoder::single(const FieldSchema& field, bool nullable) {
  switch (field.type) {
    case Type::kBool:
      return in_.integer<std::int8_t>() != 0;  // "any non-zero value is considered true"
    case Type::kInt8:
      return in_.integer<std::int8_t>();
    case Type::kInt16:
      return in_.integer<std::int16_t>();
    case Type::kUint16:
      return in_.integer<std::uint16_t>();
    case Type::kInt32:
      return in_.integer<std::int32_t>();
    case Type::kInt64:
      return in_.integer<std::int64_t>();
    case Type::kFloat64:
      return in_.real();
    case Type::kUuid: {
      Uuid uuid{};
      const std::string_view raw = in_.bytes(uuid.size());
      std::ranges::copy(raw, uuid.begin());
      return uuid;
    }
    case Type::kString:
      return string(field, nullable);
    case Type::kBytes:
    case Type::kRecords:
      return bytes(nullable);
    case Type::kStruct:
      break;
  }
  return nullable && is_null_struct() ? Value() : structure(field.fields);
}

Value Decoder::string(const FieldSchema& field, bool nullable) {
  const bool compact = flexible_ && !field.inflexible;
  const std::int64_t size =
      compact ? length_of_bytes(nullable) : length(in_.integer<std::int16_t>(), nullable);
  if (size > kLongestString) in_.fail("a string of more than 32767 bytes");
  if (size == kNull) return {};
  return in_.bytes(static_cast<std::size_t>(size));
}

Value Decoder::bytes(bool nullable) {
  const std::int64_t size = length_of_bytes(nullable);
  if (size == kNull) return {};
  return Value::bytes(in_.bytes(static_cast<std::size_t>(size)));
}

// After an error, too.
bool Decoder::is_null_struct() {
  const auto mark = in_.integer<std::int8_t>();
  if (mark != -1 && mark != 1) in_.fail("neither null (-1) nor a struct (1)");
  return mark != 1;
}

// A length as it is on the wire, checked; kNull after an error, too.
std::int64_t Decoder::length(std::int64_t wire_length, bool nullable) {
  if (wire_length < kNull) in_.fail("negative length");
  if (wire_length == kNull && !nullable) in_.fail("null where it may not be");
  return in_.ok() ? wire_length : kNull;
}

std::int64_t Decoder::length_of_bytes(bool nullable) {
  return length(flexible_ ? std::int64_t{in_.unsigned_varint()} - 1 : in_.integer<std::int32_t>(),
                nullable);
}

void Decoder::tagged_fields(const std::vector<FieldSchema>& schema, Value::Struct& fields) {
  path_.enter(kTaggedFields);
  Value::Array unknown;
  std::int64_t last_tag = -1;
  for (std::uint32_t left = in_.unsigned_varint(); left > 0 && in_.ok(); --left) {
    const std::uint32_t tag = in_.unsigned_varint();
    const std::uint32_t size = in_.unsigned_varint();
    if (std::int64_t{tag} <= last_tag) in_.fail("tags are not in ascending order");
    last_tag = tag;
    const auto known = std::ranges::find_if(schema, [&](const FieldSchema& field) {
      return field.tag == std::int64_t{tag} && field.versions.contains(version_);
    });
    if (known == schema.end()) {
      unknown.push_back({{"tag", tag}, {"data", Value::bytes(in_.bytes(size))}});
    } else {
      tagged_field(*known, size, fields[static_cast<std::size_t>(known - schema.begin())].value);
    }
  }
  if (!in_.ok()) return;
  path_.leave();
  if (!unknown.empty()) fields.emplace_back(kTaggedFields, std::move(unknown));
}

void Decoder::tagged_field(const FieldSchema& field, std::size_t size, Value& read) {
  const std::size_t end = in_.offset() + size;
  path_.enter(field.name);
  read = value(field);
  if (in_.ok() && in_.offset() != end) in_.fail("a tagged field of another size than it says");
  if (in_.ok()) path_.leave();
}

// The fewest bytes that a field can have in this version.
std::size_t Decoder::least_size(const FieldSchema& field) const {
  if (field.is_array) return flexible_ ? 1 : 4;
  const bool may_be_null = field.type == Type::kStruct && field.nullable.contains(version_);
  return may_be_null ? 1 : least_size_of_one(field);
}

std::size_t Decoder::least_size_of_one(const FieldSchema& field) const {
  constexpr std::array<std::size_t, 8> kFixed = {1, 1, 2, 2, 4, 8, 8, 16};  // bool to uuid
  if (field.type < Type::kString) return kFixed.at(static_cast<std::size_t>(field.type));
  if (field.type == Type::kString) return flexible_ ? 1 : 2;
  if (field.type != Type::kStruct) return flexible_ ? 1 : 4;
  std::size_t size = flexible_ ? 1 : 0;
  for (const FieldSchema& each : field.fields) {
    if (each.versions.contains(version_) && !each.is_tagged()) size += least_size(each);
  }
  return size;
}

}  // namespace

cli::Result<Value> decode_from(ByteReader& in, const MessageSchema& schema, std::int16_t version) {
  const std::size_t size = in.offset() + in.left();
  Decoder decoder(in, version, schema.flexible.contains(version));
  Value message = decoder.structure(schema.fields);
  if (in.ok()) return message;
  return cli::fail(
      "malformed " + schema.name_at(version) + ": " + in.error(),
      decoder.path() + " at byte " + std::to_string(in.offset()) + " of " + std::to_string(size));
}

}  // namespace ks::wire
