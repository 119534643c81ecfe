#include "lib/client/rdkafka_admin.h"

namespace ks::client {
namespace {

using DeleteGroupPtr = AdminOwned<rd_kafka_DeleteGroup_t, rd_kafka_DeleteGroup_destroy>;

cli::Result<void> check_description(const rd_kafka_ConsumerGroupDescription_t& group,
                                    const std::string& doing) {
  const rd_kafka_error_t* error = rd_kafka_ConsumerGroupDescription_error(&group);
  if (error == nullptr) return {};
  return fail_with(rd_kafka_error_code(error), doing,
                   rd_kafka_ConsumerGroupDescription_group_id(&group));
}

constexpr AdminApi<const char, rd_kafka_ConsumerGroupDescription_t> kDescribeGroups{
    RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS,
    "DescribeGroups",
    rd_kafka_DescribeConsumerGroups,
    rd_kafka_event_DescribeConsumerGroups_result,
    rd_kafka_DescribeConsumerGroups_result_groups,
    check_description};

constexpr AdminApi<rd_kafka_DeleteGroup_t, rd_kafka_group_result_t> kDeleteGroups{
    RD_KAFKA_ADMIN_OP_DELETEGROUPS,
    "DeleteGroups",
    rd_kafka_DeleteGroups,
    rd_kafka_event_DeleteGroups_result,
    rd_kafka_DeleteGroups_result_groups,
    check_group};

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

}  // namespace

cli::Result<void> check_group(const rd_kafka_group_result_t& group, const std::string& doing) {
  const std::string name = rd_kafka_group_result_name(&group);
  if (const rd_kafka_error_t* error = rd_kafka_group_result_error(&group); error != nullptr) {
    return fail_with(rd_kafka_error_code(error), doing, name);
  }
  const auto* partitions = rd_kafka_group_result_partitions(&group);
  for (int p = 0; partitions != nullptr && p < partitions->cnt; ++p) {
    const auto& element = partitions->elems[p];
    if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail_with(element.err, doing,
                       name + " " + TopicPartition{element.topic, element.partition}.text());
    }
  }
  return {};
}

cli::Result<std::vector<GroupListing>> RdkafkaAdmin::list_groups(cli::Deadline deadline) {
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

cli::Result<GroupDescription> RdkafkaAdmin::describe_group(const std::string& id,
                                                           cli::Deadline deadline) {
  const auto answer = ask(kDescribeGroups, id.c_str(), id, deadline);
  if (!answer) return tl::make_unexpected(answer.error());
  const auto* group = answer->item;
  if (group == nullptr) return cli::fail("DescribeGroups answered without the group", id);
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

cli::Result<void> RdkafkaAdmin::delete_group(const std::string& id, cli::Deadline deadline) {
  const DeleteGroupPtr request(rd_kafka_DeleteGroup_new(id.c_str()));
  return tell(kDeleteGroups, request.get(), id, deadline);
}

}  // namespace ks::client
