#include "log_records.h"

#include "lib/wire/record_batch_reader.h"

namespace ks::lies {
namespace {

std::optional<std::string> owned(std::optional<std::string_view> view) {
  return view ? std::optional<std::string>(*view) : std::nullopt;
}

LogRecord owned(const wire::Record& record, const wire::RecordBatch& batch, std::size_t number) {
  LogRecord out;
  out.offset = record.offset;
  out.timestamp_ms = record.timestamp_ms;
  out.key = owned(record.key);
  out.value = owned(record.value);
  for (const wire::Header& header : record.headers) {
    out.headers.emplace_back(header.key, owned(header.value));
  }
  out.batch = number;
  out.said.compression = batch.compression;
  out.said.partition_leader_epoch = batch.partition_leader_epoch;
  out.said.producer_id = batch.producer_id;
  out.said.producer_epoch = batch.producer_epoch;
  out.said.transactional = batch.transactional;
  out.said.control = batch.control;
  if (batch.base_sequence >= 0) {
    out.said.base_sequence =
        batch.base_sequence + static_cast<std::int32_t>(record.offset - batch.base_offset);
  }
  return out;
}

bool follows(const LogRecord& record, const LogRecord& before) {
  return record.batch == before.batch && record.offset == before.offset + 1;
}

}  // namespace

cli::Result<std::vector<LogRecord>> read_log(std::string_view batches) {
  std::vector<LogRecord> out;
  wire::RecordReader reader;
  reader.open(batches);
  for (std::size_t number = 0;; ++number) {
    const auto has_batch = reader.next_batch();
    if (!has_batch) return tl::make_unexpected(has_batch.error());
    if (!*has_batch) return out;
    wire::Record record;
    auto has_record = reader.next(record);
    for (; has_record && *has_record; has_record = reader.next(record)) {
      out.push_back(owned(record, reader.batch(), number));
    }
    if (!has_record) return tl::make_unexpected(has_record.error());
  }
}

cli::Result<std::string> write_log(const std::vector<LogRecord>& records) {
  std::string out;
  wire::RecordBatchBuilder builder;
  for (std::size_t i = 0; i < records.size();) {
    wire::BatchOptions options = records[i].said;
    options.base_offset = records[i].offset;
    do {
      const LogRecord& record = records[i];
      std::vector<wire::Header> headers;
      for (const auto& [key, value] : record.headers) headers.push_back({key, value});
      builder.append({record.timestamp_ms, record.key, record.value, headers});
      ++i;
    } while (i < records.size() && follows(records[i], records[i - 1]));
    const auto batch = builder.finish(options);
    if (!batch) return tl::make_unexpected(batch.error());
    out += *batch;
    builder.clear();
  }
  return out;
}

}  // namespace ks::lies
