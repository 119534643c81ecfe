#include <utility>

#include "lib/client/group_member.h"
#include "lib/wire/error_code.h"

// What a member commits, and what its group has committed.
namespace ks::client {

using wire::ApiKey;
using wire::Value;

void ConsumerGroupMember::commit(const std::vector<Position>& positions, cli::Deadline deadline,
                                 OnCommitted on_committed) {
  commit_as(membership_, positions, deadline, std::move(on_committed));
}

void ConsumerGroupMember::commit_as(const Membership& as, const std::vector<Position>& positions,
                                    cli::Deadline deadline, OnCommitted on_committed) {
  const Fill fill = [group = group_, as, positions](std::int16_t version) {
    constexpr std::int16_t kWithInstanceId = 7;
    Membership known = as;
    if (version < kWithInstanceId) known.group_instance_id.clear();
    return offset_commit_request(group, known, positions);
  };
  std::vector<TopicPartition> asked;
  for (const Position& position : positions) asked.push_back(position.at);
  coordinator_.settle(
      ApiKey::kOffsetCommit, fill,
      [asked](const wire::Reply& reply) { return refused_part(reply.body, asked); }, deadline,
      [on_committed =
           std::move(on_committed)](const cli::Result<GroupCoordinator::Answer>& answer) {
        on_committed(answer.map([](const auto& a) { return a.error_code; }));
      });
}

void ConsumerGroupMember::fetch_committed(const std::vector<TopicPartition>& partitions,
                                          cli::Deadline deadline, OnFetched on_fetched) {
  const auto on_answer = [this, partitions, on_fetched = std::move(on_fetched)](
                             const cli::Result<GroupCoordinator::Answer>& answer) {
    if (!answer) return on_fetched(tl::make_unexpected(answer.error()));
    if (answer->error_code != 0) {
      const std::string name = wire::error_name(answer->error_code);
      return on_fetched(cli::fail_as(name, "OffsetFetch failed: " + name, group_));
    }
    const wire::Reply& reply = answer->reply;
    const Value& topics = (*fetched_group(reply.body, reply.version, group_))["topics"];
    std::vector<Position> out;
    for (const TopicPartition& at : partitions) {
      out.push_back({at, (*find_partition(topics, at))["committed_offset"].as_int()});
      if (out.back().offset == 0) probe_unseen_group(at);
    }
    on_fetched(std::move(out));
  };
  fetch_offsets(group_, partitions, deadline, on_answer);
}

void ConsumerGroupMember::fetch_offsets(const std::string& group,
                                        const std::vector<TopicPartition>& partitions,
                                        cli::Deadline deadline,
                                        GroupCoordinator::OnAnswer on_answer) {
  const Fill fill = [group, partitions](std::int16_t version) {
    return offset_fetch_request(group, partitions, version);
  };
  const auto part_of = [group, partitions](const wire::Reply& reply) {
    const Value* answer = fetched_group(reply.body, reply.version, group);
    return answer == nullptr ? nullptr : refused_part(*answer, partitions);
  };
  coordinator_.settle(ApiKey::kOffsetFetch, fill, part_of, deadline, std::move(on_answer));
}

// A commit of 0, or none? The answer for a group that nobody has ever used tells what brokers of
// this kind say then. Asked once.
void ConsumerGroupMember::probe_unseen_group(const TopicPartition& at) {
  if (std::exchange(probed_unseen_group_, true)) return;
  const std::string unseen = group_ + ".unseen." + std::to_string(cli::wall_ns());
  fetch_offsets(unseen, {at}, cli::Clock::now() + options_.request_timeout,
                [this, unseen, at](const cli::Result<GroupCoordinator::Answer>& answer) {
                  if (!answer || answer->error_code != 0) return;
                  const wire::Reply& reply = answer->reply;
                  const Value& topics =
                      (*fetched_group(reply.body, reply.version, unseen))["topics"];
                  if ((*find_partition(topics, at))["committed_offset"].as_int() != 0) return;
                  cluster_.note(wire::FindingId::kNoCommitAnsweredAsZero,
                                "OffsetFetch v" + std::to_string(reply.version) + " of " +
                                    at.text() + " for a group that nobody has used");
                });
}

}  // namespace ks::client
