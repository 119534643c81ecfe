#include "lib/history/identity.h"

#include <cstdio>
#include <cstring>

#include "lib/cli/crc32c.h"
#include "lib/cli/hash.h"

static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "identities are copied as little-endian");

namespace ks::history {
namespace {

constexpr std::size_t kCrcAt = 4;
constexpr std::size_t kAfterCrc = 8;
constexpr char kStart[kAfterCrc] = {'K', 'S', 'I', 1};  // the magic; the CRC's field is zero
constexpr int kSequenceBits = 48;

struct Layout {
  char magic[4];
  std::uint32_t crc;
  std::uint64_t run;
  std::uint64_t producer_and_sequence;
  std::int64_t intended_ns;
};
static_assert(sizeof(Layout) == kIdentityBytes);

Layout lay_out(const Identity& identity) {
  Layout out{};
  std::memcpy(out.magic, kStart, sizeof out.magic);
  out.run = identity.run;
  out.producer_and_sequence =
      static_cast<std::uint64_t>(identity.producer) << kSequenceBits | identity.sequence;
  out.intended_ns = identity.intended_ns;
  return out;
}

// Over the value as if its CRC field were zero; what it begins with is the same in each.
std::uint32_t crc_without_field(std::string_view stamped, std::string_view rest) {
  static const std::uint32_t start = cli::crc32c({kStart, sizeof kStart});
  return cli::crc32c(rest, cli::crc32c(stamped.substr(kAfterCrc), start));
}

Stamped read(std::string_view stamped, std::string_view rest) {
  if (stamped.size() < kIdentityBytes || std::memcmp(stamped.data(), kStart, kCrcAt) != 0) {
    return {};
  }
  Layout in;
  std::memcpy(&in, stamped.data(), sizeof in);
  if (in.crc != crc_without_field(stamped, rest)) return {Integrity::kCorrupt, {}};
  return {Integrity::kIntact,
          {in.run, static_cast<std::uint16_t>(in.producer_and_sequence >> kSequenceBits),
           in.producer_and_sequence & (kMostSequences - 1), in.intended_ns}};
}

void write_crc(std::string& stamped, std::string_view rest) {
  const std::uint32_t crc = crc_without_field(stamped, rest);
  std::memcpy(stamped.data() + kCrcAt, &crc, sizeof crc);
}

}  // namespace

std::uint64_t run_hash(std::string_view run_id) {
  std::uint64_t hash = cli::kFnv1aBasis;
  for (const char c : run_id) hash = cli::fnv1a(hash, static_cast<unsigned char>(c));
  return hash;
}

void stamp(std::string& value, const Identity& identity) {
  const Layout layout = lay_out(identity);
  std::memcpy(value.data(), &layout, sizeof layout);
  write_crc(value, {});
}

void stamp(char* value, const Identity& identity, std::uint32_t crc_of_rest,
           const cli::Crc32cShift& over_rest) {
  Layout layout = lay_out(identity);
  const std::string_view stamped(reinterpret_cast<const char*>(&layout), sizeof layout);
  layout.crc = over_rest.joined(crc_without_field(stamped, {}), crc_of_rest);
  std::memcpy(value, &layout, sizeof layout);
}

std::string identity_header(const Identity& identity, std::string_view value) {
  const Layout layout = lay_out(identity);
  std::string header(reinterpret_cast<const char*>(&layout), sizeof layout);
  write_crc(header, value);
  return header;
}

Stamped read_stamp(std::string_view value) { return read(value, {}); }

Stamped read_stamp(std::string_view header, std::string_view value) {
  if (header.size() != kIdentityBytes) return {};
  return read(header, value);
}

std::string uuid(const Identity& identity) {
  const std::uint64_t low =
      static_cast<std::uint64_t>(identity.producer) << kSequenceBits | identity.sequence;
  // 122 free bits: 58 of the run's hash, all 64 of producer and sequence.
  char text[40];
  std::snprintf(text, sizeof text, "%08x-%04x-8%03x-%04x-%012llx",
                static_cast<unsigned>(identity.run >> 32),
                static_cast<unsigned>(identity.run >> 16 & 0xffff),
                static_cast<unsigned>(identity.run >> 4 & 0xffc) | static_cast<unsigned>(low >> 62),
                static_cast<unsigned>(0x8000 | (low >> 48 & 0x3fff)),
                static_cast<unsigned long long>(low & (kMostSequences - 1)));
  return text;
}

}  // namespace ks::history
