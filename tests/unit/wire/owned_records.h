#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "lib/wire/record_batch_builder.h"
#include "lib/wire/record_batch_reader.h"

// Records that own their bytes, for tests to compare.
namespace ks::wire {

using OwnedBytes = std::optional<std::string>;

struct OwnedRecord {
  std::int64_t offset = 0;
  std::int64_t timestamp_ms = kNoTimestamp;
  OwnedBytes key;
  OwnedBytes value;
  std::vector<std::pair<std::string, OwnedBytes>> headers;

  bool operator==(const OwnedRecord&) const = default;
};

inline OwnedBytes owned(const std::optional<std::string_view>& bytes) {
  return bytes ? OwnedBytes(*bytes) : std::nullopt;
}

inline OwnedRecord owned(const Record& record) {
  OwnedRecord out{record.offset, record.timestamp_ms, owned(record.key), owned(record.value), {}};
  for (const Header& header : record.headers) {
    out.headers.emplace_back(header.key, owned(header.value));
  }
  return out;
}

inline void PrintTo(const OwnedRecord& record, std::ostream* out) {
  *out << "offset " << record.offset << ", timestamp " << record.timestamp_ms << ", key "
       << testing::PrintToString(record.key) << ", value " << testing::PrintToString(record.value)
       << ", headers " << testing::PrintToString(record.headers);
}

// Everything that a reader yields, up to the first error.
struct ReadBack {
  std::vector<RecordBatch> batches;
  std::vector<OwnedRecord> records;
  bool truncated = false;
  std::string error;  // empty: none
};

inline ReadBack read_back(RecordReader& reader, std::string_view bytes, bool check_crcs = true) {
  ReadBack out;
  reader.open(bytes, check_crcs);
  while (true) {
    const auto has_batch = reader.next_batch();
    if (!has_batch) out.error = has_batch.error().message();
    if (!has_batch.value_or(false)) break;
    out.batches.push_back(reader.batch());
    Record record;
    while (true) {
      const auto has_record = reader.next(record);
      if (!has_record) out.error = has_record.error().message();
      if (!has_record.value_or(false)) break;
      out.records.push_back(owned(record));
    }
    if (!out.error.empty()) break;
  }
  out.truncated = reader.truncated();
  return out;
}

inline ReadBack read_back(std::string_view bytes, bool check_crcs = true) {
  RecordReader reader;
  return read_back(reader, bytes, check_crcs);
}

}  // namespace ks::wire
