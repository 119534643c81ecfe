#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/client/cluster.h"
#include "lib/client/produce_queue.h"
#include "lib/client/produce_request.h"
#include "lib/client/produce_sequence.h"

namespace ks::client {

// Sends a queue's batches to the leaders of their partitions, several requests under way at each,
// and again where that may help, until each batch is settled: ok, failed or unknown. Failed is only
// what was never sent, or refused each time by an error that says that nothing was written.
class ProduceSender {
 public:
  ProduceSender(Cluster& cluster, ProduceQueue& queue, std::string topic);

  // Starts all that may be started. To be called when the queue wants attention; what it begins
  // goes on while the loop runs.
  void work();

  // The next batch that is settled; null: none.
  std::unique_ptr<ProduceBatch> take_settled();

  // The cluster's metadata is new.
  void on_metadata();

 private:
  struct Broker {
    explicit Broker(Link& to) : link(to) {}
    Link& link;
    std::uint32_t in_flight = 0;  // requests
    bool opening = false;
  };
  struct Partition {
    Broker* leader = nullptr;  // null: not known
    std::vector<const ProduceBatch*> in_flight;
    cli::Deadline not_before{};
    PartitionSequence sequence;
  };
  struct Request {
    Broker* broker;
    std::vector<std::unique_ptr<ProduceBatch>> batches;
    std::size_t bytes = 0;
    bool is_sent = false;
  };

  void give_up_expired(cli::Deadline now);
  bool start_requests(cli::Deadline now);
  bool may_be_sent(std::size_t partition, cli::Deadline now);
  Broker* ready_leader(const Partition& partition);
  bool prepare(Partition& partition, ProduceBatch& batch, cli::Deadline now);
  void send(Request made, cli::Deadline now);
  void plan(cli::Deadline now);

  void on_reply(Request& request, const cli::Result<wire::Reply>& reply);
  void on_sent(Request& request, const cli::Result<void>& sent);
  void on_answer(std::unique_ptr<ProduceBatch> batch, const ProduceAnswer& answer);
  void on_sequence_error(std::unique_ptr<ProduceBatch> batch, std::int16_t code);
  void on_no_answer(std::unique_ptr<ProduceBatch> batch, const std::string& why, bool is_sent);
  void leave_open(ProduceBatch& batch);
  bool is_first(const ProduceBatch& batch) const;
  void retry(std::unique_ptr<ProduceBatch> batch);
  void give_up(std::unique_ptr<ProduceBatch> batch);
  void settle(std::unique_ptr<ProduceBatch> batch, Outcome outcome);

  void refresh_metadata(cli::Deadline now);
  void open(Broker& broker);
  Broker& broker_at(const wire::Address& address);
  void wake() { queue_.attend_by(cli::Deadline::min()); }
  Partition& partition_of(const ProduceBatch& batch) {
    return partitions_[static_cast<std::size_t>(batch.partition)];
  }

  Cluster& cluster_;
  const WireOptions& options_;
  ProduceQueue& queue_;
  ProduceTopic topic_;
  ProducerId producer_id_;
  std::map<const Link*, Broker> brokers_;
  std::vector<Partition> partitions_;
  std::size_t first_ = 0;  // the partition that is looked at first
  std::deque<std::unique_ptr<ProduceBatch>> settled_;
  bool metadata_is_stale_ = false;
  bool asking_metadata_ = false;
  cli::Deadline metadata_not_before_{};
  std::string trouble_;  // the last reason why something could not be sent
};

}  // namespace ks::client
