#include <utility>

#include "lib/client/group_member.h"
#include "lib/client/group_requests.h"
#include "lib/wire/error_code.h"

// How a member leaves its group.
namespace ks::client {

using wire::ApiKey;

void ConsumerGroupMember::leave(cli::Deadline deadline, OnDone on_left) {
  joins_when_left_ = false;
  const bool is_leaving = state_ == State::kLeaving;
  left_.push_back(std::move(on_left));
  if (is_leaving) return;
  const bool is_asking = state_ == State::kJoining || state_ == State::kSyncing;
  const bool was_active = is_active();
  new_round();
  state_ = State::kLeaving;
  paused_ = false;
  release(events_.on_revoked);
  // Where the coordinator has just moved, the group still waits for this member: it is worth asking
  // for the new one.
  const bool may_leave = was_active && membership_.group_instance_id.empty() &&
                         !membership_.member_id.empty() &&
                         (coordinator_.is_known() || is_in_session());
  if (!may_leave) return cluster_.loop().post(in_this_round([this] { end_leave({}); }));
  // What is asked is of no use any more, and would hold the LeaveGroup back.
  if (is_asking) coordinator_.drop("the member leaves");
  leave_group(deadline);
}

void ConsumerGroupMember::leave_group(cli::Deadline deadline) {
  const auto on_answer =
      in_this_round([this, deadline](const cli::Result<GroupCoordinator::Answer>& answer) {
        // It may have been heard: asked again, it would be refused as nobody's.
        if (!answer) return end_leave(tl::make_unexpected(answer.error()));
        on_leave(*answer, deadline);
      });
  const auto on_found = in_this_round([this, deadline,
                                       on_answer](const cli::Result<std::int16_t>& found) {
    if (!found) return end_leave(tl::make_unexpected(found.error()));
    if (*found != 0) {
      return leave_again_or(cli::fail("FindCoordinator got " + wire::error_name(*found), group_),
                            *found, deadline);
    }
    const Fill fill = [this](std::int16_t version) {
      return leave_group_request(group_, membership_, "the consumer is being closed", version);
    };
    coordinator_.call(ApiKey::kLeaveGroup, fill, refused_leave, deadline, on_answer);
  });
  coordinator_.find(deadline, on_found);
}

// Another broker may coordinate the group by now, or this one may not have loaded it yet.
void ConsumerGroupMember::leave_again_or(const cli::Result<void>& otherwise, std::int16_t code,
                                         cli::Deadline deadline) {
  const cli::Deadline again = cli::Clock::now() + options_.retry_backoff;
  if (!wire::is_retriable(code) || again >= deadline) return end_leave(otherwise);
  timer_.set(again, [this, deadline] { leave_group(deadline); });
}

void ConsumerGroupMember::on_leave(const GroupCoordinator::Answer& answer, cli::Deadline deadline) {
  const std::int16_t code = answer.error_code;
  if (code == 0) return end_leave({});
  const std::string refusal =
      "LeaveGroup v" + std::to_string(answer.reply.version) + " got " + wire::error_name(code);
  if (!wire::is_retriable(code) && membership_.generation_id >= 0 && is_in_session()) {
    cluster_.note(wire::FindingId::kLeaveRefused, refusal);
  }
  leave_again_or(cli::fail(refusal, group_), code, deadline);
}

void ConsumerGroupMember::end_leave(const cli::Result<void>& result) {
  state_ = State::kOut;
  const bool joins = std::exchange(joins_when_left_, false);
  for (const OnDone& on_left : std::exchange(left_, {})) on_left(result);
  if (joins) join();
}

}  // namespace ks::client
