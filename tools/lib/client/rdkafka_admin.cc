#include <algorithm>
#include <array>

#include "lib/client/implementations.h"
#include "lib/client/rdkafka_handle.h"

namespace ks::client {
namespace {

// librdkafka's admin objects come with one destructor each; this names the pair once.
template <typename T, void (*Destroy)(T*)>
struct AdminFree {
  void operator()(T* p) const { Destroy(p); }
};
template <typename T, void (*Destroy)(T*)>
using AdminOwned = std::unique_ptr<T, AdminFree<T, Destroy>>;

using NewTopicPtr = AdminOwned<rd_kafka_NewTopic_t, rd_kafka_NewTopic_destroy>;
using DeleteTopicPtr = AdminOwned<rd_kafka_DeleteTopic_t, rd_kafka_DeleteTopic_destroy>;
using NewPartitionsPtr = AdminOwned<rd_kafka_NewPartitions_t, rd_kafka_NewPartitions_destroy>;
using ResourcePtr = AdminOwned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;
using DeleteGroupPtr = AdminOwned<rd_kafka_DeleteGroup_t, rd_kafka_DeleteGroup_destroy>;
using GroupOffsetsPtr =
    AdminOwned<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;
using AlterOffsetsPtr =
    AdminOwned<rd_kafka_AlterConsumerGroupOffsets_t, rd_kafka_AlterConsumerGroupOffsets_destroy>;
using OptionsPtr = AdminOwned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy>;

using EventResult = cli::Result<Owned<rd_kafka_event_t>>;

ResourcePtr make_resource(ConfigResource resource, const std::string& name) {
  const auto type =
      resource == ConfigResource::kTopic ? RD_KAFKA_RESOURCE_TOPIC : RD_KAFKA_RESOURCE_BROKER;
  return ResourcePtr(rd_kafka_ConfigResource_new(type, name.c_str()));
}

// As fail_with, with the broker's own words where it sent any.
tl::unexpected<cli::Error> fail_with_text(rd_kafka_resp_err_t code, const char* text,
                                          const std::string& doing, const char* where) {
  if (text == nullptr || *text == '\0') return fail_with(code, doing, where);
  return cli::fail(doing + " failed: " + text + " (" + rd_kafka_err2name(code) + ")", where);
}

// The first error of a per-topic result list.
cli::Result<void> first_error(const rd_kafka_topic_result_t* const* topics, std::size_t count,
                              const std::string& doing) {
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_topic_result_error(topics[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail_with_text(code, rd_kafka_topic_result_error_string(topics[i]), doing,
                            rd_kafka_topic_result_name(topics[i]));
    }
  }
  return {};
}

cli::Result<void> first_error(const rd_kafka_ConfigResource_t* const* resources, std::size_t count,
                              const std::string& doing) {
  for (std::size_t i = 0; i < count; ++i) {
    const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(resources[i]);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail_with_text(code, rd_kafka_ConfigResource_error_string(resources[i]), doing,
                            rd_kafka_ConfigResource_name(resources[i]));
    }
  }
  return {};
}

// The first error of a per-group result list, or of the partitions in it.
cli::Result<void> first_error(const rd_kafka_group_result_t* const* groups, std::size_t count,
                              const std::string& doing) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::string group = rd_kafka_group_result_name(groups[i]);
    if (const rd_kafka_error_t* error = rd_kafka_group_result_error(groups[i]); error != nullptr) {
      return fail_with(rd_kafka_error_code(error), doing, group);
    }
    const auto* partitions = rd_kafka_group_result_partitions(groups[i]);
    for (int p = 0; partitions != nullptr && p < partitions->cnt; ++p) {
      const auto& element = partitions->elems[p];
      if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail_with(element.err, doing,
                         group + " " + TopicPartition{element.topic, element.partition}.text());
      }
    }
  }
  return {};
}

// Whether the value was set on the resource itself and is not inherited, say from the broker's
// file: what AlterConfigs replaces. DescribeConfigs 0 has no sources, and a flag that means this.
bool is_set_on(ConfigResource resource, const rd_kafka_ConfigEntry_t& entry) {
  const rd_kafka_ConfigSource_t source = rd_kafka_ConfigEntry_source(&entry);
  if (source == RD_KAFKA_CONFIG_SOURCE_UNKNOWN_CONFIG) {
    return rd_kafka_ConfigEntry_is_default(&entry) != 1;
  }
  return source == (resource == ConfigResource::kTopic
                        ? RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG
                        : RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG);
}

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

