#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <random>
#include <string>
#include <vector>

#include "front.h"
#include "lib/wire/value.h"
#include "log_records.h"

namespace ks::lies {

// What a message says of one partition.
struct Part {
  std::int32_t partition = 0;
  wire::Value fields;              // without the records
  std::vector<LogRecord> records;  // of Produce requests and Fetch responses
  const wire::Value* asked;        // of a response: what the request said of it; may be null

  std::int64_t number(std::string_view field) const { return fields[field].as_int(); }
};

// What a broker says that is not so. Each function may change what passes; those that are empty
// leave it as it is. They are called one at a time.
struct Lie {
  using Change = std::function<void(Part&)>;
  Change produce;       // a Produce request
  Change produced;      // its response
  Change fetched;       // a Fetch response
  Change fetch;         // a Fetch request
  Change listed;        // a ListOffsets response
  Change committed;     // an OffsetCommit response
  Change commit_found;  // an OffsetFetch response
  // The records of a partition in a Fetch response, encoded.
  std::function<void(std::string&)> fetched_bytes;

  // What is sent to a client, all changes made. REQUIRES: `frame` is a response without its length.
  std::function<Persona::Sending(const Exchange&, std::string& frame)> answer;
  // Before anything is forwarded.
  std::function<Persona::Verdict(const Exchange&, std::string& frame)> request;
};

// The traffic that lies are made for: so many partitions, and so many records in each of them,
// the latter half of which comes when the first was acknowledged.
inline constexpr std::int32_t kPartitions = 3;
inline constexpr std::int64_t kRecords = 100;

// What a lie is about, from its seed alone.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : seed_(seed), random_(seed) {}

  // One of so many ways to tell a lie; that many seeds in a row choose each of them.
  std::size_t way(std::size_t ways) const { return seed_ % ways; }

  std::int64_t between(std::int64_t low, std::int64_t high) {  // both included
    return low + static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(high - low + 1));
  }
  std::int32_t partition() { return static_cast<std::int32_t>(between(0, kPartitions - 1)); }
  // One with some before it and some behind it.
  std::int64_t offset() { return between(kRecords / 10, kRecords * 8 / 10); }

 private:
  std::uint64_t seed_;
  std::mt19937_64 random_;
};

// Reads and writes anew every message that a lie may be about, told or not: an honest liar does to
// the bytes all that a lying one does, but does not lie.
class Liar final : public Persona {
 public:
  Liar(Lie lie, bool honest) : lie_(honest ? Lie() : std::move(lie)) {}

  Verdict on_request(const Exchange& exchange, std::string& bytes) override;
  Sending on_response(const Exchange& exchange, std::string& bytes) override;

 private:
  void rewrite_request(const Exchange& exchange, std::string& bytes);
  void rewrite_response(const Exchange& exchange, std::string& bytes);

  Lie lie_;
  std::mutex mutex_;
};

}  // namespace ks::lies
