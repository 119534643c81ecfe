#pragma once

#include <cstdint>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/client/client.h"

namespace ks::client {

// A place in a partition as kcat's -o writes it.
struct OffsetWord {
  enum class Kind { kEarliest, kLatest, kCommitted, kTimestamp, kNumber, kBeforeEnd };
  Kind kind = Kind::kLatest;
  std::int64_t value = 0;  // kTimestamp: ms since 1970; kNumber: the offset; kBeforeEnd: how many
};

// "beginning", "end", "stored", "s@MS", "N" or "-N".
cli::Result<OffsetWord> parse_offset_word(std::string_view text);

// The offset that the word means there. A time after the last record, like kLatest, means the end;
// before the beginning there is nothing; kCommitted is the group's business and an error.
cli::Result<std::int64_t> resolve(Admin& admin, const TopicPartition& at, const OffsetWord& word,
                                  cli::Deadline deadline);

}  // namespace ks::client
