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

// Whether a start at `offset` is within the log, whose ends the broker gave; the error names them.
// The end itself is: the next record will have it.
cli::Result<void> check_in_log(const TopicPartition& at, std::int64_t offset,
                               std::int64_t beginning, std::int64_t end);

// The offset that the word means there. A time after the last record, like kLatest, means the end;
// a count that reaches before the beginning means the beginning. An offset outside the log is an
// error, and so is kCommitted: that is the group's business.
cli::Result<std::int64_t> resolve(Admin& admin, const TopicPartition& at, const OffsetWord& word,
                                  cli::Deadline deadline);

}  // namespace ks::client
