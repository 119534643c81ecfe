#include "lib/probe/records.h"

#include <zlib.h>

#include "lib/cli/clock.h"
#include "lib/wire/record_batch_builder.h"

namespace ks::probe {
namespace {

constexpr std::string_view kKey = "ks-probe";
constexpr std::string_view kRecordValue = "a record of ks-probe";

std::int64_t now_ms() { return cli::wall_ns() / 1'000'000; }

void append_bytes(wire::ByteWriter& out, std::string_view bytes) {
  out.integer(static_cast<std::int32_t>(bytes.size()));
  out.bytes(bytes);
}

std::string message(std::int8_t magic) {
  std::string checked;
  wire::ByteWriter out(checked);
  out.integer(magic);
  out.integer(std::int8_t{0});  // attributes
  if (magic == 1) out.integer(now_ms());
  append_bytes(out, kKey);
  append_bytes(out, kRecordValue);
  const auto crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(checked.data()), static_cast<uInt>(checked.size())));

  std::string set;
  wire::ByteWriter head(set);
  head.integer(std::int64_t{0});  // offset
  head.integer(static_cast<std::int32_t>(sizeof crc + checked.size()));
  head.integer(crc);
  return set + checked;
}

}  // namespace

std::string one_record(std::int16_t produce_version) {
  constexpr std::int16_t kFirstOfBatches = 3;
  if (produce_version < kFirstOfBatches) return message(produce_version == 2 ? 1 : 0);
  wire::RecordBatchBuilder builder;
  builder.append({now_ms(), kKey, kRecordValue, {}});
  return std::string(builder.finish({}).value_or(""));
}

}  // namespace ks::probe