GroupMember to_member(const rd_kafka_MemberDescription_t& m) {
  GroupMember member{rd_kafka_MemberDescription_consumer_id(&m),
                     rd_kafka_MemberDescription_client_id(&m),
                     rd_kafka_MemberDescription_host(&m),
                     {}};
  const auto* assignment = rd_kafka_MemberDescription_assignment(&m);
  const auto* partitions =
      assignment == nullptr ? nullptr : rd_kafka_MemberAssignment_partitions(assignment);
  if (partitions != nullptr) {
    for (const Position& p : from_list(*partitions)) member.assignment.push_back(p.at);
  }
  return member;
}

class RdkafkaAdmin final : public Admin {
 public:
  cli::Result<void> open(const Config& config) {
    auto conf = make_conf(config, {});
    if (!conf) return tl::make_unexpected(conf.error());
    auto handle = make_handle(RD_KAFKA_PRODUCER, std::move(*conf));
    if (!handle) return tl::make_unexpected(handle.error());
    handle_ = std::move(*handle);
    queue_.reset(rd_kafka_queue_new(handle_.get()));
    return {};
  }

  cli::Result<ClusterInfo> describe_cluster(cli::Deadline deadline) override {
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

  cli::Result<void> create_topic(const NewTopic& topic, cli::Deadline deadline) override {
    char error[512];
    const NewTopicPtr request(rd_kafka_NewTopic_new(topic.name.c_str(), topic.partitions,
                                                    topic.replication_factor, error, sizeof error));
    if (request == nullptr) return cli::fail(error, topic.name);
    for (const auto& [name, value] : topic.configs) {
      rd_kafka_NewTopic_set_config(request.get(), name.c_str(), value.c_str());
    }
    rd_kafka_NewTopic_t* list[] = {request.get()};
    const auto event = call(RD_KAFKA_ADMIN_OP_CREATETOPICS, "CreateTopics", topic.name, deadline,
                            [&](const auto* options) {
                              rd_kafka_CreateTopics(handle_.get(), list, 1, options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_CreateTopics_result(event->get());
    const auto* topics = rd_kafka_CreateTopics_result_topics(result, &count);
    return first_error(topics, count, "CreateTopics");
  }

  cli::Result<void> delete_topic(const std::string& name, cli::Deadline deadline) override {
    const DeleteTopicPtr request(rd_kafka_DeleteTopic_new(name.c_str()));
    rd_kafka_DeleteTopic_t* list[] = {request.get()};
    const auto event = call(RD_KAFKA_ADMIN_OP_DELETETOPICS, "DeleteTopics", name, deadline,
                            [&](const auto* options) {
                              rd_kafka_DeleteTopics(handle_.get(), list, 1, options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DeleteTopics_result(event->get());
    const auto* topics = rd_kafka_DeleteTopics_result_topics(result, &count);
    return first_error(topics, count, "DeleteTopics");
  }

  cli::Result<void> set_partitions(const std::string& topic, std::int32_t total,
                                   cli::Deadline deadline) override {
    char error[512];
    const NewPartitionsPtr request(rd_kafka_NewPartitions_new(
        topic.c_str(), static_cast<std::size_t>(total), error, sizeof error));
    if (request == nullptr) return cli::fail(error, topic);
    rd_kafka_NewPartitions_t* list[] = {request.get()};
    const auto event =
        call(RD_KAFKA_ADMIN_OP_CREATEPARTITIONS, "CreatePartitions", topic, deadline,
             [&](const auto* options) {
               rd_kafka_CreatePartitions(handle_.get(), list, 1, options, queue_.get());
             });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_CreatePartitions_result(event->get());
    const auto* topics = rd_kafka_CreatePartitions_result_topics(result, &count);
    return first_error(topics, count, "CreatePartitions");
  }

  cli::Result<std::vector<ConfigEntry>> describe_configs(ConfigResource resource,
                                                         const std::string& name,
                                                         cli::Deadline deadline) override {
    const ResourcePtr request = make_resource(resource, name);
    rd_kafka_ConfigResource_t* list[] = {request.get()};
    const auto event =
        call(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, "DescribeConfigs", name, deadline,
             [&](const auto* options) {
               rd_kafka_DescribeConfigs(handle_.get(), list, 1, options, queue_.get());
             });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DescribeConfigs_result(event->get());
    const auto* resources = rd_kafka_DescribeConfigs_result_resources(result, &count);
    if (auto ok = first_error(resources, count, "DescribeConfigs"); !ok) {
      return tl::make_unexpected(ok.error());
    }
    std::vector<ConfigEntry> out;
    if (count == 0) return out;
    std::size_t entries = 0;
    const auto* configs = rd_kafka_ConfigResource_configs(resources[0], &entries);
    for (std::size_t i = 0; i < entries; ++i) {
      const char* value = rd_kafka_ConfigEntry_value(configs[i]);
      out.push_back({rd_kafka_ConfigEntry_name(configs[i]), value == nullptr ? "" : value,
                     !is_set_on(resource, *configs[i]),
                     rd_kafka_ConfigEntry_is_read_only(configs[i]) == 1,
                     rd_kafka_ConfigEntry_is_sensitive(configs[i]) == 1});
    }
    return out;
  }

  cli::Result<void> alter_configs(ConfigResource resource, const std::string& name,
                                  const std::map<std::string, std::string>& configs,
                                  cli::Deadline deadline) override {
    const ResourcePtr request = make_resource(resource, name);
    for (const auto& [key, value] : configs) {
      rd_kafka_ConfigResource_set_config(request.get(), key.c_str(), value.c_str());
    }
    rd_kafka_ConfigResource_t* list[] = {request.get()};
    const auto event = call(RD_KAFKA_ADMIN_OP_ALTERCONFIGS, "AlterConfigs", name, deadline,
                            [&](const auto* options) {
                              rd_kafka_AlterConfigs(handle_.get(), list, 1, options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_AlterConfigs_result(event->get());
    const auto* resources = rd_kafka_AlterConfigs_result_resources(result, &count);
    return first_error(resources, count, "AlterConfigs");
  }

  cli::Result<std::vector<GroupListing>> list_groups(cli::Deadline deadline) override {
    const auto event = call(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, "ListGroups", "", deadline,
                            [&](const auto* options) {
                              rd_kafka_ListConsumerGroups(handle_.get(), options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    const auto* result = rd_kafka_event_ListConsumerGroups_result(event->get());
    std::size_t errors = 0;
    const auto* error_list = rd_kafka_ListConsumerGroups_result_errors(result, &errors);
    if (errors > 0) return fail_with(rd_kafka_error_code(error_list[0]), "ListGroups", "");
    std::size_t count = 0;
    const auto* groups = rd_kafka_ListConsumerGroups_result_valid(result, &count);
    std::vector<GroupListing> out;
    for (std::size_t i = 0; i < count; ++i) {
      out.push_back(
          {rd_kafka_ConsumerGroupListing_group_id(groups[i]),
           rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupListing_state(groups[i]))});
    }
    return out;
  }

  cli::Result<GroupDescription> describe_group(const std::string& id,
                                               cli::Deadline deadline) override {
    const char* list[] = {id.c_str()};
    const auto event =
        call(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, "DescribeGroups", id, deadline,
             [&](const auto* options) {
               rd_kafka_DescribeConsumerGroups(handle_.get(), list, 1, options, queue_.get());
             });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DescribeConsumerGroups_result(event->get());
    const auto* groups = rd_kafka_DescribeConsumerGroups_result_groups(result, &count);
    if (count == 0) return cli::fail("DescribeGroups answered without the group", id);
    const auto* group = groups[0];
    if (const auto* error = rd_kafka_ConsumerGroupDescription_error(group); error != nullptr) {
      return fail_with(rd_kafka_error_code(error), "DescribeGroups", id);
    }
    GroupDescription out{
        id,
        rd_kafka_consumer_group_state_name(rd_kafka_ConsumerGroupDescription_state(group)),
        rd_kafka_ConsumerGroupDescription_partition_assignor(group),
        -1,
        {}};
    if (const auto* node = rd_kafka_ConsumerGroupDescription_coordinator(group); node != nullptr) {
      out.coordinator_id = rd_kafka_Node_id(node);
    }
    const std::size_t members = rd_kafka_ConsumerGroupDescription_member_count(group);
    for (std::size_t i = 0; i < members; ++i) {
      out.members.push_back(to_member(*rd_kafka_ConsumerGroupDescription_member(group, i)));
    }
    return out;
  }

  cli::Result<void> delete_group(const std::string& id, cli::Deadline deadline) override {
    const DeleteGroupPtr request(rd_kafka_DeleteGroup_new(id.c_str()));
    rd_kafka_DeleteGroup_t* list[] = {request.get()};
    const auto event = call(RD_KAFKA_ADMIN_OP_DELETEGROUPS, "DeleteGroups", id, deadline,
                            [&](const auto* options) {
                              rd_kafka_DeleteGroups(handle_.get(), list, 1, options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_DeleteGroups_result(event->get());
    const auto* groups = rd_kafka_DeleteGroups_result_groups(result, &count);
    return first_error(groups, count, "DeleteGroups");
  }

  cli::Result<std::int64_t> list_offset(const TopicPartition& at, std::int64_t time,
                                        cli::Deadline deadline) override {
    // Its "times" are ListOffsets' own, which has -1 and -2 for the two ends.
    const Partitions list = to_list({{at, time}});
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(handle_.get(), list.get(), cli::remaining_ms(deadline));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail_with(code, "ListOffsets", at.text());
    return list->elems[0].offset;
  }

  cli::Result<std::vector<Position>> committed(const std::string& group,
                                               const std::vector<TopicPartition>& partitions,
                                               cli::Deadline deadline) override {
    std::vector<Position> asked;
    for (const TopicPartition& at : partitions) asked.push_back({at, kStored});
    const Partitions list = to_list(asked);
    const GroupOffsetsPtr request(rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get()));
    rd_kafka_ListConsumerGroupOffsets_t* requests[] = {request.get()};
    const auto event =
        call(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, "OffsetFetch", group, deadline,
             [&](const auto* options) {
               rd_kafka_ListConsumerGroupOffsets(handle_.get(), requests, 1, options, queue_.get());
             });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_ListConsumerGroupOffsets_result(event->get());
    const auto* groups = rd_kafka_ListConsumerGroupOffsets_result_groups(result, &count);
    if (auto ok = first_error(groups, count, "OffsetFetch"); !ok) {
      return tl::make_unexpected(ok.error());
    }
    std::vector<Position> out;
    if (count == 0) return out;
    for (const Position& p : from_list(*rd_kafka_group_result_partitions(groups[0]))) {
      if (p.offset >= 0) out.push_back(p);
    }
    return out;
  }

  cli::Result<void> commit(const std::string& group, const std::vector<Position>& positions,
                           cli::Deadline deadline) override {
    const Partitions list = to_list(positions);
    const AlterOffsetsPtr request(
        rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), list.get()));
    rd_kafka_AlterConsumerGroupOffsets_t* requests[] = {request.get()};
    const auto event = call(RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, "OffsetCommit", group,
                            deadline, [&](const auto* options) {
                              rd_kafka_AlterConsumerGroupOffsets(handle_.get(), requests, 1,
                                                                 options, queue_.get());
                            });
    if (!event) return tl::make_unexpected(event.error());
    std::size_t count = 0;
    const auto* result = rd_kafka_event_AlterConsumerGroupOffsets_result(event->get());
    const auto* groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(result, &count);
    return first_error(groups, count, "OffsetCommit");
  }

 private:
  // Sends one admin request by `send(options)` and waits for its event; the request's own error
  // becomes ours.
  template <typename Send>
  EventResult call(rd_kafka_admin_op_t op, const char* api, const std::string& where,
                   cli::Deadline deadline, Send send) {
    const OptionsPtr options(rd_kafka_AdminOptions_new(handle_.get(), op));
    constexpr int kLongestMs = 3'600'000;  // librdkafka refuses more, and would keep its default
    const int timeout_ms = std::clamp(cli::remaining_ms(deadline), 1, kLongestMs);
    char error[256];
    rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, error, sizeof error);
    send(options.get());
    // librdkafka ends the request itself at its time-out; the margin lets that error arrive.
    constexpr int kMarginMs = 1000;
    Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue_.get(), timeout_ms + kMarginMs));
    if (event == nullptr) return fail_with(RD_KAFKA_RESP_ERR__TIMED_OUT, api, where);
    const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return cli::fail(std::string(api) + " failed: " + rd_kafka_event_error_string(event.get()) +
                           " (" + rd_kafka_err2name(code) + ")",
                       where);
    }
    return event;
  }

  Owned<rd_kafka_t> handle_;
  Owned<rd_kafka_queue_t> queue_;  // after handle_: must go before it
};

}  // namespace

cli::Result<std::unique_ptr<Admin>> make_rdkafka_admin(const Config& config) {
  auto admin = std::make_unique<RdkafkaAdmin>();
  if (auto opened = admin->open(config); !opened) return tl::make_unexpected(opened.error());
  return admin;
}

}  // namespace ks::client
