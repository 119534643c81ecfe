#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/store/damage.h"
#include "lib/target/object_store.h"
#include "lib/wire/record_batch_reader.h"

// What KafScale keeps of a partition in the object store, in objects of two kinds, big-endian
// (measured on KafScale 1.6.0):
//   segment-<base offset, 20 digits>.kfs    32 bytes: "KAFS", u16 version 1, u16 flags, i64 base
//                                           offset, i32 record count, i64 created (ms since 1970),
//                                           u32 0; record batches of Kafka's format; 16 bytes: u32
//                                           CRC-32C of the batches, i64 last offset, "END!"
//   segment-<base offset, 20 digits>.index  16 bytes: "IDX\0", u16 version 1, i32 entry count,
//                                           i32 interval in records, u16 0; entries of i64 offset
//                                           and i32 position in the segment: of the first batch,
//                                           and then of the first one after so many records
namespace ks::store {

// Takes what is in the segments, in their order.
class RecordSink {
 public:
  virtual ~RecordSink() = default;
  // A segment that begins at this offset.
  virtual void on_segment(std::int64_t base_offset) = 0;
  // Valid during the call.
  virtual void on_record(const wire::Record& record) = 0;
  // Records that cannot be read, though their batch says that they are there.
  virtual void on_unreadable(std::int64_t first_offset, std::int64_t last_offset) = 0;
};

// What a segment holds. Nothing where not even its header can be read.
struct Segment {
  std::int64_t base_offset = 0;
  std::int64_t last_offset = 0;
  std::uint64_t records = 0;
};

// Reads the segment of an object that should begin at `base_offset`, with its index: what is wrong
// with them is damage; an error is that the store does not give them.
class SegmentReader {
 public:
  SegmentReader(target::ObjectStore& store, Damages& damages) : store_(store), damages_(damages) {}

  // `index`: nothing where there is none.
  cli::Result<std::optional<Segment>> read(const target::StoredObject& object,
                                           const std::optional<target::StoredObject>& index,
                                           std::int64_t base_offset, RecordSink& sink);

 private:
  struct Reading;  // of one segment

  bool read_header(Reading& reading, std::string_view header);
  cli::Result<void> read_index(Reading& reading, const target::StoredObject& object);
  cli::Result<void> read_batches(Reading& reading);
  void read_batch(Reading& reading, std::string_view bytes);
  void read_records(Reading& reading, std::string_view bytes);
  void compare_index(Reading& reading, std::int64_t base_offset);
  void judge_footer(Reading& reading, std::string_view footer);

  target::ObjectStore& store_;
  Damages& damages_;
  wire::RecordReader records_;
};

}  // namespace ks::store
