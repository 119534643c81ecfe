#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

#include "lib/client/client.h"
#include "lib/client/produce_batch.h"
#include "lib/client/wire_options.h"

namespace ks::client {

// A producer's records until they are delivered: encoded into batches of their partition, which
// wait here to be sent. The last batch of a partition stays open until it is full or taken, so that
// a busy broker gets larger ones.
class ProduceQueue {
 public:
  explicit ProduceQueue(const WireOptions& options) : options_(options) {}

  // Partitions are only ever added.
  void set_partitions(std::size_t count);
  std::size_t partitions() const { return lanes_.size(); }

  // False: the queue is full. REQUIRES: the record's partition is known, or kAnyPartition; then it
  // is the key's, or for one batch after the other the next.
  bool append(const OutgoingRecord& record);

  // No batch waits for more records.
  void complete_all();

  // Records that were appended and not released.
  std::size_t records() const { return records_; }

  // The first batch of the partition; null: none.
  ProduceBatch* front(std::size_t partition) const;
  std::unique_ptr<ProduceBatch> take(std::size_t partition);  // REQUIRES: there is one
  void put_back(std::unique_ptr<ProduceBatch> batch);         // in its place

  // What was delivered makes room.
  void release(std::unique_ptr<ProduceBatch> batch);

  // When the sender should look again: since a batch is complete, may be sent, or has expired.
  cli::Deadline attention() const { return attention_; }
  void attend_by(cli::Deadline when) { attention_ = std::min(attention_, when); }
  void attended() { attention_ = cli::Deadline::max(); }

 private:
  struct Lane {
    std::deque<std::unique_ptr<ProduceBatch>> waiting;  // by position
    std::uint64_t next_position = 0;
  };

  std::size_t lane_of(const OutgoingRecord& record);
  wire::NewRecord encodable(const OutgoingRecord& record);
  static bool has_open_batch(const Lane& lane);
  ProduceBatch& batch_for(const OutgoingRecord& record, const wire::NewRecord& encoded);
  ProduceBatch& open_batch(std::size_t partition);
  void complete(ProduceBatch& batch);

  const WireOptions& options_;
  std::deque<Lane> lanes_;
  std::size_t shared_lane_ = 0;  // where records without key and partition go, for one batch
  std::size_t records_ = 0;
  std::size_t bytes_ = 0;  // of the records, uncompressed
  cli::Deadline attention_ = cli::Deadline::max();
  std::vector<wire::Header> headers_;  // of the record being appended
  std::vector<std::unique_ptr<ProduceBatch::Buffers>> spare_;
};

}  // namespace ks::client
