#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/client/link.h"
#include "lib/client/wire_options.h"

namespace ks::client {

struct PartitionMetadata {
  std::int16_t error_code = 0;
  std::int32_t leader = -1;  // -1: none
  std::int32_t leader_epoch = -1;
  std::vector<std::int32_t> replicas;
  std::vector<std::int32_t> isr;
};

struct TopicMetadata {
  std::int16_t error_code = 0;
  wire::Uuid id{};  // zero: the broker has no topic ids
  bool is_internal = false;
  std::map<std::int32_t, PartitionMetadata> partitions;
};

struct Metadata {
  std::string cluster_id;
  std::int32_t controller_id = -1;
  std::map<std::int32_t, wire::Address> brokers;  // by node id
  std::map<std::string, TopicMetadata> topics;
};

// The configuration's brokers; one that is no address is an error.
cli::Result<std::vector<wire::Address>> bootstrap_of(const Config& config);

// A Kafka cluster as one wire client sees it: links to its brokers, and what Metadata last said.
// Everything runs on the loop given.
class Cluster {
 public:
  Cluster(wire::Loop& loop, std::vector<wire::Address> bootstrap, WireOptions options);

  // The broker that was reached last, else the others in turn; an error names each.
  void call_any(wire::ApiKey api, Fill fill, cli::Deadline deadline, wire::OnReply on_reply);

  // One broker. Calls that a broker may hold back for long, as JoinGroup, would delay the others on
  // the same connection: those of a group go over a link of their own.
  enum class Purpose { kData, kGroup };
  Link& link(const wire::Address& broker, Purpose purpose = Purpose::kData);

  // Asks for the metadata of these topics (none: of all, and what is no longer there is forgotten),
  // and adds it to what is known. Only `create` allows the broker to create them.
  using OnDone = std::function<void(cli::Result<void>)>;
  void refresh(const std::set<std::string>& topics, bool create, cli::Deadline deadline,
               OnDone on_done);
  const Metadata& metadata() const { return metadata_; }

  // The leader of a partition; nothing where the metadata knows none.
  const wire::Address* leader(const TopicPartition& at) const;
  const TopicMetadata* topic(const std::string& name) const;
  std::int16_t error_of(const TopicPartition& at) const;    // why it has no leader; 0: it has one
  std::int32_t node_at(const wire::Address& broker) const;  // -1: not in the metadata

  // Where a group's coordinator is, or the error code that FindCoordinator answered.
  struct CoordinatorAnswer {
    std::int16_t error_code = 0;
    wire::Address broker;
  };
  void find_coordinator(const std::string& group, cli::Deadline deadline,
                        std::function<void(cli::Result<CoordinatorAnswer>)> on_found);

  // Of all links: how often one broke or could not be opened.
  std::uint64_t disconnects() const;

  // Runs the loop until the call's answer is there.
  cli::Result<wire::Reply> ask_any(wire::ApiKey api, const Fill& fill, cli::Deadline deadline);
  cli::Result<wire::Reply> ask(const wire::Address& broker, wire::ApiKey api, const Fill& fill,
                               cli::Deadline deadline);
  cli::Result<CoordinatorAnswer> find_coordinator_now(const std::string& group,
                                                      cli::Deadline deadline);
  cli::Result<void> refresh_now(const std::set<std::string>& topics, bool create,
                                cli::Deadline deadline);

  wire::Loop& loop() { return loop_; }
  const WireOptions& options() const { return options_; }
  void on_finding(wire::OnFinding action) { on_finding_ = std::move(action); }
  void note(wire::FindingId id, std::string evidence) const;

 private:
  std::vector<wire::Address> candidates() const;
  void try_any(std::vector<wire::Address> left, std::string failures, wire::ApiKey api, Fill fill,
               cli::Deadline deadline, wire::OnReply on_reply);
  void check_coordinator(std::int32_t id, const wire::Address& broker) const;
  void take_metadata(const wire::Reply& reply, bool all_topics);

  wire::Loop& loop_;
  const std::vector<wire::Address> bootstrap_;
  const WireOptions options_;
  Metadata metadata_;
  wire::Address last_reached_;
  std::map<std::pair<std::string, Purpose>, std::unique_ptr<Link>> links_;
  wire::OnFinding on_finding_;
};

}  // namespace ks::client
