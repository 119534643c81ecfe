#pragma once

#include <deque>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "lib/client/cluster.h"
#include "lib/client/produce_request.h"

namespace ks::client {

// Where a topic's partitions are: links to their leaders, opened when something is to be sent, and
// metadata that is asked for again when something says that it is out of date.
class ProduceLeaders {
 public:
  struct Broker {
    explicit Broker(Link& to) : link(to) {}
    Link& link;
    std::deque<cli::Deadline> in_flight;  // of the Produce requests under way, in their order
    bool opening = false;
  };

  // `on_change` is called when there may be more to send than before.
  ProduceLeaders(Cluster& cluster, std::string topic, std::function<void()> on_change)
      : cluster_(cluster), topic_{std::move(topic), {}}, on_change_(std::move(on_change)) {}

  const ProduceTopic& topic() const { return topic_; }
  std::size_t partitions() const { return leaders_.size(); }
  std::map<const Link*, Broker>& brokers() { return brokers_; }

  // The partition's leader, its link ready to send. Null: not now; what is missing is under way.
  Broker* ready_leader(std::size_t partition);

  // Why the last thing that was missing is missing; empty: nothing was.
  const std::string& trouble() const { return trouble_; }

  void distrust_metadata() { is_stale_ = true; }

  // Asks for the metadata where it is out of date, unless that was just done: the result is when to
  // try again.
  cli::Deadline refresh_metadata(cli::Deadline now);

  // The cluster's metadata is new.
  void on_metadata();

 private:
  void open(Broker& broker);
  Broker& broker_at(const wire::Address& address);

  Cluster& cluster_;
  ProduceTopic topic_;
  const std::function<void()> on_change_;
  std::map<const Link*, Broker> brokers_;
  std::vector<Broker*> leaders_;  // by partition; null: not known
  bool is_stale_ = false;
  bool asking_ = false;
  cli::Deadline not_before_{};
  std::string trouble_;
};

}  // namespace ks::client
