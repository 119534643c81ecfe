#pragma once

#include <cstdint>
#include <functional>

#include "lib/client/cluster.h"
#include "lib/client/produce_batch.h"

// What makes a producer idempotent: a producer id from the broker, and for each partition an epoch
// and a sequence (KIP-98, KIP-360). The rules that keep it from losing, doubling or reordering
// records:
// - A batch that may have been written keeps its sequence; it is sent again alone, as the first of
//   its partition, so that the broker's answer is conclusive, or ends as unknown.
// - When a batch is given up, the broker will refuse the sequences behind it. Once all that is
// under
//   way is answered, those that were not written begin again in the next epoch, which also keeps
//   out what the given-up batch may still have on its way.
// - Batches are only sent along with others where the last answer said that one was written: what
//   is behind a batch of unknown fate would be refused, and a broker that does not know the
//   producer yet takes any sequence.
namespace ks::client {

// The producer id, asked for when it is first needed.
class ProducerId {
 public:
  // `on_change` is called when there is an id, or an error.
  ProducerId(Cluster& cluster, std::function<void()> on_change)
      : cluster_(cluster), on_change_(std::move(on_change)) {}

  bool is_known() const { return value_.producer_id >= 0; }
  const ProducerEpoch& value() const { return value_; }  // what every partition begins with

  // Asks, unless that is under way or was just refused; then the result is when to ask again.
  cli::Deadline ask(cli::Deadline now);
  const std::string& trouble() const { return trouble_; }  // why there is none; empty: nothing yet

  void forget() { value_ = {}; }  // the next ask() gets another

 private:
  void on_reply(const cli::Result<wire::Reply>& reply);

  Cluster& cluster_;
  std::function<void()> on_change_;
  ProducerEpoch value_;
  bool asking_ = false;
  cli::Deadline not_before_{};
  std::string trouble_;
};

// Where an idempotent producer is in one partition.
class PartitionSequence {
 public:
  // Whether the batch may be sent while others of its partition are under way.
  bool may_be_sent_along(const ProduceBatch& batch) const {
    return is_in_step_ && !is_broken_ && !batch.maybe_written;
  }

  // Whether the next batch needs another producer id than this: its epochs are used up.
  bool is_used_up(const ProducerEpoch& id) const;

  // Gives the batch the next sequence, unless the one it has is still good. `id`: where to begin
  // anew. REQUIRES: the batch is not written.
  void number(ProduceBatch& batch, const ProducerEpoch& id);

  // What became of a batch.
  void on_written(const ProduceBatch& batch);
  void on_open() { is_in_step_ = false; }  // nobody knows

  // A batch that had a sequence was given up, or the broker lost count.
  void break_off() { is_broken_ = true; }

 private:
  ProducerEpoch current_;
  std::int32_t next_ = 0;
  bool is_in_step_ = false;  // the broker has all that was sent in this epoch, for all we know
  bool is_broken_ = false;
};

}  // namespace ks::client
