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
  const Fill fill = [group = group_, partitions](std::int16_t version) {
    return offset_fetch_request(group, partitions, version);
  };
  const auto part_of = [group = group_, partitions](const wire::Reply& reply) {
    const Value* answer = fetched_group(reply.body, reply.version, group);
    return answer == nullptr ? nullptr : refused_part(*answer, partitions);
  };
  coordinator_.settle(ApiKey::kOffsetFetch, fill, part_of, deadline, on_answer);
}

// A commit of 0, or none? The answer for a group that nobody has ever used tells what brokers of
// this kind say then. Asked once, of that group's own coordinator: the member's must not be taken
// for moved by what it says of groups that are not its own.
void ConsumerGroupMember::probe_unseen_group(const TopicPartition& at) {
  if (std::exchange(probed_unseen_group_, true)) return;
  const std::string unseen = group_ + ".unseen." + std::to_string(cli::wall_ns());
  const cli::Deadline deadline = cli::Clock::now() + options_.request_timeout;
  const auto on_answer = [&cluster = cluster_, unseen, at](const cli::Result<wire::Reply>& reply) {
    if (!reply) return;
    const Value* group = fetched_group(reply->body, reply->version, unseen);
    const Value* part = group == nullptr ? nullptr : refused_part(*group, {at});
    if (part == nullptr || part != group) return;
    const Value* code = group->find("error_code");
    if (code != nullptr && code->as_int() != 0) return;
    if ((*find_partition((*group)["topics"], at))["committed_offset"].as_int() != 0) return;
    cluster.note(wire::FindingId::kNoCommitAnsweredAsZero,
                 "OffsetFetch v" + std::to_string(reply->version) + " of " + at.text() +
                     " for a group that nobody has used");
  };
  cluster_.find_coordinator(unseen, deadline,
                            [&cluster = cluster_, unseen, at, deadline,
                             on_answer](const cli::Result<Cluster::CoordinatorAnswer>& found) {
                              if (!found || found->error_code != 0) return;
                              const Fill fill = [unseen, at](std::int16_t version) {
                                return offset_fetch_request(unseen, {at}, version);
                              };
                              cluster.link(found->broker, Cluster::Purpose::kGroup)
                                  .call(ApiKey::kOffsetFetch, fill, deadline, on_answer);
                            });
}

}  // namespace ks::client
