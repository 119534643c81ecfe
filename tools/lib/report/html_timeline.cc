#include "lib/report/html_timeline.h"

#include <algorithm>
#include <set>

#include "lib/report/html_step.h"
#include "lib/report/text.h"
#include "lib/report/timeline.h"
#include "lib/report/timeline_svg.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

using kainjow::mustache::list;
using kainjow::mustache::object;

// What the page may hold, for its size is that of its charts' points and marks.
constexpr std::size_t kMostTimelines = 60;
constexpr std::size_t kMostBuckets = 240;  // of one: finer than that, points run together
constexpr std::size_t kMostBucketsOfAll = 2000;
constexpr std::size_t kMostRecoveriesOfAll = 1000;  // of single partitions
constexpr std::size_t kMostSvgBytes = 600'000;
// What is over sooner is told by its step's figures.
constexpr std::int64_t kShortestNs = 3'000'000'000;

// How much one of them may show.
struct Room {
  std::size_t buckets = kMostBuckets;
  std::size_t recoveries = 0;
};

struct Subject {
  const Row* row = nullptr;
  std::size_t number = 0;  // of the row in the summary
  std::string run_id;      // runs may be hours apart: each has its own axis
  std::vector<const Step*> steps;
};

bool leaves_traces(const Step& step) {
  return !step.series.seconds.empty() || !step.series.readings.empty() ||
         !step.series.problem.empty() || !step.disturbances.faults.empty() ||
         !step.disturbances.problem.empty();
}

std::vector<Subject> subjects_of(const Summary& summary) {
  std::vector<Subject> out;
  for (std::size_t i = 0; i < summary.rows.size(); ++i) {
    const Row& row = summary.rows[i];
    std::map<std::string, std::vector<const Step*>> by_run;
    for (const Step& step : row.steps) {
      if (leaves_traces(step)) by_run[step.result.run_id].push_back(&step);
    }
    for (auto& [run_id, steps] : by_run) out.push_back({&row, i, run_id, std::move(steps)});
  }
  return out;
}

bool is_worth_drawing(const Timeline& timeline) {
  return !timeline.faults.empty() || !timeline.problems.empty() ||
         timeline.end_ns() - timeline.begin_ns >= kShortestNs;
}

std::string time_or(const Timeline& timeline, std::optional<std::int64_t> time_ns,
                    const char* otherwise) {
  return time_ns ? clock_text(timeline, *time_ns) : otherwise;
}

std::string recovery_of(const Timeline& timeline, const Fault& fault, const char* operation) {
  for (const Recovery* recovery : worst_recoveries(timeline, operation)) {
    const bool is_of_fault =
        recovery->fault == fault.name && recovery->confirmed_ns == fault.confirmed_ns;
    if (is_of_fault) return recovery_text(*recovery);
  }
  return "–";
}

list faults_data(const Timeline& timeline) {
  list out;
  for (const Fault& fault : timeline.faults) {
    out.emplace_back(object{{"fault", fault.name},
                            {"begun", clock_text(timeline, fault.begun_ns)},
                            {"confirmed", time_or(timeline, fault.confirmed_ns, "not confirmed")},
                            {"healed", time_or(timeline, fault.healed_ns, "never")},
                            {"produce", recovery_of(timeline, fault, "produce")},
                            {"consume", recovery_of(timeline, fault, "consume")}});
  }
  return out;
}

// As many as there is room for; then those with open recoveries and the longest gaps.
std::vector<const Availability*> shown_partitions(const Timeline& timeline,
                                                  std::size_t recoveries) {
  std::vector<const Availability*> out;
  for (const Availability& partition : timeline.partitions) out.push_back(&partition);
  const std::size_t most = recoveries / (timeline.faults.size() + 1);
  if (out.size() <= most) return out;
  std::ranges::stable_sort(out, {}, [](const Availability* a) {
    return std::pair(std::ranges::none_of(a->recoveries, &Recovery::is_open), -a->gap_ms);
  });
  out.resize(most);
  return out;
}

// A consumer tries until it reads: it has no rate of success.
std::string success_text(const Availability& of) {
  return of.operation == "consume" ? "–" : format_number(of.success_rate * 100) + " %";
}

list partitions_data(const std::vector<const Availability*>& partitions) {
  list out;
  for (const Availability* a : partitions) {
    const auto worst = std::ranges::max_element(
        a->recoveries, {}, [](const Recovery& r) { return std::pair(r.is_open, r.ms()); });
    const bool recovers = worst != a->recoveries.end();
    out.emplace_back(object{{"topic", a->topic},
                            {"partition", std::to_string(a->partition)},
                            {"operation", a->operation},
                            {"attempts", format_number(a->attempts)},
                            {"success", success_text(*a)},
                            {"gap", short_number(a->gap_ms) + " ms"},
                            {"recoveries", std::to_string(a->recoveries.size())},
                            {"worst", recovers ? recovery_text(*worst) : "–"},
                            {"fault", optional_text(recovers ? worst->fault : "")}});
  }
  return out;
}

