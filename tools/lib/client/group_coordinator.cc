#include "lib/client/group_coordinator.h"

#include <utility>

#include "lib/client/versions.h"
#include "lib/wire/error_code.h"

namespace ks::client {

using wire::ApiKey;

bool is_elsewhere(std::int16_t code) {
  return wire::to_error(code) == wire::ErrorCode::kNotCoordinator ||
         wire::to_error(code) == wire::ErrorCode::kCoordinatorNotAvailable;
}

GroupCoordinator::GroupCoordinator(Cluster& cluster, std::string group, GroupDiary& diary)
    : cluster_(cluster), group_(std::move(group)), diary_(diary), again_(cluster.loop()) {}

// ---- where it is --------------------------------------------------------------------------------

void GroupCoordinator::find(cli::Deadline deadline,
                            std::function<void(cli::Result<std::int16_t>)> on_found) {
  if (known_) return on_found(0);
  const auto began = cli::Clock::now();
  diary_.sent(ApiKey::kFindCoordinator, "the cluster", began);
  cluster_.find_coordinator(
      group_, deadline,
      [this, began, alive = std::weak_ptr(alive_),
       on_found = std::move(on_found)](const cli::Result<Cluster::CoordinatorAnswer>& answer) {
        if (alive.expired()) return;
        if (!answer) {
          on_failed(ApiKey::kFindCoordinator, "the cluster", cli::Clock::now() - began,
                    answer.error());
          return on_found(tl::make_unexpected(answer.error()));
        }
        diary_.answered(ApiKey::kFindCoordinator, answer->error_code);
        if (answer->error_code == 0) {
          known_ = true;
          address_ = answer->broker;
        }
        on_found(answer->error_code);
      });
}

const wire::ApiVersions& GroupCoordinator::versions() const {
  static const wire::ApiVersions kNone;
  return address_.host.empty() ? kNone : link().versions();
}

std::optional<cli::Error> GroupCoordinator::rule_out(ApiKey api) const {
  if (versions().all().empty()) return std::nullopt;
  return client::rule_out(wire_release(), api, versions());
}

void GroupCoordinator::drop(const char* why) {
  if (!address_.host.empty()) link().drop({why, address_.text(), ""});
}

void GroupCoordinator::abandon(const char* why) {
  ++era_;
  again_.cancel();
  drop(why);
  for (const Errand& errand : std::exchange(postponed_, {})) {
    errand.on_answer(cli::fail(why, group_));
  }
}

// ---- calls --------------------------------------------------------------------------------------

void GroupCoordinator::on_failed(ApiKey api, const std::string& broker, cli::Duration waited,
                                 const cli::Error& why) {
  diary_.unanswered(api, why);
  if (why.what.find(wire::kNoAnswerInTime) == std::string::npos) return;
  cluster_.note(wire::FindingId::kSilentBroker, wire::api_name(static_cast<std::int16_t>(api)) +
                                                    " to " + broker + " was not answered for " +
                                                    cli::format_duration(waited));
}

void GroupCoordinator::call(ApiKey api, Fill fill, const PartOf& part_of, cli::Deadline deadline,
                            OnAnswer on_answer) {
  const auto began = cli::Clock::now();
  const std::string broker = address_.text();
  diary_.sent(api, broker, began);
  link().call(api, std::move(fill), deadline,
              [this, api, began, broker, part_of, alive = std::weak_ptr(alive_),
               on_answer = std::move(on_answer)](cli::Result<wire::Reply> reply) {
                if (alive.expired()) return;
                const wire::Value* part = reply ? part_of(*reply) : nullptr;
                if (reply && part == nullptr) {
                  reply = cli::fail(wire::api_name(static_cast<std::int16_t>(api)) +
                                        " answered without what was asked for",
                                    broker);
                }
                if (!reply) {
                  on_failed(api, broker, cli::Clock::now() - began, reply.error());
                  forget();
                  return on_answer(tl::make_unexpected(reply.error()));
                }
                const wire::Value* field = part->find("error_code");  // not in a good OffsetCommit
                const std::int64_t code = field == nullptr ? 0 : field->as_int();
                Answer answer{static_cast<std::int16_t>(code), std::move(*reply)};
                diary_.answered(api, answer.error_code);
                if (is_elsewhere(answer.error_code)) forget();
                on_answer(std::move(answer));
              });
}

// ---- errands ------------------------------------------------------------------------------------

namespace {

// What is wrong with a topic does not pass by asking its group's coordinator again.
bool may_settle(std::int16_t code) {
  return wire::is_retriable(code) && !wire::is_stale_metadata(code);
}

}  // namespace

void GroupCoordinator::settle(ApiKey api, Fill fill, PartOf part_of, cli::Deadline deadline,
                              OnAnswer on_answer) {
  attempt({api, std::move(fill), std::move(part_of), deadline, std::move(on_answer), era_});
}

void GroupCoordinator::attempt(const Errand& errand) {
  find(errand.deadline, [this, errand](const cli::Result<std::int16_t>& found) {
    if (!found) return again_or(errand, tl::make_unexpected(found.error()));
    if (*found != 0) return again_or(errand, Answer{*found, {}});
    call(errand.api, errand.fill, errand.part_of, errand.deadline,
         [this, errand](cli::Result<Answer> answer) { again_or(errand, std::move(answer)); });
  });
}

void GroupCoordinator::again_or(const Errand& errand, cli::Result<Answer> otherwise) {
  const cli::Deadline again = cli::Clock::now() + cluster_.options().retry_backoff;
  const bool may_pass = otherwise ? may_settle(otherwise->error_code) : !rule_out(errand.api);
  if (!may_pass || errand.era != era_ || again >= errand.deadline) {
    return errand.on_answer(std::move(otherwise));
  }
  postponed_.push_back(errand);
  if (again_.is_set()) return;
  again_.set(again, [this] {
    for (const Errand& due : std::exchange(postponed_, {})) attempt(due);
  });
}

}  // namespace ks::client
