#include "fake_log.h"

#include "lib/wire/error_code.h"

namespace ks::test {
namespace {

using wire::ErrorCode;

constexpr std::int16_t kCorruptMessage = 2;

LoggedRecord copy_of(const wire::Record& record, const wire::RecordBatch& batch) {
  LoggedRecord out;
  if (record.key) out.key = std::string(*record.key);
  if (record.value) out.value = std::string(*record.value);
  for (const wire::Header& header : record.headers) {
    out.headers.emplace_back(header.key, header.value.value_or("null"));
  }
  out.batch = batch;
  return out;
}

}  // namespace

FakeLog::Appended FakeLog::append(std::string_view batches) {
  wire::RecordReader reader;
  reader.open(batches);
  const auto has_batch = reader.next_batch();
  if (!has_batch || !*has_batch) return {kCorruptMessage, -1};
  if (const auto refused = refuse(reader.batch())) return *refused;
  const auto base_offset = static_cast<std::int64_t>(records_.size());
  wire::Record record;
  while (true) {
    const auto has_record = reader.next(record);
    if (!has_record) return {kCorruptMessage, -1};
    if (!*has_record) break;
    records_.push_back(copy_of(record, reader.batch()));
  }
  if (reader.batch().producer_id >= 0) {
    auto& last = producers_[reader.batch().producer_id].last;
    last.push_back({reader.batch().base_sequence, reader.batch().record_count, base_offset});
    constexpr std::size_t kRemembered = 5;
    if (last.size() > kRemembered) last.pop_front();
  }
  return {0, base_offset};
}

std::optional<FakeLog::Appended> FakeLog::refuse(const wire::RecordBatch& batch) {
  const auto error = [](ErrorCode code) { return Appended{static_cast<std::int16_t>(code), -1}; };
  if (batch.producer_id < 0) return std::nullopt;
  Producer& known = producers_[batch.producer_id];
  if (batch.producer_epoch < known.epoch) return error(ErrorCode::kInvalidProducerEpoch);
  if (batch.producer_epoch > known.epoch) {
    if (known.epoch >= 0 && batch.base_sequence != 0) {
      return error(ErrorCode::kOutOfOrderSequenceNumber);
    }
    known = {batch.producer_epoch, {}};
    return std::nullopt;
  }
  for (const Batch& before : known.last) {
    if (before.base_sequence == batch.base_sequence && before.records == batch.record_count) {
      return Appended{0, before.base_offset};
    }
  }
  const Batch& last = known.last.back();
  if (batch.base_sequence == last.base_sequence + last.records) return std::nullopt;
  return error(ErrorCode::kOutOfOrderSequenceNumber);
}

}  // namespace ks::test
