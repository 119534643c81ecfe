#include "lib/scenario/conduct.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/scenario/checks_result.h"
#include "lib/scenario/traffic.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::Result;
using report::Status;
using Words = std::vector<std::string>;

constexpr Duration kErrandTime = std::chrono::seconds(60);
constexpr Duration kUndoTime = std::chrono::minutes(5);

class Conductor {
 public:
  Conductor(const Scenario& scenario, const Conduct& conduct)
      : scenario_(scenario), conduct_(conduct), place_(conduct.place) {
    context_.run_id = place_.run_id;
    context_.client = place_.client;
    context_.work = place_.run_folder / ("work-" + place_.check);
    if (scenario.needs_history()) {
      context_.history = place_.run_folder / "history" / (place_.check + "." + place_.client);
    }
    context_.seed = cli::environment("KS_SEED");
    const std::string replication = cli::environment("KS_REPLICATION");
    if (!replication.empty()) context_.replication = replication;
    context_.metrics_url = conduct.metrics_url;
    context_.shard = conduct.shard;
    context_.started_ms = cli::wall_ns() / 1'000'000;
  }

  Result<std::vector<Outcome>> run() {
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    // One signal is enough: what was disturbed and made is undone, whatever comes meanwhile.
    const cli::StopSignalsHeld held;
    auto done = prepare();
    if (done && is_well_) done = traffic();
    undisturb();
    if (done && was_sent_) done = verify();
    auto outcomes = judge_all();
    clean_up();
    if (auto ended = end(done); !ended) return tl::make_unexpected(ended.error());
    return outcomes;
  }

