#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/wire/record_batch_reader.h"

namespace ks::test {

struct LoggedRecord {
  std::optional<std::string> key;
  std::optional<std::string> value;
  std::vector<std::pair<std::string, std::string>> headers;
  wire::RecordBatch batch;  // the one it came in
};

// A partition's log that takes an idempotent producer's batches as Kafka does: each once, in the
// order of their sequences, and any sequence of a producer that it does not know.
class FakeLog {
 public:
  struct Appended {
    std::int16_t error_code = 0;
    std::int64_t base_offset = -1;
  };
  Appended append(std::string_view batches);

  const std::vector<LoggedRecord>& records() const { return records_; }
  void forget_producers() { producers_.clear(); }

 private:
  struct Batch {
    std::int32_t base_sequence;
    std::int32_t records;
    std::int64_t base_offset;
  };
  struct Producer {
    std::int16_t epoch = -1;
    std::deque<Batch> last;  // at most five, as Kafka keeps them
  };

  // What to answer instead of writing the batch; nothing: it is the next.
  std::optional<Appended> refuse(const wire::RecordBatch& batch);

  std::vector<LoggedRecord> records_;
  std::map<std::int64_t, Producer> producers_;
};

}  // namespace ks::test
