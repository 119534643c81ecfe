#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/wire/message_set.h"
#include "lib/wire/record_batch.h"

namespace ks::wire {

// Reads the `records` that a Fetch response has of a partition, or a Produce request, or a segment
// of a log: batches and message sets of any magic, one after the other.
//
//   RecordReader reader;  // one for many responses: it keeps its buffers
//   reader.open(records);
//   while (true) {
//     const auto has_batch = reader.next_batch();
//     if (!has_batch) ...      // an error; the next call goes on behind that batch
//     if (!*has_batch) break;  // perhaps truncated()
//     Record record;
//     while (true) {
//       const auto has_record = reader.next(record);
//       if (!has_record) ...   // an error, which ends the batch
//       if (!*has_record) break;
//       ...                    // data, unless reader.batch().control
//     }
//     next_offset = reader.batch().last_offset + 1;
//   }
//
// Nothing is copied: a record's views point into the bytes given to open() or, in a compressed
// batch, into a buffer of the reader's, which next_batch() and open() use again. Errors name the
// field, the byte where reading it stopped, and the batch.
class RecordReader {
 public:
  // A batch that decompresses to more than that is an error.
  explicit RecordReader(std::size_t most_decompressed_bytes = kMostDecompressedBytes)
      : decompressor_(most_decompressed_bytes) {}

  // Without `check_crcs`, damage is found only where it makes a field impossible.
  void open(std::string_view records, bool check_crcs = true);

  // False at the end, and behind an error that leaves no way to find the next batch.
  cli::Result<bool> next_batch();

  // Once next_batch() was false: whether the bytes end within a batch. Brokers cut their answers
  // off at a number of bytes; to fetch from there again gets the batch whole.
  bool truncated() const { return truncated_; }

  // The current batch, or the last; after an error, as far as it could be read.
  const RecordBatch& batch() const { return batch_; }

  // The next record of the current batch; false behind its last.
  cli::Result<bool> next(Record& record);

 private:
  cli::Result<bool> open_batch(std::string_view bytes);
  cli::Result<bool> open_message(std::string_view bytes);
  cli::Result<bool> open_message_set(const Message& wrapper);
  void next_message(Record& record);
  tl::unexpected<cli::Error> malformed(const std::string& what, const std::string& field,
                                       std::size_t at);
  tl::unexpected<cli::Error> malformed(const ByteReader& in);  // what it failed at

  std::string_view records_;
  std::size_t at_ = 0;        // of the next batch
  std::size_t batch_at_ = 0;  // of the current one
  bool check_crcs_ = true;
  bool truncated_ = false;

  RecordBatch batch_;
  Decompressor decompressor_;
  bool decompressed_ = false;  // what body_ reads
  ByteReader body_{{}};        // the batch, or its decompressed records
  std::int32_t left_ = 0;      // records of the batch
  std::int64_t last_delta_ = -1;
  std::int64_t offset_shift_ = 0;  // from the offsets in a message set to those of the log
};

}  // namespace ks::wire
