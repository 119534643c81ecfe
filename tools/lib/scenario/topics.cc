#include "lib/scenario/topics.h"

#include <algorithm>

#include "lib/cli/log.h"

namespace ks::scenario {

namespace fs = std::filesystem;
using cli::Result;

Result<void> Topics::make() {
  for (std::size_t i = 0; i < scenario_.topics.size() && errands_.is_well(); ++i) {
    if (auto ok = make_one(scenario_.topics[i], i + 1); !ok) return ok;
  }
  return {};
}

StepPlan Topics::admin(const std::string& name, std::size_t number, Words argv) const {
  argv.insert(argv.begin(), {"ks-admin", "topics"});
  return {name + "_" + std::to_string(number), as_client(std::move(argv), context_), kErrandTime,
          ""};
}

Result<bool> Topics::exists(const std::string& step, const std::string& name, std::size_t number) {
  const auto there = errands_.step(admin(step, number, {"list", name}));
  if (!there) return tl::make_unexpected(there.error());
  const auto count = there->metrics.find("topics");
  return errands_.is_well() && count != there->metrics.end() && count->second > 0;
}

Result<void> Topics::make_one(const Topic& topic, std::size_t number) {
  const std::string name = with_run_id(topic.name, context_.run_id);
  const auto is_there = exists("there", name, number);
  if (!is_there) return tl::make_unexpected(is_there.error());
  if (*is_there && !topic.recreate) {
    const std::string enough = "partitions >= " + std::to_string(topic.partitions);
    const auto fits = errands_.step(admin("there", number, {"list", name, "--expect", enough}));
    return fits ? Result<void>() : tl::make_unexpected(fits.error());
  }
  if (*is_there) {
    if (auto ok = unmake(name, number); !ok) return ok;
  }
  if (!errands_.is_well()) return {};
  made_.push_back(name);  // also where its making fails half-way
  if (!topic.keep) to_remove_.push_back(name);
  const auto made = errands_.step(plan_create(topic, number, context_));
  return made ? Result<void>() : tl::make_unexpected(made.error());
}

Result<void> Topics::unmake(const std::string& name, std::size_t number) {
  auto done = errands_.step(admin("delete", number, {"delete", name}));
  if (done && errands_.is_well()) {
    done = errands_.step(
        admin("gone", number, {"list", name, "--wait", "30s", "--expect", "topics == 0"}));
  }
  return done ? Result<void>() : tl::make_unexpected(done.error());
}

Result<std::map<std::string, fs::path>> Topics::ends_before() {
  std::map<std::string, fs::path> out;
  const Words topics = produced_topics(scenario_, context_.run_id);
  for (std::size_t i = 0; i < topics.size() && errands_.is_well(); ++i) {
    if (std::ranges::find(made_, topics[i]) != made_.end()) continue;
    const auto is_there = exists("before", topics[i], i + 1);
    if (!is_there) return tl::make_unexpected(is_there.error());
    if (!*is_there) continue;
    const std::string name = "ends_before_" + std::to_string(i + 1);
    const auto ends = errands_.step(
        {name, as_client({"ks-offsets", "list", "-t", topics[i]}, context_), kErrandTime, ""});
    if (!ends) return tl::make_unexpected(ends.error());
    out[topics[i]] = errands_.place().result(name);
  }
  return out;
}

// What has the run's id in its name is of this run: groups, and topics that the first record made.
void Topics::remove(bool had_traffic) {
  Words groups;
  const auto take_own = [&](const std::string& name, Words& names) {
    const std::string own = with_run_id(name, context_.run_id);
    const bool is_own = had_traffic && own != name;
    if (is_own && std::ranges::find(names, own) == names.end()) names.push_back(own);
  };
  for (const Traffic& traffic : scenario_.traffic) {
    take_own(traffic.group, groups);
    const bool is_made = scenario_.topic(traffic.topic) != nullptr;
    if (traffic.type == Type::kProduce && !is_made) take_own(traffic.topic, to_remove_);
  }
  remove_all("groups", groups);
  remove_all("topics", to_remove_);
}

void Topics::remove_all(const char* kind, const Words& names) {
  if (names.empty()) return;
  Words argv{"ks-admin", kind, "delete"};
  argv.insert(argv.end(), names.begin(), names.end());
  argv.insert(argv.end(), {"--timeout", "10s"});
  if (const auto ok = errands_.errand(as_client(argv, context_), kErrandTime); !ok) {
    cli::log_debug("not everything could be removed: " + ok.error().message());
  }
}

}  // namespace ks::scenario
