#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "lib/cli/crc32c.h"
#include "lib/wire/bytes.h"
#include "lib/wire/record_batch_builder.h"

namespace ks::store {

// Makes a segment and its index as KafScale does, from the values of its records.
struct SegmentMaker {
  std::int64_t base_offset = 0;
  std::vector<std::vector<std::string>> batches{};
  std::int32_t interval = 100;

  // The segment, and the index.
  std::pair<std::string, std::string> make() const {
    std::string body;
    std::string entries;
    std::int64_t offset = base_offset;
    std::int32_t since_entry = interval;
    std::int32_t entry_count = 0;
    for (const auto& values : batches) {
      if (since_entry >= interval) {
        wire::ByteWriter entry(entries);
        entry.integer<std::int64_t>(offset);
        entry.integer<std::int32_t>(static_cast<std::int32_t>(32 + body.size()));
        ++entry_count;
        since_entry = 0;
      }
      wire::RecordBatchBuilder builder;
      for (const std::string& value : values) builder.append({1, {}, value, {}});
      wire::BatchOptions options;
      options.base_offset = offset;
      body += *builder.finish(options);
      offset += static_cast<std::int64_t>(values.size());
      since_entry += static_cast<std::int32_t>(values.size());
    }
    std::string segment = "KAFS";
    wire::ByteWriter out(segment);
    out.integer<std::uint16_t>(1);
    out.integer<std::uint16_t>(0);
    out.integer<std::int64_t>(base_offset);
    out.integer<std::int32_t>(static_cast<std::int32_t>(offset - base_offset));
    out.integer<std::int64_t>(0);
    out.integer<std::uint32_t>(0);
    out.bytes(body);
    out.integer<std::uint32_t>(cli::crc32c(body));
    out.integer<std::int64_t>(offset - 1);
    out.bytes("END!");
    std::string index("IDX\0", 4);
    wire::ByteWriter index_out(index);
    index_out.integer<std::uint16_t>(1);
    index_out.integer<std::int32_t>(entry_count);
    index_out.integer<std::int32_t>(interval);
    index_out.integer<std::uint16_t>(0);
    index_out.bytes(entries);
    return {segment, index};
  }
};

}  // namespace ks::store
