#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/client/cluster.h"
#include "lib/client/produce_queue.h"
#include "lib/client/produce_sender.h"

namespace ks::client {

// The wire client's producer. It has no thread of its own: everything but the encoding happens in
// poll(), and records that nobody polls for stay where they are. send() knows the partitions that
// partitions() found.
class WireProducer final : public Producer {
 public:
  static cli::Result<std::unique_ptr<Producer>> open(const Config& config, const std::string& topic,
                                                     OnDelivery on_delivery);

  cli::Result<int> partitions(cli::Deadline deadline) override;
  cli::Result<bool> send(const OutgoingRecord& record) override;
  bool sends_in_place() const override { return false; }
  void poll(cli::Duration timeout) override;
  void flush(cli::Duration timeout) override;
  std::size_t in_flight() const override;
  std::uint64_t disconnects() const override { return cluster_.disconnects(); }

 private:
  WireProducer(std::vector<wire::Address> bootstrap, WireOptions options, const std::string& topic,
               OnDelivery on_delivery);

  bool deliver();
  void deliver(const ProduceBatch& batch);

  wire::Loop loop_;
  Cluster cluster_;
  ProduceQueue queue_;
  ProduceSender sender_;
  const std::string topic_;
  const OnDelivery on_delivery_;
  std::vector<Delivery> deliveries_;  // of a batch
};

}  // namespace ks::client
