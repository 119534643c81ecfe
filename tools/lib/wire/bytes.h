#pragma once

#include <bit>
#include <concepts>
#include <cstdint>
#include <cstring>
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
  void varint(std::int64_t value) {
    unsigned_varint(static_cast<std::uint64_t>(value) << 1 ^
                    static_cast<std::uint64_t>(value >> 63));
  }

  std::size_t size() const { return out_.size(); }

 private:
  std::string& out_;
};

// Reads what somebody else wrote. The first thing that does not fit is kept as the error, with its
// offset; every later read yields zeros and empty views, so a caller may read on and ask once.
// Views point into the bytes given, which must outlive them.
class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : bytes_(bytes) {}

  template <std::integral T>
  T integer() {
    T raw{};
    const std::string_view taken = bytes(sizeof raw);
    if (!ok()) return T{};
    std::memcpy(&raw, taken.data(), sizeof raw);
    return big_endian(raw);
  }
  double real() { return std::bit_cast<double>(integer<std::uint64_t>()); }

  std::string_view bytes(std::size_t count) {
    if (count > left()) fail("truncated");
    if (!ok()) return {};
    at_ += count;
    return bytes_.substr(at_ - count, count);
  }

  // At most 32 or 64 bits, in at most 5 or 10 bytes: more is an error.
  std::uint32_t unsigned_varint() { return variable<std::uint32_t>(); }
  std::int32_t varint() { return unzigzag<std::int32_t>(variable<std::uint32_t>()); }
  std::int64_t varlong() { return unzigzag<std::int64_t>(variable<std::uint64_t>()); }

  bool ok() const { return error_ == nullptr; }
  std::size_t offset() const { return at_; }
  std::size_t left() const { return bytes_.size() - at_; }

  // `what` must outlive the reader: a literal. Only the first is kept.
  void fail(const char* what) {
    if (ok()) error_ = what;
  }
  const char* error() const { return error_; }

 private:
  template <std::unsigned_integral T>
  T variable() {
    T value = 0;
    for (unsigned shift = 0; shift < sizeof(T) * 8; shift += 7) {
      const auto byte = integer<std::uint8_t>();
      if (!ok()) return 0;
      const T bits = byte & 0x7f;
      if (static_cast<T>(bits << shift) >> shift != bits) break;
      value |= static_cast<T>(bits << shift);
      if (byte < 0x80) return value;
    }
    fail("variable-length integer too long");
    return 0;
  }
  template <std::signed_integral T, std::unsigned_integral U>
  static T unzigzag(U value) {
    return static_cast<T>(value >> 1) ^ -static_cast<T>(value & 1);
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  const char* error_ = nullptr;
};

}  // namespace ks::wire
