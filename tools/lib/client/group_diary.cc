#include "lib/client/group_diary.h"

#include <utility>

#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

// A group that grows from one member to six in a moment goes through as many generations.
constexpr std::uint32_t kManyGenerations = 6;

std::string name_of(wire::ApiKey api) { return wire::api_name(static_cast<std::int16_t>(api)); }

std::string times(std::uint64_t count) {
  return std::to_string(count) + (count == 1 ? " time" : " times");
}

// "refused 5 times (REBALANCE_IN_PROGRESS 4, NOT_COORDINATOR 1), unanswered 2 times"
std::string trouble_of(const GroupCalls& calls) {
  std::uint64_t refused = 0;
  std::string codes;
  for (const auto& [code, count] : calls.refused) {
    refused += count;
    codes += (codes.empty() ? "" : ", ") + wire::error_name(code) + " " + std::to_string(count);
  }
  std::string out;
  if (refused != 0) out = "refused " + times(refused) + " (" + codes + ")";
  if (calls.unanswered == 0) return out;
  return out + (out.empty() ? "" : ", ") + "unanswered " + times(calls.unanswered);
}

}  // namespace

void GroupDiary::unstable(Time now) {
  if (!unstable_since_) unstable_since_ = now;
}

void GroupDiary::stable() {
  ++generations_;
  unstable_since_.reset();
  troubles_.clear();
  last_failure_ = {};
}

void GroupDiary::settled() {
  first_unsettled_.reset();
  troubles_.clear();
  last_failure_ = {};
}

void GroupDiary::sent(wire::ApiKey api, const std::string& broker, Time now) {
  ++calls_[api].sent;
  waiting_[api] = {broker, now};
}

void GroupDiary::answered(wire::ApiKey api, std::int16_t error_code) {
  waiting_.erase(api);
  if (error_code == 0) {
    ++calls_[api].ok;
  } else {
    ++calls_[api].refused[error_code];
    ++troubles_[api].refused[error_code];
  }
}

void GroupDiary::unanswered(wire::ApiKey api, const cli::Error& why) {
  waiting_.erase(api);
  ++calls_[api].unanswered;
  ++troubles_[api].unanswered;
  last_failure_ = why;
}

std::optional<std::string> GroupDiary::generation(std::int32_t id, Time now,
                                                  cli::Duration patience) {
  if (id < 0 || id == generation_) return std::nullopt;
  generation_ = id;
  if (!first_unsettled_) {
    first_unsettled_ = now;
    unsettled_generations_ = 0;
  }
  ++unsettled_generations_;
  const cli::Duration took = now - *first_unsettled_;
  if (churned_ || unsettled_generations_ < kManyGenerations || took < patience) return std::nullopt;
  churned_ = true;
  return std::to_string(unsettled_generations_) + " generations up to " + std::to_string(id) +
         " in " + cli::format_duration(took) + ", and no heartbeat taken in any";
}

std::string GroupDiary::explain(Time now) const {
  if (!unstable_since_) return {};
  const std::string why = troubles(now);
  return "not stable for " + cli::format_duration(now - *unstable_since_) +
         (why.empty() ? "" : ": " + why);
}

std::string GroupDiary::troubles(Time now) const {
  std::string out;
  const auto add = [&](const std::string& text) { out += (out.empty() ? "" : "; ") + text; };
  if (first_unsettled_ && unsettled_generations_ > 1) {
    add(std::to_string(unsettled_generations_) + " generations in " +
        cli::format_duration(now - *first_unsettled_) + " without a heartbeat, the last is " +
        std::to_string(generation_));
  }
  for (const auto& [api, calls] : troubles_) {
    add(name_of(api) + " " + trouble_of(calls));
  }
  if (!last_failure_.what.empty()) add("the last failure was: " + last_failure_.message());
  for (const auto& [api, waiting] : waiting_) {
    add(waiting.broker + " has not answered " + name_of(api) + " for " +
        cli::format_duration(now - waiting.since));
  }
  return out;
}

}  // namespace ks::client
