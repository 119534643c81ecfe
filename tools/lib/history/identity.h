#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/cli/crc32c_shift.h"

namespace ks::history {

// Who a record is: one attempt of one producer of one run. 48 bits of sequence last a producer
// 2,800 years at 3,000 records a second.
struct Identity {
  std::uint64_t run = 0;         // run_hash() of the run id
  std::uint16_t producer = 0;    // unique within the run
  std::uint64_t sequence = 0;    // from 0, below 2^48
  std::int64_t intended_ns = 0;  // wall clock: when the schedule wanted it sent

  bool operator==(const Identity&) const = default;
};

inline constexpr std::size_t kIdentityBytes = 32;
inline constexpr std::uint64_t kMostSequences = 1ULL << 48;
inline constexpr const char* kIdentityHeader = "ks-id";

std::uint64_t run_hash(std::string_view run_id);

// Identity at the front of a value that is at least kIdentityBytes long. Little-endian:
//   0  "KSI" and the version, 1
//   4  u32 CRC-32C of the whole value, with this field as zero
//   8  u64 run
//   16 u64 producer (upper 16 bits) and sequence (lower 48)
//   24 i64 intended send time, ns since 1970
void stamp(std::string& value, const Identity& identity);

// The same for a value of which all that follows the identity is known: its CRC-32C and, for its
// length, how to join it.
void stamp(char* value, const Identity& identity, std::uint32_t crc_of_rest,
           const cli::Crc32cShift& over_rest);

// The same 32 bytes for the record header `ks-id` of a value that must stay as the user gave it;
// the CRC covers these bytes, then the value.
std::string identity_header(const Identity& identity, std::string_view value);

enum class Integrity : std::uint8_t {
  kIntact,
  kCorrupt,  // carries our magic, but the CRC does not match the bytes
  kForeign,  // no identity: not sent by this toolkit
};

struct Stamped {
  Integrity integrity = Integrity::kForeign;
  Identity identity;  // meaningful when intact
};

Stamped read_stamp(std::string_view value);
Stamped read_stamp(std::string_view header, std::string_view value);

// A UUID (version 8) made of run, producer and sequence: equal for equal identities, different for
// different ones of a run.
std::string uuid(const Identity& identity);

}  // namespace ks::history
