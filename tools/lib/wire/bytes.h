#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

// The primitive types of Kafka's protocol (protocol guide, "Protocol Primitive Types"): big-endian
// integers, variable-length integers of seven bits a byte, zig-zag where they are signed.
namespace ks::wire {

template <std::integral T>
constexpr T big_endian(T value) {
  if constexpr (sizeof(T) == 1 || std::endian::native == std::endian::big) {
    return value;
  } else if constexpr (sizeof(T) == 2) {
    return static_cast<T>(__builtin_bswap16(static_cast<std::uint16_t>(value)));
  } else if constexpr (sizeof(T) == 4) {
    return static_cast<T>(__builtin_bswap32(static_cast<std::uint32_t>(value)));
  } else {
    return static_cast<T>(__builtin_bswap64(static_cast<std::uint64_t>(value)));
  }
}

constexpr std::uint64_t zigzag(std::int64_t value) {
  return static_cast<std::uint64_t>(value) << 1 ^ static_cast<std::uint64_t>(value >> 63);
}

// How many bytes ByteWriter::varint() takes for `value`.
constexpr std::size_t varint_bytes(std::int64_t value) {
  return (static_cast<std::size_t>(std::bit_width(zigzag(value) | 1)) + 6) / 7;
}

// Appends to a string that the caller owns.
class ByteWriter {
 public:
  explicit ByteWriter(std::string& out) : out_(out) {}

  template <std::integral T>
  void integer(T value) {
    const T raw = big_endian(value);
    out_.append(reinterpret_cast<const char*>(&raw), sizeof raw);
  }
  void real(double value) { integer(std::bit_cast<std::uint64_t>(value)); }
  void bytes(std::string_view bytes) { out_ += bytes; }

  void unsigned_varint(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(value | 0x80));
    out_.push_back(static_cast<char>(value));
  }
  void varint(std::int64_t value) { unsigned_varint(zigzag(value)); }

  std::size_t size() const { return out_.size(); }

 private:
  std::string& out_;
};

// Reads what somebody else wrote. The first thing that does not fit is kept as the error, with its
// offset and the name that the caller gave the field; every later read yields zeros and empty
// views, so a caller may read on and ask once. Names are literals. Views point into the bytes
// given, which must outlive them.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes)
      : begin_(bytes.data()), at_(begin_), end_(begin_ + bytes.size()) {}

  template <std::integral T>
  T integer(const char* field = "") {
    T raw{};
    if (left() < sizeof raw) {
      fail("truncated", field);
      return raw;
    }
    std::memcpy(&raw, at_, sizeof raw);
    at_ += sizeof raw;
    return big_endian(raw);
  }
  double real(const char* field = "") {
    return std::bit_cast<double>(integer<std::uint64_t>(field));
  }

  std::string_view bytes(std::size_t count, const char* field = "") {
    if (left() < count) {
      fail("truncated", field);
      return {};
    }
    at_ += count;
    return {at_ - count, count};
  }

  // As many bytes as a length says that was read just before; -1 is null.
  std::optional<std::string_view> nullable(std::int32_t length, const char* field = "") {
    if (length == -1) return std::nullopt;
    if (length < 0) fail("negative", field);
    return bytes(static_cast<std::size_t>(length), field);
  }

  // At most 32 or 64 bits, in at most 5 or 10 bytes: more is an error.
  std::uint32_t unsigned_varint(const char* field = "") { return variable<std::uint32_t>(field); }
  std::int32_t varint(const char* field = "") {
    return unzigzag<std::int32_t>(variable<std::uint32_t>(field));
  }
  std::int64_t varlong(const char* field = "") {
    return unzigzag<std::int64_t>(variable<std::uint64_t>(field));
  }

  bool ok() const { return error_ == nullptr; }
  std::size_t offset() const { return static_cast<std::size_t>(at_ - begin_); }
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  std::string_view rest() const { return {at_, left()}; }

  // `what` and `field` must outlive the reader: literals. Only the first is kept.
  void fail(const char* what, const char* field = "") {
    if (!ok()) return;
    error_ = what;
    field_ = field;
    end_ = at_;  // nothing fits any more
  }
  const char* error() const { return error_; }
  const char* field() const { return field_; }

 private:
  template <std::unsigned_integral T>
  T variable(const char* field) {
    if (at_ != end_ && (*at_ & 0x80) == 0) return static_cast<std::uint8_t>(*at_++);
    return long_variable<T>(field);
  }
  template <std::unsigned_integral T>
  T long_variable(const char* field) {
    T value = 0;
    for (unsigned shift = 0; shift < sizeof(T) * 8; shift += 7) {
      const auto byte = integer<std::uint8_t>(field);
      if (!ok()) return 0;
      const T bits = byte & 0x7f;
      if (static_cast<T>(bits << shift) >> shift != bits) break;
      value |= static_cast<T>(bits << shift);
      if (byte < 0x80) return value;
    }
    fail("variable-length integer too long", field);
    return 0;
  }
  template <std::signed_integral T, std::unsigned_integral U>
  static T unzigzag(U value) {
    return static_cast<T>(value >> 1) ^ -static_cast<T>(value & 1);
  }

  const char* begin_;
  const char* at_;
  const char* end_;
  const char* error_ = nullptr;
  const char* field_ = "";
};

}  // namespace ks::wire
