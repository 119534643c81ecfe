#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/client/client.h"
#include "lib/wire/record_batch_builder.h"

namespace ks::client {

// Who an idempotent producer is to the broker (KIP-98).
struct ProducerEpoch {
  std::int64_t producer_id = -1;  // -1: nobody yet
  std::int16_t epoch = -1;

  bool operator==(const ProducerEpoch&) const = default;
};

// What an idempotent producer's batch says of itself; the broker refuses a gap, and knows a second
// copy (protocol guide, Record Batch).
struct Sequence {
  ProducerEpoch of;
  std::int32_t base = -1;  // of the first record; -1: none was given yet
};

// Records of one partition that are sent, answered and delivered together.
struct ProduceBatch {
  // What is kept for the next batch.
  struct Buffers {
    explicit Buffers(std::size_t bytes = 0) : records(bytes) {}
    wire::RecordBatchBuilder records;
    std::vector<std::uint64_t> tokens;  // one for each record
  };

  std::int32_t partition = 0;
  std::uint64_t position = 0;  // among the batches of its partition
  std::unique_ptr<Buffers> buffers;
  cli::Deadline due;         // from then on it may be sent without being full
  cli::Deadline expires;     // it is sent and retried until then
  bool is_complete = false;  // no record may be added

  // ---- attempts

  Sequence sequence;
  std::string_view encoded;    // what the records were finished to; empty: not yet
  std::uint32_t attempts = 0;  // requests it was sent in
  bool maybe_written = false;  // nobody knows what became of one of them
  int error_code = 0;          // why the last one did not succeed, as in Delivery
  std::string error;

  // ---- the end

  Outcome outcome = Outcome::kUnknown;
  std::int64_t base_offset = -1;                      // of the first record; -1: not known
  std::map<std::int32_t, std::string> record_errors;  // of the records that the broker refused

  std::size_t record_count() const { return buffers->tokens.size(); }
};

}  // namespace ks::client