  Result<Prepared> prepare_only() {
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = prepare(); !ok) return tl::make_unexpected(ok.error());
    return Prepared{steps_,          is_well_,      own_topics_,        to_remove_,
                    brokers_before_, context_.seed, context_.started_ms};
  }

  Result<std::string> traffic_only() {
    const cli::StopSignalsHeld held;
    auto ready = make_values();
    if (ready) ready = traffic();
    if (does_faults(conduct_.shard)) undisturb();
    std::error_code ignored;
    fs::remove_all(context_.work, ignored);
    if (!ready) return tl::make_unexpected(ready.error());
    return broken_off_;
  }

  Result<std::vector<Outcome>> judge_only(const Prepared& prepared, const Whole& whole) {
    const cli::StopSignalsHeld held;
    whole_ = &whole;
    steps_ = prepared.steps;
    steps_.insert(steps_.end(), whole.steps.begin(), whole.steps.end());
    own_topics_ = prepared.own_topics;
    to_remove_ = prepared.to_remove;
    brokers_before_ = prepared.brokers_before;
    context_.started_ms = prepared.started_ms;
    figures_ = whole.figures;
    had_traffic_ = true;
    undisturb();  // who did it may be gone
    Result<void> done;
    if (whole.was_sent && !whole.is_interrupted) done = verify();
    auto outcomes = judge_all();
    clean_up();
    if (auto ended = end(done); !ended) return tl::make_unexpected(ended.error());
    return outcomes;
  }

 private:
  Result<void> begin() {
    return errand({"ks-report", "begin", place_.run_folder.string(), "--check", place_.check,
                   "--client", place_.client},
                  kErrandTime);
  }

  Result<void> errand(const Words& argv, Duration bound) {
    const auto status = run_errand(argv, place_, bound);
    if (!status) return tl::make_unexpected(status.error());
    if (*status == 0) return {};
    return cli::fail(argv[0] + " " + argv[1] + " ended with status " + std::to_string(*status),
                     place_.log("errands").string(), "it tells why");
  }

  Result<report::Result> step(const StepPlan& plan) {
    conduct_.progress->begin(place_.check + ": " + plan.name, plan.bound);
    auto result = run_step(plan, place_, [this] { conduct_.progress->tick(); });
    conduct_.progress->clear();
    if (!result) return result;
    steps_.push_back(plan.name);
    if (result->status != Status::kPass) is_well_ = false;
    return result;
  }

  // ---- before ---------------------------------------------------------------------------------

  Result<void> make_values() {
    std::error_code error;
    fs::create_directories(context_.work, error);
    if (error) return cli::fail("cannot make", context_.work.string(), error.message());
    for (const Traffic& traffic : scenario_.traffic) {
      if (traffic.value.empty()) continue;
      const auto file = context_.work / (traffic.name + ".value");
      if (auto ok = cli::write_file(file, traffic.value); !ok) return ok;
    }
    return {};
  }

  Result<void> prepare() {
    if (auto ok = make_values(); !ok) return ok;
    if (auto ok = require_metrics_urls(); !ok) return ok;
    for (std::size_t i = 0; i < scenario_.topics.size() && is_well_; ++i) {
      if (auto ok = make_topic(scenario_.topics[i], i + 1); !ok) return ok;
    }
    const bool scales = std::ranges::any_of(
        scenario_.faults, [](const Fault& fault) { return fault.verb == "scale"; });
    if (scales && is_well_) return count_brokers();
    return {};
  }

  Result<void> require_metrics_urls() {
    for (const Traffic& traffic : scenario_.traffic) {
      const bool is_known = !traffic.url.empty() || !context_.metrics_url.empty();
      if (traffic.type != Type::kMetrics || is_known) continue;
      is_well_ = false;
      steps_.push_back(traffic.name);
      auto ok = record(place_, traffic.name, Status::kError,
                       "no metrics URL: profile " + conduct_.profile +
                           "; give the scenario a url, the profile a metrics_url, or set "
                           "KS_METRICS_URL");
      if (!ok) return ok;
    }
    return {};
  }

  StepPlan admin(const std::string& name, std::size_t number, Words argv) const {
    argv.insert(argv.begin(), {"ks-admin", "topics"});
    argv.insert(argv.end(), {"--client", place_.client});
    return {name + "_" + std::to_string(number), std::move(argv), kErrandTime, ""};
  }

  Result<void> make_topic(const Topic& topic, std::size_t number) {
    const std::string name = with_run_id(topic.name, context_.run_id);
    const auto there = step(admin("there", number, {"list", name}));
    if (!there) return tl::make_unexpected(there.error());
    const auto count = there->metrics.find("topics");
    const bool exists = count != there->metrics.end() && count->second > 0;
    if (is_well_ && exists && !topic.recreate) {
      const std::string enough = "partitions >= " + std::to_string(topic.partitions);
      const auto fits = step(admin("there", number, {"list", name, "--expect", enough}));
      return fits ? Result<void>() : tl::make_unexpected(fits.error());
    }
    if (is_well_ && exists) {
      if (auto gone = step(admin("delete", number, {"delete", name})); !gone) {
        return tl::make_unexpected(gone.error());
      }
    }
    if (is_well_ && exists) {
      const auto gone =
          step(admin("gone", number, {"list", name, "--wait", "30s", "--expect", "topics == 0"}));
      if (!gone) return tl::make_unexpected(gone.error());
    }
    if (!is_well_) return {};
    own_topics_.push_back(name);  // also where its making fails half-way
    if (!topic.keep) to_remove_.push_back(name);
    const auto made = step(plan_create(topic, number, context_));
    return made ? Result<void>() : tl::make_unexpected(made.error());
  }

  Result<void> count_brokers() {
    const fs::path file = context_.work / "status.json";
    if (auto ok = errand({"ks-restart", "status", "--json", file.string()}, kErrandTime); !ok) {
      return ok;
    }
    const auto status = report::read_result(file);
    if (!status) return tl::make_unexpected(status.error());
    const auto answering = status->metrics.find("nodes_answering");
    if (answering != status->metrics.end()) {
      brokers_before_ = std::to_string(static_cast<int>(answering->second));
    }
    return {};
  }

  // ---- meanwhile ------------------------------------------------------------------------------

  Result<void> traffic() {
    TrafficRun run(scenario_, context_, place_, conduct_.first_producer, conduct_.progress);
    had_traffic_ = true;
    auto done = run.run();
    for (const std::string& name : run.step_names()) steps_.push_back(name);
    for (const Traffic& each : scenario_.traffic) {
      const auto results = run.results_of(each.name);
      figures_.push_back(figures_of(each, results));
      const bool is_produced = each.type == Type::kProduce && figures_.back().records > 0;
      was_sent_ = was_sent_ || is_produced;
    }
    broken_off_ = run.broken_off();
    return done;
  }

  // ---- after ----------------------------------------------------------------------------------

  void undisturb() {
    if (!had_traffic_ || scenario_.faults.empty()) return;
    std::set<std::string> paths;
    bool are_brokers = false;
    for (const Fault& fault : scenario_.faults) {
      are_brokers = are_brokers || fault.is_of_brokers();
      if (!fault.is_of_brokers() && !fault.words.empty()) paths.insert(fault.words.front());
    }
    const auto undo = [&](Words argv) {
      conduct_.progress->begin(place_.check + ": " + argv[0] + " " + argv[1]);
      argv.insert(argv.end(), {"--history", context_.history.string()});
      // Not every driver knows each word; what is not whole again is seen by what comes next.
      static_cast<void>(errand(argv, kUndoTime));
    };
    for (const std::string& path : paths) undo({"ks-fault", "heal", path});
    if (are_brokers) {
      undo({"ks-restart", "continue"});  // one that is paused cannot be started
      undo({"ks-restart", "start"});
    }
    if (!brokers_before_.empty()) undo({"ks-restart", "scale", brokers_before_});
  }

  Result<void> verify() {
    for (StepPlan& plan : plan_verification(scenario_, context_, own_topics_)) {
      if (cli::stop_signal() != 0) return {};
      if (plan.name == "verify" && whole_ != nullptr && whole_->lacks_history) {
        // Records of who cannot tell of them are not the broker's.
        plan.argv.insert(plan.argv.end(), {"--allow", "phantom", "--allow", "duplicate"});
      }
      auto result = step(plan);
      if (!result) return tl::make_unexpected(result.error());
      if (plan.name == "verify") verification_ = std::move(*result);
    }
    return {};
  }

  Result<std::vector<Outcome>> judge_all() {
    if (cli::stop_signal() != 0) return std::vector<Outcome>();
    std::vector<Outcome> outcomes;
    if (figures_.empty()) {
      for (const Traffic& each : scenario_.traffic) figures_.push_back(figures_of(each, {}));
    }
    for (const Check& check : scenario_.checks) {
      outcomes.push_back(judge(check, figures_, verification_));
      // A part of what was asked for violates nothing, and keeps nothing.
      if (!broken_off_.empty()) outcomes.back().void_for(broken_off_);
    }
    if (whole_ != nullptr && whole_->doubt) whole_->doubt(outcomes);
    steps_.emplace_back("checks");
    const auto result = checks_result(scenario_, conduct_, figures_, outcomes);
    if (auto ok = report::write_result(place_.result("checks"), result); !ok) {
      return tl::make_unexpected(ok.error());
    }
    return outcomes;
  }

  // What has the run's id in its name is of this run: groups, and topics that the first record
  // made.
  void clean_up() {
    Words groups;
    const auto take_own = [&](const std::string& name, Words& names) {
      const std::string own = with_run_id(name, context_.run_id);
      const bool is_own = had_traffic_ && own != name;
      if (is_own && std::ranges::find(names, own) == names.end()) names.push_back(own);
    };
    for (const Traffic& traffic : scenario_.traffic) {
      take_own(traffic.group, groups);
      const bool is_made = scenario_.topic(traffic.topic) != nullptr;
      if (traffic.type == Type::kProduce && !is_made) take_own(traffic.topic, to_remove_);
    }
    const auto remove = [&](const char* kind, const Words& names) {
      if (names.empty()) return;
      Words argv{"ks-admin", kind, "delete"};
      argv.insert(argv.end(), names.begin(), names.end());
      argv.insert(argv.end(), {"--client", place_.client, "--timeout", "10s"});
      if (auto ok = errand(argv, kErrandTime); !ok) left_over_ = ok.error().message();
    };
    remove("groups", groups);
    remove("topics", to_remove_);
    if (!left_over_.empty()) cli::log_debug("not everything could be removed: " + left_over_);
    std::error_code ignored;
    fs::remove_all(context_.work, ignored);
  }

  Result<void> end(const Result<void>& done) {
    Words argv{"ks-report",   "end",          place_.run_folder.string(),
               "--check",     place_.check,   "--client",
               place_.client, "--exit-status"};
    Status worst = Status::kPass;
    for (const std::string& name : steps_) {
      const auto result = report::read_result(place_.result(name));
      worst = report::worst(worst, result ? result->status : Status::kError);
    }
    if (cli::stop_signal() != 0) {
      argv.push_back(std::to_string(128 + cli::stop_signal()));
    } else if (!done) {
      argv.insert(argv.end(), {"2", "--reason", done.error().message()});
    } else {
      argv.push_back(std::to_string(static_cast<int>(report::exit_status(worst))));
    }
    std::set<std::string> unique(steps_.begin(), steps_.end());
    argv.insert(argv.end(), unique.begin(), unique.end());
    return errand(argv, kErrandTime);
  }

  const Scenario& scenario_;
  const Conduct& conduct_;
  const CheckPlace& place_;
  PlanContext context_;
  Words steps_;
  bool is_well_ = true;  // what comes next can show something
  bool had_traffic_ = false;
  bool was_sent_ = false;  // something that may have been lost
  std::string broken_off_;
  std::string brokers_before_;
  Words own_topics_;
  Words to_remove_;
  std::string left_over_;
  std::vector<Figures> figures_;
  std::optional<report::Result> verification_;
  const Whole* whole_ = nullptr;  // what a fleet brought
};

}  // namespace

Result<std::vector<Outcome>> conduct(const Scenario& scenario, const Conduct& conduct) {
  return Conductor(scenario, conduct).run();
}

Result<Prepared> prepare(const Scenario& scenario, const Conduct& conduct) {
  return Conductor(scenario, conduct).prepare_only();
}

Result<std::string> do_part(const Scenario& scenario, const Conduct& conduct) {
  return Conductor(scenario, conduct).traffic_only();
}

Result<std::vector<Outcome>> judge_whole(const Scenario& scenario, const Conduct& conduct,
                                         const Prepared& prepared, const Whole& whole) {
  return Conductor(scenario, conduct).judge_only(prepared, whole);
}

}  // namespace ks::scenario
