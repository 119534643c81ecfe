#include "lib/store/segment.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "lib/cli/crc32c.h"
#include "lib/store/object_stream.h"
#include "lib/wire/bytes.h"

namespace ks::store {
namespace {

constexpr std::string_view kSegmentMagic = "KAFS";
constexpr std::string_view kFooterMagic = "END!";
constexpr std::string_view kIndexMagic{"IDX\0", 4};
constexpr std::uint16_t kVersion = 1;
constexpr std::size_t kHeaderBytes = 32;
constexpr std::size_t kFooterBytes = 16;
constexpr std::size_t kIndexHeaderBytes = 16;
constexpr std::size_t kIndexEntryBytes = 12;

// Far above what a broker takes; a larger one is damage, found before anything is allocated.
constexpr std::uint64_t kMostBatchBytes = 128UL << 20;
constexpr std::uint64_t kMostIndexBytes = 64UL << 20;

struct IndexEntry {
  std::int64_t offset = 0;
  std::uint64_t position = 0;
};

std::string at(std::uint64_t position) { return " at position " + std::to_string(position); }

}  // namespace

struct SegmentReader::Reading {
  const std::string& key;
  ObjectStream stream;
  RecordSink& sink;
  Segment segment{};
  std::int32_t promised_records = 0;
  std::uint32_t crc = 0;  // of the batches so far
  std::optional<std::uint64_t>
      cut_at{};             // a batch of an impossible length: nothing behind is found
  bool is_damaged = false;  // a batch is, which explains a wrong count and CRC of the whole
  std::vector<IndexEntry> index{};
  std::size_t next_entry = 0;
};

cli::Result<std::optional<Segment>> SegmentReader::read(
    const target::StoredObject& object, const std::optional<target::StoredObject>& index,
    std::int64_t base_offset, RecordSink& sink) {
  if (object.bytes < kHeaderBytes + kFooterBytes) {
    damages_.found(DamageType::kTruncatedSegment, object.key + " has no room for its header");
    return std::nullopt;
  }
  Reading reading{.key = object.key, .stream = ObjectStream(store_, object), .sink = sink};
  const auto header = reading.stream.peek(kHeaderBytes);
  if (!header) return tl::make_unexpected(header.error());
  if (!read_header(reading, *header)) return std::nullopt;
  reading.stream.skip(kHeaderBytes);
  if (reading.segment.base_offset != base_offset) {
    damages_.found(DamageType::kSwappedSegment, object.key + " holds that of offset " +
                                                    std::to_string(reading.segment.base_offset));
  }
  if (!index) {
    damages_.found(DamageType::kMissingIndex, "of " + object.key);
  } else if (auto read = read_index(reading, *index); !read) {
    return tl::make_unexpected(read.error());
  }
  sink.on_segment(reading.segment.base_offset);
  if (auto read = read_batches(reading); !read) return tl::make_unexpected(read.error());
  reading.stream.skip(reading.stream.left() - kFooterBytes);
  const auto footer = reading.stream.peek(kFooterBytes);
  if (!footer) return tl::make_unexpected(footer.error());
  judge_footer(reading, *footer);
  return reading.segment;
}

bool SegmentReader::read_header(Reading& reading, std::string_view header) {
  wire::ByteReader in(header);
  const bool is_segment = in.bytes(kSegmentMagic.size()) == kSegmentMagic;
  const auto version = in.integer<std::uint16_t>();
  if (!is_segment || version != kVersion) {
    damages_.found(DamageType::kBadHeader,
                   reading.key + (is_segment ? " has version " + std::to_string(version)
                                             : " does not begin with KAFS"));
    return false;
  }
  in.integer<std::uint16_t>();  // flags
  reading.segment.base_offset = in.integer<std::int64_t>();
  reading.promised_records = in.integer<std::int32_t>();
  reading.segment.last_offset = reading.segment.base_offset - 1;
  return true;
}

cli::Result<void> SegmentReader::read_index(Reading& reading, const target::StoredObject& object) {
  if (object.bytes < kIndexHeaderBytes || object.bytes > kMostIndexBytes) {
    damages_.found(DamageType::kBadIndex,
                   object.key + " has " + std::to_string(object.bytes) + " bytes");
    return {};
  }
  const auto bytes = store_.read(object.key, 0, object.bytes);
  if (!bytes) return tl::make_unexpected(bytes.error());
  wire::ByteReader in(*bytes);
  const bool is_index = in.bytes(kIndexMagic.size()) == kIndexMagic;
  const auto version = in.integer<std::uint16_t>();
  const auto count = in.integer<std::int32_t>();
  if (!is_index || version != kVersion || count < 0 ||
      object.bytes != kIndexHeaderBytes + static_cast<std::uint64_t>(count) * kIndexEntryBytes) {
    damages_.found(DamageType::kBadIndex, object.key + " has not the entries that it says");
    return {};
  }
  in.integer<std::int32_t>();   // interval
  in.integer<std::uint16_t>();  // reserved
  for (std::int32_t i = 0; i < count; ++i) {
    const auto offset = in.integer<std::int64_t>();
    reading.index.push_back({offset, static_cast<std::uint32_t>(in.integer<std::int32_t>())});
  }
  if (reading.index.empty() || reading.index.front().position != kHeaderBytes) {
    damages_.found(DamageType::kBadIndex, object.key + " does not begin with the first batch");
  }
  return {};
}

cli::Result<void> SegmentReader::read_batches(Reading& reading) {
  ObjectStream& stream = reading.stream;
  while (stream.left() > kFooterBytes) {
    const std::uint64_t most = stream.left() - kFooterBytes;
    const auto start = stream.peek(std::min<std::uint64_t>(most, wire::kBatchLengthEnd));
    if (!start) return tl::make_unexpected(start.error());
    wire::ByteReader in(*start);
    in.integer<std::int64_t>();  // base offset
    const auto length = in.integer<std::int32_t>();
    const std::uint64_t bytes = wire::kBatchLengthEnd + static_cast<std::uint32_t>(length);
    if (length < 0 || bytes < wire::kRecordBatchHeaderBytes ||
        bytes > std::min(most, kMostBatchBytes)) {
      reading.cut_at = stream.at();
      return {};
    }
    const auto batch = stream.peek(bytes);
    if (!batch) return tl::make_unexpected(batch.error());
    read_batch(reading, *batch);
    reading.crc = cli::crc32c(*batch, reading.crc);
    stream.skip(bytes);
  }
  return {};
}

// REQUIRES: `bytes` are as many as the batch says, and no fewer than its header has.
void SegmentReader::read_batch(Reading& reading, std::string_view bytes) {
  wire::ByteReader in(bytes);
  wire::ByteReader crc_at(bytes.substr(wire::kBatchCrcAt));
  const bool is_intact =
      crc_at.integer<std::uint32_t>() == cli::crc32c(bytes.substr(wire::kBatchCrcEnd));
  const wire::RecordBatch header = wire::read_batch_header(in);
  compare_index(reading, header.base_offset);
  if (is_intact) return read_records(reading, bytes);
  reading.is_damaged = true;
  damages_.found(DamageType::kBadCrc, reading.key + ": the batch" + at(reading.stream.at()));
  // Its header may be what is damaged; no record is smaller than a byte.
  const std::int64_t last = header.last_offset;
  if (header.base_offset == reading.segment.last_offset + 1 && last >= header.base_offset &&
      last - header.base_offset < static_cast<std::int64_t>(bytes.size())) {
    reading.sink.on_unreadable(header.base_offset, last);
    reading.segment.last_offset = last;
  }
}

void SegmentReader::read_records(Reading& reading, std::string_view bytes) {
  records_.open(bytes, false);
  const auto has_batch = records_.next_batch();
  wire::Record record;
  auto has_record = has_batch ? records_.next(record) : has_batch;
  for (; has_record && *has_record; has_record = records_.next(record)) {
    ++reading.segment.records;
    reading.segment.last_offset = record.offset;
    if (!records_.batch().control) reading.sink.on_record(record);
  }
  if (!has_record) {
    reading.is_damaged = true;
    damages_.found(DamageType::kBadBatch,
                   reading.key + at(reading.stream.at()) + ": " + has_record.error().message());
  }
  const std::int64_t last = std::max(reading.segment.last_offset, records_.batch().last_offset);
  if (!has_record && last > reading.segment.last_offset &&
      last - reading.segment.last_offset <= static_cast<std::int64_t>(bytes.size())) {
    reading.sink.on_unreadable(reading.segment.last_offset + 1, last);
  }
  reading.segment.last_offset = last;
}

// The index's entries are in the order of the batches that they point at.
void SegmentReader::compare_index(Reading& reading, std::int64_t base_offset) {
  const std::uint64_t position = reading.stream.at();
  for (; reading.next_entry < reading.index.size(); ++reading.next_entry) {
    const IndexEntry& entry = reading.index[reading.next_entry];
    if (entry.position > position) return;
    if (entry.position == position && entry.offset == base_offset) continue;
    damages_.found(DamageType::kBadIndex, "of " + reading.key + ": offset " +
                                              std::to_string(entry.offset) + " is not" +
                                              at(entry.position));
  }
}

void SegmentReader::judge_footer(Reading& reading, std::string_view footer) {
  wire::ByteReader in(footer);
  const auto crc = in.integer<std::uint32_t>();
  const auto last_offset = in.integer<std::int64_t>();
  const bool is_whole = in.bytes(kFooterMagic.size()) == kFooterMagic;
  if (!is_whole || reading.cut_at) {
    // Where it would end: the next segment is no gap's end.
    reading.segment.last_offset = std::max(
        reading.segment.last_offset, reading.segment.base_offset + reading.promised_records - 1);
    if (!is_whole) {
      damages_.found(DamageType::kTruncatedSegment, reading.key + " does not end with END!");
    } else {
      damages_.found(DamageType::kBadBatch, reading.key + ": the length of the batch" +
                                                at(*reading.cut_at) + " is impossible");
    }
    return;
  }
  if (reading.next_entry < reading.index.size()) {
    damages_.found(DamageType::kBadIndex,
                   "of " + reading.key + ": an entry points behind the last batch");
  }
  if (last_offset != reading.segment.last_offset) {
    damages_.found(DamageType::kBadFooter, reading.key + " says that it ends at offset " +
                                               std::to_string(last_offset) + ", and does at " +
                                               std::to_string(reading.segment.last_offset));
  }
  if (reading.is_damaged) return;
  if (crc != reading.crc) {
    damages_.found(DamageType::kBadCrc, reading.key + ": all its batches together");
  }
  if (std::cmp_not_equal(reading.segment.records, reading.promised_records)) {
    damages_.found(DamageType::kBadCount,
                   reading.key + " says that it has " + std::to_string(reading.promised_records) +
                       " records, and has " + std::to_string(reading.segment.records));
  }
}

}  // namespace ks::store
