#include <cstdlib>

#include "lib/client/rdkafka_admin.h"

namespace ks::client {
namespace {

using NewTopicPtr = AdminOwned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using DeleteTopicPtr = AdminOwned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using NewPartitionsPtr = AdminOwned<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy>;

cli::Result<void> check_topic(const rd_kafka_topic_result_t& topic, const std::string& doing) {
  const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(&topic);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return fail_with_text(code, rd_kafka_topic_result_error_string(&topic), doing,
                        rd_kafka_topic_result_name(&topic));
}

constexpr AdminApi<rd_kafka_NewTopic_t, rd_kafka_topic_result_t> kCreateTopics{
    RD_KAFKA_ADMIN_OP_CREATETOPICS,
    "CreateTopics",
    rd_kafka_CreateTopics,
    rd_kafka_event_CreateTopics_result,
    rd_kafka_CreateTopics_result_topics,
    check_topic};

constexpr AdminApi<rd_kafka_DeleteTopic_t, rd_kafka_topic_result_t> kDeleteTopics{
    RD_KAFKA_ADMIN_OP_DELETETOPICS,
    "DeleteTopics",
    rd_kafka_DeleteTopics,
    rd_kafka_event_DeleteTopics_result,
    rd_kafka_DeleteTopics_result_topics,
    check_topic};

constexpr AdminApi<rd_kafka_NewPartitions_t, rd_kafka_topic_result_t> kCreatePartitions{
    RD_KAFKA_ADMIN_OP_CREATEPARTITIONS,
    "CreatePartitions",
    rd_kafka_CreatePartitions,
    rd_kafka_event_CreatePartitions_result,
    rd_kafka_CreatePartitions_result_topics,
    check_topic};

PartitionInfo to_info(const rd_kafka_metadata_partition_t& p) {
  PartitionInfo info{p.id, p.leader, {}, {}};
  info.replicas.assign(p.replicas, p.replicas + p.replica_cnt);
  info.isr.assign(p.isrs, p.isrs + p.isr_cnt);
  return info;
}

ClusterInfo to_info(const rd_kafka_metadata_t& metadata) {
  ClusterInfo cluster;
  for (int i = 0; i < metadata.broker_cnt; ++i) {
    const auto& b = metadata.brokers[i];
    cluster.brokers.push_back({b.id, std::string(b.host) + ":" + std::to_string(b.port)});
  }
  for (int i = 0; i < metadata.topic_cnt; ++i) {
    const auto& t = metadata.topics[i];
    TopicInfo topic{t.topic, {}};
    for (int p = 0; p < t.partition_cnt; ++p) topic.partitions.push_back(to_info(t.partitions[p]));
    cluster.topics.push_back(std::move(topic));
  }
  return cluster;
}

}  // namespace

cli::Result<ClusterInfo> RdkafkaAdmin::describe_cluster(cli::Deadline deadline) {
  const rd_kafka_metadata_t* raw = nullptr;
  const rd_kafka_resp_err_t code =
      rd_kafka_metadata(handle_.get(), 1, nullptr, &raw, cli::remaining_ms(deadline));
  const Owned<const rd_kafka_metadata_t> metadata(raw);
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail_with(code, "Metadata", "");
  ClusterInfo cluster = to_info(*metadata);
  cluster.controller_id = rd_kafka_controllerid(handle_.get(), 0);
  const std::unique_ptr<char, decltype(&std::free)> id(rd_kafka_clusterid(handle_.get(), 0),
                                                       std::free);
  if (id != nullptr) cluster.cluster_id = id.get();
  return cluster;
}

cli::Result<void> RdkafkaAdmin::create_topic(const NewTopic& topic, cli::Deadline deadline) {
  char error[512];
  const NewTopicPtr request(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                                  topic.replication_factor, error, sizeof error));
  if (request == nullptr) return cli::fail(error, topic.name);
  for (const auto& [name, value] : topic.configs) {
    rd_kafka_NewTopic_set_config(request.get(), name.c_str(), value.c_str());
  }
  return tell(kCreateTopics, request.get(), topic.name, deadline);
}

cli::Result<void> RdkafkaAdmin::delete_topic(const std::string& name, cli::Deadline deadline) {
  const DeleteTopicPtr request(rd_kafka_DeleteTopic_new(name.c_str()));
  return tell(kDeleteTopics, request.get(), name, deadline);
}

cli::Result<void> RdkafkaAdmin::set_partitions(const std::string& topic, std::int32_t total,
                                               cli::Deadline deadline) {
  char error[512];
  const NewPartitionsPtr request(rd_kafka_NewPartitions_new(
      topic.c_str(), static_cast<std::size_t>(total), error, sizeof error));
  if (request == nullptr) return cli::fail(error, topic);
  return tell(kCreatePartitions, request.get(), topic, deadline);
}

}  // namespace ks::client
