#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/wire/message_set.h"
#include "lib/wire/record_batch.h"

namespace ks::wire {

// Reads what a Fetch response has as the `records` of a partition, or a Produce request, or a
// segment of a log: record batches and message sets, one after the other, of any magic.
//
//   RecordReader reader;  // one for many responses: it keeps its buffers
//   reader.open(records);
//   while (true) {
//     const auto has_batch = reader.next_batch();
//     if (!has_batch) ...          // an error; the next call goes on behind that batch
//     if (!*has_batch) break;      // reader.truncated() tells whether there was half a batch more
//     Record record;
//     while (true) {
//       const auto has_record = reader.next(record);
//       if (!has_record) ...       // an error; it ends the batch
//       if (!*has_record) break;
//       ...                        // perhaps reader.batch().control
//     }
//   }
//   // batch().last_offset + 1 is where to fetch next
//
// A record's views point into the bytes given to open(), or, where its batch is compressed, into a
// buffer of the reader's, which lasts until next_batch(), open() or the reader's end. An error has
// the field, its place in the bytes, and the batch.
class RecordReader {
 public:
  // A batch that decompresses to more is an error.
  explicit RecordReader(std::size_t most_decompressed_bytes = kMostDecompressedBytes)
      : decompressor_(most_decompressed_bytes) {}

  // Without `check_crcs`, changed bytes are found only where a field cannot be what it is.
  void open(std::string_view records, bool check_crcs = true);

  // False at the end. After an error that leaves no way to find the next batch, too.
  cli::Result<bool> next_batch();

  // Whether the bytes end inside of a batch, where a broker cut its answer off; that is normal.
  // Known once next_batch() was false.
  bool truncated() const { return truncated_; }

  // The current batch; also after it was found wrong, as far as it could be read.
  const RecordBatch& batch() const { return batch_; }

  // The next record of the current batch. False behind the last.
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
