#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/cli/error.h"
#include "lib/wire/record_batch_builder.h"

namespace ks::lies {

// A record of a partition's log, owned, to be changed and put back.
struct LogRecord {
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = wire::kNoTimestamp;
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::optional<std::string>>> headers;
  std::size_t batch = 0;    // number of its batch in the message
  wire::BatchOptions said;  // what the batch's header says; the sequence is the record's own

  // Takes what `other` says, not where it stands.
  void say(const LogRecord& other) {
    key = other.key;
    value = other.value;
    headers = other.headers;
  }
};

// The records of all whole batches; an error where one cannot be read.
cli::Result<std::vector<LogRecord>> read_log(std::string_view batches);

// A batch for each run of records that came in one batch and whose offsets follow each other.
cli::Result<std::string> write_log(const std::vector<LogRecord>& records);

}  // namespace ks::lies