list figures_data(const Timeline& timeline) {
  list out;
  for (const Lane& lane : timeline.lanes) {
    for (const Bucket& bucket : lane.buckets) {
      const auto ms = [&](double Latency::*percentile) {
        return bucket.latency ? short_number((*bucket.latency).*percentile) : "–";
      };
      const auto time_ns =
          timeline.begin_ns + static_cast<std::int64_t>(bucket.rate.at) * timeline.bucket_ns;
      out.emplace_back(object{{"time", clock_text(timeline, time_ns)},
                              {"lane", lane.name},
                              {"rate", range_text(bucket.rate)},
                              {"errors", format_number(bucket.errors)},
                              {"p50", ms(&Latency::p50_ms)},
                              {"p95", ms(&Latency::p95_ms)},
                              {"p99", ms(&Latency::p99_ms)}});
    }
  }
  return out;
}

object timeline_data(const Timeline& timeline, const std::string& anchor, const Room& room) {
  list problems;
  for (const std::string& problem : timeline.problems) problems.emplace_back(problem);
  object out{{"anchor", anchor}, {"problems", problems}, {"has_axis", timeline.has_axis()}};
  if (!timeline.has_axis()) return out;
  const auto partitions = shown_partitions(timeline, room.recoveries);
  const std::size_t more = timeline.partitions.size() - partitions.size();
  const bool has_partitions = !partitions.empty();
  out["svg"] = timeline_svg(timeline, anchor + "-words");
  out["words"] = summary_text(timeline);
  out["has_faults"] = !timeline.faults.empty();
  out["faults"] = faults_data(timeline);
  out["has_partitions"] = has_partitions;
  out["partitions"] = partitions_data(partitions);
  out["more_partitions"] = optional_text(more == 0 ? "" : format_number(static_cast<double>(more)));
  out["partitions_svg"] =
      has_partitions ? partitions_svg(timeline, partitions, anchor + "-partitions") : "";
  out["figures"] = figures_data(timeline);
  out["has_figures"] = !timeline.lanes.empty();
  out["width"] = bucket_length(timeline);
  return out;
}

// Every step once, though clients share some.
Timeline whole_run(const std::vector<Subject>& subjects) {
  std::set<std::filesystem::path> files;
  std::vector<const Step*> steps;
  for (const Subject& subject : subjects) {
    for (const Step* step : subject.steps) {
      if (files.insert(step->file).second) steps.push_back(step);
    }
  }
  Timeline out = make_timeline(steps, kMostBuckets);
  out.problems.clear();  // they stand at their checks
  return out;
}

// Those that tell of trouble come first.
bool is_calm(const Subject& subject) {
  return subject.row->status == Status::kPass &&
         std::ranges::all_of(subject.steps,
                             [](const Step* step) { return step->disturbances.faults.empty(); });
}

}  // namespace

Timelines timelines_data(const Summary& summary) {
  Timelines out;
  std::vector<Subject> subjects = subjects_of(summary);
  std::ranges::stable_sort(subjects, {}, is_calm);
  const std::size_t shares = std::clamp<std::size_t>(subjects.size(), 1, kMostTimelines);
  const Room room{std::min(kMostBuckets, kMostBucketsOfAll / shares),
                  kMostRecoveriesOfAll / shares};
  std::size_t undrawn = 0, charts = 0, bytes = 0;
  for (const Subject& subject : subjects) {
    const Timeline timeline = make_timeline(subject.steps, room.buckets);
    if (!is_worth_drawing(timeline)) continue;
    if (out.list.size() == kMostTimelines || bytes > kMostSvgBytes) {
      ++undrawn;
      continue;
    }
    const Row& row = *subject.row;
    const std::string anchor = "timeline-" + std::to_string(out.list.size() + 1);
    out.anchors.emplace(subject.number, anchor);
    object data = timeline_data(timeline, anchor, room);
    if (timeline.has_axis()) {
      ++charts;
      bytes += data["svg"].string_value().size();
    }
    data["title"] = row_name(row) + (summary.runs.size() > 1 ? ", run " + subject.run_id : "");
    data["class"] = status_class(row.status);
    data["word"] = std::string(status_word(row));
    data["open"] = !is_calm(subject) || !timeline.problems.empty();
    out.list.emplace_back(std::move(data));
  }
  if (charts > 1) {
    object data = timeline_data(whole_run(subjects), "timeline-run", {});
    data["title"] = "The whole run";
    data["word"] = false;
    data["open"] = true;
    out.list.insert(out.list.begin(), data);
  }
  if (undrawn > 0) {
    out.undrawn = "Not drawn are " + format_number(static_cast<double>(undrawn)) +
                  " more timelines; their series are with their steps.";
  }
  return out;
}

}  // namespace ks::report
