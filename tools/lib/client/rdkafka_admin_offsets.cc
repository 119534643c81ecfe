#include <thread>

#include "lib/client/rdkafka_admin.h"

namespace ks::client {
namespace {

using ListOffsetsPtr =
    AdminOwned<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_ListConsumerGroupOffsets_destroy>;
using AlterOffsetsPtr =
    AdminOwned<rd_kafka_AlterConsumerGroupOffsets_t, rd_kafka_AlterConsumerGroupOffsets_destroy>;

constexpr AdminApi<rd_kafka_ListConsumerGroupOffsets_t, rd_kafka_group_result_t> kOffsetFetch{
    RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS,
    "OffsetFetch",
    rd_kafka_ListConsumerGroupOffsets,
    rd_kafka_event_ListConsumerGroupOffsets_result,
    rd_kafka_ListConsumerGroupOffsets_result_groups,
    check_group};

constexpr AdminApi<rd_kafka_AlterConsumerGroupOffsets_t, rd_kafka_group_result_t> kOffsetCommit{
    RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS,
    "OffsetCommit",
    rd_kafka_AlterConsumerGroupOffsets,
    rd_kafka_event_AlterConsumerGroupOffsets_result,
    rd_kafka_AlterConsumerGroupOffsets_result_groups,
    check_group};

constexpr auto kBetweenTries = std::chrono::milliseconds(100);

bool has_no_leader_yet(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE ||
         code == RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION ||
         code == RD_KAFKA_RESP_ERR_OFFSET_NOT_AVAILABLE;
}

}  // namespace

cli::Result<std::int64_t> RdkafkaAdmin::list_offset(const TopicPartition& at, std::int64_t time,
                                                    cli::Deadline deadline) {
  while (true) {
    // Its "times" are ListOffsets' own, which has -1 and -2 for the two ends.
    const Partitions list = to_list({{at, time}});
    rd_kafka_resp_err_t code =
        rd_kafka_offsets_for_times(handle_.get(), list.get(), cli::remaining_ms(deadline));
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) code = list->elems[0].err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return list->elems[0].offset;
    // A broker that was just started answers before it leads its partitions.
    const cli::Deadline again = cli::Clock::now() + kBetweenTries;
    if (!has_no_leader_yet(code) || again >= deadline) {
      return fail_with(code, "ListOffsets", at.text());
    }
    std::this_thread::sleep_until(again);
  }
}

cli::Result<EpochEnd> RdkafkaAdmin::epoch_end(const TopicPartition& at, std::int32_t,
                                              cli::Deadline) {
  return cli::fail("librdkafka has no call for OffsetForLeaderEpoch", at.text(),
                   "use --client wire");
}

cli::Result<std::vector<Position>> RdkafkaAdmin::committed(
    const std::string& group, const std::vector<TopicPartition>& partitions,
    cli::Deadline deadline) {
  std::vector<Position> asked;
  for (const TopicPartition& at : partitions) asked.push_back({at, kStored});
  const Partitions list = to_list(asked);
  const ListOffsetsPtr request(rd_kafka_ListConsumerGroupOffsets_new(group.c_str(), list.get()));
  const auto answer = ask(kOffsetFetch, request.get(), group, deadline);
  if (!answer) return tl::make_unexpected(answer.error());
  std::vector<Position> out;
  if (answer->item == nullptr) return out;
  for (const Position& p : from_list(*rd_kafka_group_result_partitions(answer->item))) {
    if (p.offset >= 0) out.push_back(p);
  }
  return out;
}

cli::Result<void> RdkafkaAdmin::commit(const std::string& group,
                                       const std::vector<Position>& positions,
                                       cli::Deadline deadline) {
  const Partitions list = to_list(positions);
  const AlterOffsetsPtr request(rd_kafka_AlterConsumerGroupOffsets_new(group.c_str(), list.get()));
  return tell(kOffsetCommit, request.get(), group, deadline);
}

}  // namespace ks::client
