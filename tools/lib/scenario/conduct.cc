#include "lib/scenario/conduct.h"

#include <algorithm>
#include <cstdlib>
#include <set>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/signals.h"
#include "lib/scenario/checks_result.h"
#include "lib/scenario/topics.h"
#include "lib/scenario/traffic.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::Result;
using report::Status;
using Words = std::vector<std::string>;

constexpr Duration kUndoTime = std::chrono::minutes(5);

class Conductor {
 public:
  Conductor(const Scenario& scenario, const Conduct& conduct)
      : scenario_(scenario),
        conduct_(conduct),
        place_(conduct.place),
        errands_(conduct.place, conduct.progress),
        topics_(scenario, context_, errands_) {
    context_.run_id = place_.run_id;
    context_.client = place_.client;
    context_.principal = scenario.principal;
    context_.work = place_.run_folder / ("work-" + place_.check);
    if (scenario.needs_history()) {
      context_.history = place_.run_folder / "history" / (place_.check + "." + place_.client);
    }
    context_.seed = cli::environment("KS_SEED");
    const std::string replication = cli::environment("KS_REPLICATION");
    if (!replication.empty()) context_.replication = replication;
    context_.metrics_url = conduct.metrics_url;
    context_.shard = conduct.shard;
  }

  Result<std::vector<Outcome>> run() {
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    // One signal is enough: what was disturbed and made is undone, whatever comes meanwhile.
    const cli::StopSignalsHeld held;
    auto done = prepare();
    if (done && errands_.is_well()) done = traffic();
    undisturb();
    if (done && was_sent_) done = verify();
    auto outcomes = judge_all();
    clean_up();
    if (auto ended = end(done); !ended) return tl::make_unexpected(ended.error());
    return outcomes;
  }

  Result<Prepared> prepare_only() {
    const std::int64_t started_ms = cli::wall_ns() / 1'000'000;
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = prepare(); !ok) return tl::make_unexpected(ok.error());
    return Prepared{errands_.steps(),    errands_.is_well(), context_.ends_before,
                    topics_.to_remove(), brokers_before_,    context_.seed,
                    started_ms};
  }

  Result<std::string> traffic_only() {
    const cli::StopSignalsHeld held;
    auto ready = make_values();
    if (ready) ready = traffic();
    if (does_faults(conduct_.shard)) undisturb();
    remove_work();
    if (!ready) return tl::make_unexpected(ready.error());
    return broken_off_;
  }

  Result<std::vector<Outcome>> judge_only(const Prepared& prepared, const Whole& whole) {
    const cli::StopSignalsHeld held;
    whole_ = &whole;
    for (const std::string& name : prepared.steps) errands_.add_step(name);
    for (const std::string& name : whole.steps) errands_.add_step(name);
    context_.ends_before = prepared.ends_before;
    topics_.take_over(prepared.to_remove);
    brokers_before_ = prepared.brokers_before;
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
    return errands_.errand({"ks-report", "begin", place_.run_folder.string(), "--check",
                            place_.check, "--client", place_.client},
                           kErrandTime);
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
    if (auto ok = topics_.make(); !ok) return ok;
    const bool scales = std::ranges::any_of(
        scenario_.faults, [](const Fault& fault) { return fault.verb == "scale"; });
    if (scales && errands_.is_well()) {
      if (auto ok = count_brokers(); !ok) return ok;
    }
    return look_before();
  }

  // What is compared with what it is afterwards.
  Result<void> look_before() {
    if (!context_.history.empty()) {
      auto ends = topics_.ends_before();
      if (!ends) return tl::make_unexpected(ends.error());
      context_.ends_before = std::move(*ends);
    }
    for (const Traffic& traffic : scenario_.traffic) {
      const auto plan = plan_page_before(traffic, scenario_, context_);
      if (!plan || !errands_.is_well()) continue;
      if (auto page = errands_.step(*plan); !page) return tl::make_unexpected(page.error());
    }
    return {};
  }

  Result<void> require_metrics_urls() {
    for (const Traffic& traffic : scenario_.traffic) {
      const bool is_known = !traffic.url.empty() || !context_.metrics_url.empty();
      if (traffic.type != Type::kMetrics || is_known) continue;
      errands_.spoil();
      errands_.add_step(traffic.name);
      auto ok = record(place_, traffic.name, Status::kError,
                       "no metrics URL: profile " + conduct_.profile +
                           "; give the scenario a url, the profile a metrics_url, or set "
                           "KS_METRICS_URL");
      if (!ok) return ok;
    }
    return {};
  }

  Result<void> count_brokers() {
    const fs::path file = context_.work / "status.json";
    // That some are still to be started is why they are counted.
    const Words look{"ks-restart",           "status", "--expect",
                     "nodes_answering >= 0", "--json", file.string()};
    if (auto ok = errands_.errand(look, kErrandTime); !ok) return ok;
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
    for (const std::string& name : run.step_names()) errands_.add_step(name);
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
      static_cast<void>(errands_.errand(argv, kUndoTime));
    };
    for (const std::string& path : paths) undo({"ks-fault", "heal", path});
    if (are_brokers) {
      undo({"ks-restart", "continue"});  // one that is paused cannot be started
      undo({"ks-restart", "start"});
    }
    if (!brokers_before_.empty()) undo({"ks-restart", "scale", brokers_before_});
  }

  Result<void> verify() {
    for (StepPlan& plan : plan_verification(scenario_, context_)) {
      if (cli::stop_signal() != 0) return {};
      if (plan.name == "verify" && whole_ != nullptr && whole_->lacks_history) {
        // Records of who cannot tell of them are not the broker's.
        plan.argv.insert(plan.argv.end(), {"--allow", "phantom", "--allow", "duplicate"});
      }
      auto result = errands_.step(plan);
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
    errands_.add_step("checks");
    const auto result = checks_result(scenario_, conduct_, figures_, outcomes);
    if (auto ok = report::write_result(place_.result("checks"), result); !ok) {
      return tl::make_unexpected(ok.error());
    }
    return outcomes;
  }

  void clean_up() {
    topics_.remove(had_traffic_);
    remove_work();
  }

  void remove_work() {
    std::error_code ignored;
    fs::remove_all(context_.work, ignored);
  }

  Result<void> end(const Result<void>& done) {
    Words argv{"ks-report",   "end",          place_.run_folder.string(),
               "--check",     place_.check,   "--client",
               place_.client, "--exit-status"};
    Status worst = Status::kPass;
    for (const std::string& name : errands_.steps()) {
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
    const std::set<std::string> unique(errands_.steps().begin(), errands_.steps().end());
    argv.insert(argv.end(), unique.begin(), unique.end());
    return errands_.errand(argv, kErrandTime);
  }

  const Scenario& scenario_;
  const Conduct& conduct_;
  const CheckPlace& place_;
  PlanContext context_;
  Errands errands_;
  Topics topics_;
  bool had_traffic_ = false;
  bool was_sent_ = false;  // something that may have been lost
  std::string broken_off_;
  std::string brokers_before_;
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
