#include "lib/scenario/fleet_merge.h"

#include <algorithm>

#include "lib/cli/file.h"
#include "lib/scenario/merged_step.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::Result;
using report::metric_or_zero;
using report::Status;

class Merger {
 public:
  Merger(const Scenario& scenario, const CheckPlace& place, const std::vector<FleetWorker>& workers,
         std::uint32_t count)
      : scenario_(scenario), place_(place), workers_(workers), count_(count) {
    out_.figures.resize(workers.size());
  }

  Result<FleetMerge> merge() {
    for (std::size_t i = 0; i < scenario_.traffic.size(); ++i) {
      if (auto ok = merge_traffic(scenario_.traffic[i], i); !ok)
        return tl::make_unexpected(ok.error());
    }
    if (auto ok = take_faults(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = take_histories(); !ok) return tl::make_unexpected(ok.error());
    return std::move(out_);
  }

 private:
  // The place of a step of the same check in a worker's folder.
  CheckPlace place_of(const FleetWorker& worker) const {
    CheckPlace out = place_;
    out.run_folder = worker.dir;
    return out;
  }

  // Only what the plan wants has a part of the whole.
  bool is_wanted(std::size_t i) const { return i < count_ && workers_[i].wrong.empty(); }

  Result<void> merge_traffic(const Traffic& traffic, std::size_t position) {
    MergedStep step;
    std::string missing;
    for (std::size_t i = 0; i < count_; ++i) {
      const Shard shard{static_cast<std::uint32_t>(i), count_};
      for (const std::string& name : step_names_of(traffic, position, shard)) {
        const bool is_there = is_wanted(i) && add(name, i, traffic, step);
        if (!is_there && missing.empty()) {
          missing = workers_[i].name() + " has no result of " + name;
        }
      }
    }
    Figures figures;
    figures.name = traffic.name;
    figures.type = traffic.type;
    if (!step.empty()) {
      auto merged = put(traffic, step, missing.empty());
      if (!merged) return tl::make_unexpected(merged.error());
      Traffic one = traffic;
      one.clients = 1;
      figures = figures_of(one, {std::move(*merged)});
    }
    if (!missing.empty()) {
      figures.is_complete = false;
      figures.why = missing;
    }
    const bool is_sent = traffic.type == Type::kProduce && figures.records > 0;
    out_.whole.was_sent = out_.whole.was_sent || is_sent;
    out_.whole.figures.push_back(std::move(figures));
    return {};
  }

  // False: there is no such result.
  bool add(const std::string& name, std::size_t i, const Traffic& traffic, MergedStep& step) {
    const FleetWorker& worker = workers_[i];
    const CheckPlace place = place_of(worker);
    auto result = report::read_result(place.result(name));
    if (!result || result->run_id != place.run_id) return false;
    const auto series = cli::read_file(series_file(place, name));
    WorkerFigures& figures = out_.figures[i];
    figures.sent += metric_or_zero(result->metrics, "acked_records");
    figures.received += metric_or_zero(result->metrics, "read_records");
    figures.errors += metric_or_zero(result->metrics, "errors");
    const std::int64_t offset_ns = worker.clock ? worker.clock->offset_ns : 0;
    const std::string who = worker.name() + (traffic.clients > 1 ? ", " + name : "");
    step.add(std::move(*result), series ? *series : "", who, offset_ns);
    return true;
  }

  static fs::path series_file(const CheckPlace& place, const std::string& name) {
    return place.run_folder / "series" / place.result(name).filename().replace_extension(".jsonl");
  }

  Result<report::Result> put(const Traffic& traffic, MergedStep& step, bool is_whole) {
    std::string lines;
    report::Result merged = step.take(traffic.name, lines);
    // What was not sent cannot be read: no reader is to blame that did what it could.
    const bool is_short = !is_whole || std::ranges::any_of(workers_, [](const FleetWorker& each) {
      return !each.lost.empty();
    });
    const bool is_blamed = metric_or_zero(merged.metrics, "errors") +
                               metric_or_zero(merged.metrics, "corrupt_records") +
                               metric_or_zero(merged.metrics, "uuid_mismatched_records") >
                           0;
    if (is_short && traffic.type == Type::kConsume && merged.status == Status::kFail &&
        !is_blamed) {
      merged.status = Status::kInconclusive;
    }
    if (!lines.empty()) {
      const fs::path file = series_file(place_, traffic.name);
      if (auto ok = cli::write_file(file, lines); !ok) return tl::make_unexpected(ok.error());
      merged.series = file.string();
    }
    out_.whole.steps.push_back(traffic.name);
    if (auto ok = report::write_result(place_.result(traffic.name), merged); !ok) {
      return tl::make_unexpected(ok.error());
    }
    return merged;
  }

  Result<void> take_faults() {
    for (std::size_t i = 0; i < scenario_.faults.size(); ++i) {
      const std::string name = "fault_" + std::to_string(i + 1);
      const auto result = report::read_result(place_of(workers_.front()).result(name));
      if (!result) {
        const std::string why = workers_.front().name() + " has no result of it";
        if (auto ok = record(place_, name, Status::kInconclusive, why); !ok) return ok;
      } else if (auto ok = report::write_result(place_.result(name), *result); !ok) {
        return ok;
      }
      out_.whole.steps.push_back(name);
    }
    return {};
  }

  Result<void> take_histories() {
    if (!scenario_.needs_history()) return {};
    const fs::path folder = place_.run_folder / "history" / (place_.check + "." + place_.client);
    std::error_code error;
    fs::create_directories(folder, error);
    for (const FleetWorker& worker : workers_) {
      const bool is_untold = worker.histories.empty() && !worker.lost.empty();
      out_.whole.lacks_history = out_.whole.lacks_history || is_untold;
      for (const fs::path& file : worker.histories) {
        const fs::path name = std::to_string(worker.index) + "-" + file.filename().string();
        if (!error) link_or_copy(file, folder / name, error);
      }
    }
    if (!error) return {};
    return cli::fail("cannot bring the histories together", folder.string(), error.message());
  }

  static void link_or_copy(const fs::path& from, const fs::path& to, std::error_code& error) {
    fs::remove(to, error);
    fs::create_hard_link(from, to, error);
    if (error) fs::copy_file(from, to, error);
  }

  const Scenario& scenario_;
  const CheckPlace& place_;
  const std::vector<FleetWorker>& workers_;
  std::uint32_t count_;
  FleetMerge out_;
};

}  // namespace

Result<FleetMerge> merge_workers(const Scenario& scenario, const CheckPlace& place,
                                 const std::vector<FleetWorker>& workers, std::uint32_t count) {
  return Merger(scenario, place, workers, count).merge();
}

}  // namespace ks::scenario
