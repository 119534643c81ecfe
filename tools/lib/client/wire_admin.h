#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "lib/client/client.h"
#include "lib/client/cluster.h"

namespace ks::client {

// The wire client's administration: each call is one request to the broker that can answer it.
class WireAdmin final : public Admin {
 public:
  static cli::Result<std::unique_ptr<Admin>> open(const Config& config);

  cli::Result<ClusterInfo> describe_cluster(cli::Deadline deadline) override;

  cli::Result<void> create_topic(const NewTopic& topic, cli::Deadline deadline) override;
  cli::Result<void> delete_topic(const std::string& name, cli::Deadline deadline) override;
  cli::Result<void> set_partitions(const std::string& topic, std::int32_t total,
                                   cli::Deadline deadline) override;
  cli::Result<std::vector<ConfigEntry>> describe_configs(ConfigResource resource,
                                                         const std::string& name,
                                                         cli::Deadline deadline) override;
  cli::Result<void> alter_configs(ConfigResource resource, const std::string& name,
                                  const std::map<std::string, std::string>& configs,
                                  cli::Deadline deadline) override;

  cli::Result<std::vector<GroupListing>> list_groups(cli::Deadline deadline) override;
  cli::Result<GroupDescription> describe_group(const std::string& id,
                                               cli::Deadline deadline) override;
  cli::Result<void> delete_group(const std::string& id, cli::Deadline deadline) override;

  cli::Result<std::int64_t> list_offset(const TopicPartition& at, std::int64_t time,
                                        cli::Deadline deadline) override;
  cli::Result<EpochEnd> epoch_end(const TopicPartition& at, std::int32_t epoch,
                                  cli::Deadline deadline) override;
  cli::Result<std::vector<Position>> committed(const std::string& group,
                                               const std::vector<TopicPartition>& partitions,
                                               cli::Deadline deadline) override;
  cli::Result<void> commit(const std::string& group, const std::vector<Position>& positions,
                           cli::Deadline deadline) override;

 private:
  WireAdmin(std::vector<wire::Address> bootstrap, WireOptions options)
      : cluster_(loop_, std::move(bootstrap), std::move(options)) {}

  // The part of a response that is about what was asked for; null where the broker left it out.
  using AnswerOf = std::function<const wire::Value*(const wire::Reply&)>;
  using Route = std::function<cli::Result<wire::Address>()>;

  // Asks the broker that `route` names, and again while it refuses with an error that may pass and
  // there is time. The error code is the answer's. Errors are like "DeleteTopics failed:
  // UNKNOWN_TOPIC_OR_PARTITION", with `where`.
  cli::Result<wire::Reply> settle(wire::ApiKey api, const std::string& where, const Route& route,
                                  const Fill& fill, const AnswerOf& answer_of,
                                  cli::Deadline deadline);

  Route to_broker(std::int32_t id, cli::Deadline deadline);
  Route to_controller(cli::Deadline deadline);
  Route to_leader(const TopicPartition& at, cli::Deadline deadline);
  Route to_coordinator(const std::string& group, cli::Deadline deadline);
  cli::Result<Route> config_route(ConfigResource resource, const std::string& name,
                                  cli::Deadline deadline);
  bool pause_until(cli::Deadline deadline);

  wire::Loop loop_;
  Cluster cluster_;
};

}  // namespace ks::client
