#pragma once

#include <random>
#include <string>

#include "lib/wire/schema.h"
#include "lib/wire/value.h"

namespace ks::wire {

// Valid messages: every field that the version has is anything it may be, the others have their
// defaults. The same seed makes the same messages on every machine.
class RandomMessage {
 public:
  explicit RandomMessage(std::uint32_t seed) : random_(seed) {}

  Value of(const MessageSchema& schema, std::int16_t version) {
    return structure(schema.fields, version, schema.flexible.contains(version));
  }

 private:
  std::size_t below(std::size_t bound) { return random_() % bound; }
  bool one_in(std::size_t n) { return below(n) == 0; }

  std::int64_t integer(int bits, bool is_signed) {
    const std::uint64_t raw = random_();
    if (one_in(8)) return one_in(2) ? 0 : is_signed ? -1 : 1;
    return is_signed ? static_cast<std::int64_t>(raw) >> (64 - bits)
                     : static_cast<std::int64_t>(raw >> (64 - bits));
  }

  // Mostly short; some need a compact length of two bytes.
  std::string bytes() {
    std::string text(one_in(10) ? 130 + below(200) : below(20), '\0');
    for (char& c : text) c = static_cast<char>(random_());
    return text;
  }
  std::string text() {
    std::string text = bytes();
    for (char& c : text) c = static_cast<char>('!' + static_cast<unsigned char>(c) % 94);
    return one_in(4) ? text + "é" : text;
  }

  Value single(const FieldSchema& field, std::int16_t version, bool flexible) {
    switch (field.type) {
      case Type::kBool:
        return one_in(2);
      case Type::kInt8:
        return integer(8, true);
      case Type::kInt16:
        return integer(16, true);
      case Type::kUint16:
        return integer(16, false);
      case Type::kInt32:
        return integer(32, true);
      case Type::kInt64:
        return integer(64, true);
      case Type::kFloat64:
        return static_cast<double>(integer(32, true)) / 1024;
      case Type::kUuid: {
        Uuid uuid{};
        for (std::uint8_t& byte : uuid) byte = static_cast<std::uint8_t>(random_());
        return uuid;
      }
      case Type::kString:
        return text();
      case Type::kBytes:
      case Type::kRecords:
        return Value::owned_bytes(bytes());
      case Type::kStruct:
        break;
    }
    return structure(field.fields, version, flexible);
  }

  Value value(const FieldSchema& field, std::int16_t version, bool flexible) {
    if (!field.versions.contains(version)) return field.default_value;
    if (field.is_tagged() && one_in(3)) return field.default_value;
    if (field.nullable.contains(version) && one_in(5)) return nullptr;
    if (!field.is_array) return single(field, version, flexible);
    Value::Array elements;
    while (!one_in(3)) elements.push_back(single(field, version, flexible));
    return elements;
  }

  Value structure(const std::vector<FieldSchema>& schema, std::int16_t version, bool flexible) {
    Value::Struct fields;
    for (const FieldSchema& field : schema) {
      fields.emplace_back(field.name, value(field, version, flexible));
    }
    if (flexible && one_in(10)) {
      Value::Array unknown = {{{"tag", 100}, {"data", Value::owned_bytes(bytes())}},
                              {{"tag", 5000}, {"data", Value::owned_bytes(bytes())}}};
      fields.emplace_back(kTaggedFields, std::move(unknown));
    }
    return fields;
  }

  std::mt19937_64 random_;
};

}  // namespace ks::wire
