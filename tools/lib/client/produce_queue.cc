#include "lib/client/produce_queue.h"

#include <algorithm>
#include <utility>

#include "lib/client/partitioner.h"

namespace ks::client {
namespace {

// Buffers with a codec's tables in them are large: not all that a full queue once had are kept.
constexpr std::size_t kMostSpareCompressors = 8;

// What a record counts for once its batch is gone.
std::size_t record_bytes(const ProduceBatch& batch) {
  return batch.buffers->records.size_bytes() - wire::kRecordBatchHeaderBytes;
}

}  // namespace

void ProduceQueue::set_partitions(std::size_t count) {
  if (count > lanes_.size()) lanes_.resize(count);
}

std::size_t ProduceQueue::lane_of(const OutgoingRecord& record) {
  if (record.partition != kAnyPartition) return static_cast<std::size_t>(record.partition);
  if (record.key) {
    return static_cast<std::size_t>(
        partition_of_key(*record.key, static_cast<std::int32_t>(lanes_.size())));
  }
  if (!has_open_batch(lanes_[shared_lane_])) shared_lane_ = (shared_lane_ + 1) % lanes_.size();
  return shared_lane_;
}

bool ProduceQueue::has_open_batch(const Lane& lane) {
  return !lane.waiting.empty() && !lane.waiting.back()->is_complete;
}

wire::NewRecord ProduceQueue::encodable(const OutgoingRecord& record) {
  headers_.clear();
  for (const Header& header : record.headers) headers_.push_back({header.name, header.value});
  const std::int64_t wall_ns = record.wall_ns != 0 ? record.wall_ns : cli::wall_ns();
  return {wall_ns / 1'000'000, record.key, record.value, headers_};
}

bool ProduceQueue::append(const OutgoingRecord& record) {
  if (records_ >= options_.queue_records || bytes_ >= options_.queue_bytes) return false;
  const wire::NewRecord encoded = encodable(record);
  ProduceBatch& batch = batch_for(record, encoded);
  wire::RecordBatchBuilder& builder = batch.buffers->records;
  const std::size_t before = builder.size_bytes();
  builder.append(encoded);
  batch.buffers->tokens.push_back(record.token);
  bytes_ += builder.size_bytes() - before;
  ++records_;
  if (batch.record_count() >= options_.batch_records ||
      builder.size_bytes() >= options_.batch_bytes) {
    complete(batch);
  }
  return true;
}

// The open batch of the record's partition. One that the record would make too large goes without
// it; a record that is too large by itself is for the broker to refuse.
ProduceBatch& ProduceQueue::batch_for(const OutgoingRecord& record,
                                      const wire::NewRecord& encoded) {
  while (true) {
    const std::size_t partition = lane_of(record);
    if (!has_open_batch(lanes_[partition])) return open_batch(partition);
    ProduceBatch& open = *lanes_[partition].waiting.back();
    const wire::RecordBatchBuilder& builder = open.buffers->records;
    if (builder.size_bytes() + builder.bytes_of(encoded) <= options_.batch_bytes) return open;
    complete(open);
  }
}

void ProduceQueue::complete_all() {
  for (Lane& lane : lanes_) {
    if (has_open_batch(lane)) complete(*lane.waiting.back());
  }
}

void ProduceQueue::complete(ProduceBatch& batch) {
  batch.is_complete = true;
  attend_by(cli::Deadline::min());
}

ProduceBatch& ProduceQueue::open_batch(std::size_t partition) {
  Lane& lane = lanes_[partition];
  auto batch = std::make_unique<ProduceBatch>();
  batch->partition = static_cast<std::int32_t>(partition);
  batch->position = lane.next_position++;
  if (spare_.empty()) {
    spare_.push_back(std::make_unique<ProduceBatch::Buffers>(options_.batch_bytes));
  }
  batch->buffers = std::move(spare_.back());
  spare_.pop_back();
  const cli::Deadline now = cli::Clock::now();
  const bool forever = options_.delivery_timeout == cli::Duration::zero();
  batch->due = now + options_.linger;
  batch->expires = forever ? cli::Deadline::max() : now + options_.delivery_timeout;
  attend_by(std::min(batch->due, batch->expires));
  lane.waiting.push_back(std::move(batch));
  return *lane.waiting.back();
}

ProduceBatch* ProduceQueue::front(std::size_t partition) const {
  const Lane& lane = lanes_[partition];
  return lane.waiting.empty() ? nullptr : lane.waiting.front().get();
}

std::unique_ptr<ProduceBatch> ProduceQueue::take(std::size_t partition) {
  auto batch = std::move(lanes_[partition].waiting.front());
  lanes_[partition].waiting.pop_front();
  batch->is_complete = true;
  return batch;
}

void ProduceQueue::put_back(std::unique_ptr<ProduceBatch> batch) {
  auto& waiting = lanes_[static_cast<std::size_t>(batch->partition)].waiting;
  const auto place = std::find_if(waiting.begin(), waiting.end(), [&](const auto& other) {
    return other->position > batch->position;
  });
  waiting.insert(place, std::move(batch));
}

void ProduceQueue::release(std::unique_ptr<ProduceBatch> batch) {
  records_ -= batch->record_count();
  bytes_ -= record_bytes(*batch);
  const bool compresses = options_.compression != wire::CompressionType::kNone;
  if (compresses && spare_.size() >= kMostSpareCompressors) return;
  batch->buffers->records.clear();
  batch->buffers->tokens.clear();
  spare_.push_back(std::move(batch->buffers));
}

}  // namespace ks::client
