#include "lib/wire/value_json.h"

#include <algorithm>
#include <optional>

#include "lib/wire/value_path.h"

namespace ks::wire {
namespace {

using Json = nlohmann::ordered_json;

struct Base64 {
  std::string_view digits;
  bool padded;
};
constexpr Base64 kBase64 = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                            true};
constexpr Base64 kUrlSafe = {"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_",
                             false};

std::string to_base64(const Base64& base64, std::string_view bytes) {
  std::string text;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char byte : bytes) {
    bits = bits << 8 | static_cast<std::uint8_t>(byte);
    for (count += 8; count >= 6; count -= 6) text += base64.digits[bits >> (count - 6) & 0x3f];
  }
  if (count > 0) text += base64.digits[bits << (6 - count) & 0x3f];
  while (base64.padded && text.size() % 4 != 0) text += '=';
  return text;
}

// Nothing where a digit is none, the padding is wrong, or the last digit has bits that no byte
// takes.
std::optional<std::string> from_base64(const Base64& base64, std::string_view text) {
  if (base64.padded) {
    if (text.size() % 4 != 0) return std::nullopt;
    for (int i = 0; i < 2 && text.ends_with('='); ++i) text.remove_suffix(1);
  }
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char digit : text) {
    const std::size_t value = base64.digits.find(digit);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> count);
  }
  const bool whole = count < 6 && (bits & ((1U << count) - 1)) == 0;
  return whole ? std::optional(bytes) : std::nullopt;
}

Json struct_to_json(const std::vector<FieldSchema>& schema, std::int16_t version,
                    const Value& structure);

Json single_to_json(const FieldSchema& field, std::int16_t version, const Value& value) {
  if (value.is_null()) return nullptr;
  switch (field.type) {
    case Type::kBool:
      return value.as_bool();
    case Type::kFloat64:
      return value.as_double();
    case Type::kUuid: {
      const Uuid& uuid = value.as_uuid();
      return to_base64(kUrlSafe, {reinterpret_cast<const char*>(uuid.data()), uuid.size()});
    }
    case Type::kString:
      return value.as_string();
    case Type::kBytes:
    case Type::kRecords:
      return to_base64(kBase64, value.as_bytes());
    case Type::kStruct:
      return struct_to_json(field.fields, version, value);
    default:
      return value.as_int();
  }
}

Json field_to_json(const FieldSchema& field, std::int16_t version, const Value& value) {
  if (!field.is_array || value.is_null()) return single_to_json(field, version, value);
  Json array = Json::array();
  for (const Value& each : value.items()) array.push_back(single_to_json(field, version, each));
  return array;
}

Json struct_to_json(const std::vector<FieldSchema>& schema, std::int16_t version,
                    const Value& structure) {
  Json object = Json::object();
  for (const FieldSchema& field : schema) {
    if (!field.versions.contains(version)) continue;
    const Value* given = structure.find(field.name);
    const Value& value = given == nullptr ? field.default_value : *given;
    if (field.is_tagged() && field.is_default(value)) continue;
    object[std::string(field.name)] = field_to_json(field, version, value);
  }
  if (const Value* unknown = structure.find(kTaggedFields)) {
    object[std::string(kTaggedFields)] = field_to_json(tagged_fields_schema(), 0, *unknown);
  }
  return object;
}

// From the first thing that does not fit, error_ tells it and the path stays where it was.
class Reader {
 public:
  Value structure(const std::vector<FieldSchema>& schema, const Json& json);
  bool ok() const { return error_.empty(); }
  cli::Error error() const { return {error_, path_.text(), {}}; }

 private:
  Value value(const FieldSchema& field, const Json& json);
  Value single(const FieldSchema& field, const Json& json);
  Value integer(const Json& json);
  Value bytes(const Json& json);
  Value uuid(const Json& json);
  Value unfit(std::string what) {
    if (ok()) error_ = std::move(what);
    return {};
  }
  Value unfit(const char* wanted, const Json& json) {
    return unfit(std::string(wanted) + " is wanted, not " + json.type_name());
  }

  ValuePath path_;
  std::string error_;
};

Value Reader::structure(const std::vector<FieldSchema>& schema, const Json& json) {
  if (!json.is_object()) return unfit("an object", json);
  Value::Struct fields;
  for (const auto& [name, each] : json.items()) {
    path_.enter(name);
    const bool unknown_tagged = name == kTaggedFields;
    const auto known = std::ranges::find(schema, name, &FieldSchema::name);
    if (!unknown_tagged && known == schema.end()) return unfit("no such field");
    const FieldSchema& field = unknown_tagged ? tagged_fields_schema() : *known;
    fields.emplace_back(field.name, value(field, each));
    if (!ok()) return {};
    path_.leave();
  }
  return fields;
}

Value Reader::value(const FieldSchema& field, const Json& json) {
  if (json.is_null()) return nullptr;
  if (!field.is_array) return single(field, json);
  if (!json.is_array()) return unfit("an array", json);
  Value::Array elements;
  for (const Json& each : json) {
    path_.enter(elements.size());
    elements.push_back(single(field, each));
    if (!ok()) return {};
    path_.leave();
  }
  return elements;
}

Value Reader::single(const FieldSchema& field, const Json& json) {
  switch (field.type) {
    case Type::kBool:
      return json.is_boolean() ? json.get<bool>() : unfit("a boolean", json);
    case Type::kFloat64:
      return json.is_number() ? json.get<double>() : unfit("a number", json);
    case Type::kUuid:
      return uuid(json);
    case Type::kString:
      return json.is_string() ? json.get<std::string>() : unfit("a string", json);
    case Type::kBytes:
    case Type::kRecords:
      return bytes(json);
    case Type::kStruct:
      return structure(field.fields, json);
    default:
      return integer(json);
  }
}

Value Reader::integer(const Json& json) {
  if (!json.is_number_integer()) return unfit("an integer", json);
  if (json.is_number_unsigned() && !std::in_range<std::int64_t>(json.get<std::uint64_t>())) {
    return unfit("an integer of more than 64 bits");
  }
  return json.get<std::int64_t>();
}

Value Reader::bytes(const Json& json) {
  if (!json.is_string()) return unfit("a string of base64", json);
  auto bytes = from_base64(kBase64, json.get_ref<const std::string&>());
  return bytes ? Value::owned_bytes(std::move(*bytes)) : unfit("not base64");
}

Value Reader::uuid(const Json& json) {
  if (!json.is_string()) return unfit("a string with a uuid", json);
  Uuid uuid{};
  const auto bytes = from_base64(kUrlSafe, json.get_ref<const std::string&>());
  if (!bytes || bytes->size() != uuid.size()) {
    return unfit("not a uuid: 22 characters of URL-safe base64");
  }
  std::ranges::copy(*bytes, uuid.begin());
  return uuid;
}

}  // namespace

nlohmann::ordered_json to_json(const MessageSchema& schema, std::int16_t version,
                               const Value& message) {
  return struct_to_json(schema.fields, version, message);
}

cli::Result<Value> from_json(const MessageSchema& schema, const nlohmann::ordered_json& json) {
  Reader reader;
  Value message = reader.structure(schema.fields, json);
  if (reader.ok()) return message;
  return tl::make_unexpected(reader.error());
}

}  // namespace ks::wire
