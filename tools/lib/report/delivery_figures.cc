#include "lib/report/delivery_figures.h"

#include <algorithm>
#include <array>

#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr std::array kFigures{
    DeliveryFigure{"sent", "Records sent", "kept", "attempted_records"},
    DeliveryFigure{"acked", "Acknowledged", "kept", "acked_records"},
    DeliveryFigure{"unknown", "Outcome unknown to the client", "kept", "unknown_records"},
    DeliveryFigure{"matched", "Acknowledged and read back", "kept", "uuid_matched_records"},
    DeliveryFigure{"lost", "Lost", "kept", "#lost truncation"},
    DeliveryFigure{"duplicates", "Twice in the log", "kept", "#duplicate"},
    DeliveryFigure{"disorder", "Out of a producer's order", "kept", "#producer-order"},
    DeliveryFigure{"skipped", "Skipped by a group", "kept", "#group-skip", true},
    DeliveryFigure{"rereads", "Read again by a group", "kept", "group_reread_records", true},
    DeliveryFigure{"replays", "Read again though committed", "kept", "#group-replay", true},
    DeliveryFigure{"produce_errors", "Errors that reached the producer", "produce", "errors"},
    DeliveryFigure{"consume_errors", "Errors that reached the consumer", "consume", "errors"},
    DeliveryFigure{"disconnects", "Connections the producer lost", "produce", "disconnects"},
    DeliveryFigure{"produce_gap_ms", "Longest pause of acknowledgements in a partition", "kept",
                   "produce_gap_ms_max"},
    DeliveryFigure{"consume_gap_ms", "Longest pause of reading in a partition", "kept",
                   "consume_gap_ms_max"},
    DeliveryFigure{"produce_recovery_ms", "Longest recovery of producing", "kept",
                   "produce_recovery_ms_max"},
    DeliveryFigure{"consume_recovery_ms", "Longest recovery of reading", "kept",
                   "consume_recovery_ms_max"},
    DeliveryFigure{"resume_ms", "Longest way back of a new consumer", "resume_*", "resume_ms"},
    DeliveryFigure{"session_timeout_ms", "`session.timeout.ms` of the consumers", "resume_*",
                   "session_timeout_ms"},
    DeliveryFigure{"commit_interval_ms", "Time between two commits", "resume_*",
                   "commit_interval_ms"},
    DeliveryFigure{"committed_changes", "Changes committed in PostgreSQL", "judged",
                   "committed_changes"},
    DeliveryFigure{"committed_inserts", "of them inserts", "judged", "committed_inserts"},
    DeliveryFigure{"committed_updates", "of them updates", "judged", "committed_updates"},
    DeliveryFigure{"committed_deletes", "of them deletes", "judged", "committed_deletes"},
    DeliveryFigure{"changes_while_down", "of them while the worker was down", "judged",
                   "changes_while_down"},
    DeliveryFigure{"arrived_changes", "Changes that arrived", "judged", "arrived_changes"},
    DeliveryFigure{"cdc_lost", "Changes that did not", "judged", "#cdc-lost cdc-gap"},
    DeliveryFigure{"cdc_phantoms", "Events of what was never committed", "judged", "#cdc-phantom"},
    DeliveryFigure{"cdc_disorder", "Changes out of order", "judged", "#cdc-order"},
    DeliveryFigure{"snapshots", "Rows read by another snapshot", "judged", "#cdc-new-snapshot"},
    DeliveryFigure{"snapshot_events", "Events of the first snapshot", "judged", "snapshot_events"},
    DeliveryFigure{"change_events", "Events of changes", "judged", "change_events"},
    DeliveryFigure{"replayed_events", "Events that came again after a restart", "judged",
                   "replayed_events"},
    DeliveryFigure{"unexplained_events", "Events that came again otherwise", "judged",
                   "#cdc-duplicate cdc-replay"},
    DeliveryFigure{"worker_resume_ms", "Longest time from a worker's start to its first event",
                   "judged", "resume_ms_max"},
    DeliveryFigure{"catch_up_ms", "Longest time from a worker's start until it had caught up",
                   "judged", "catch_up_ms_max"},
    DeliveryFigure{"outage_ms", "Longest time without a worker", "judged", "outage_ms_max"},
    DeliveryFigure{"log_behind_bytes", "Most of PostgreSQL's log that a worker had to go through",
                   "judged", "log_behind_bytes_max"},
    DeliveryFigure{"flush_interval_ms", "`offset.flush.interval.ms` of the worker", "worker",
                   "offset_flush_interval_ms"},
};

bool is_of(std::string_view step, std::string_view pattern) {
  if (!pattern.ends_with('*')) return step == pattern;
  return step.starts_with(pattern.substr(0, pattern.size() - 1));
}

double count_anomalies(const Result& result, std::string_view types) {
  double count = 0;
  for (const Anomaly& anomaly : result.anomalies) {
    const std::string padded = " " + std::string(types) + " ";
    if (padded.find(" " + anomaly.type + " ") == std::string::npos) continue;
    count += static_cast<double>(anomaly.count);
  }
  return count;
}

std::optional<double> value_of(const Result& result, const DeliveryFigure& figure) {
  if (figure.metric.starts_with('#')) {
    // A judge that could not judge has counted nothing.
    const bool has_judged = result.metrics.count("anomalies") != 0;
    return has_judged ? std::optional(count_anomalies(result, figure.metric.substr(1)))
                      : std::nullopt;
  }
  const auto found = result.metrics.find(std::string(figure.metric));
  return found == result.metrics.end() ? std::nullopt : std::optional(found->second);
}

void take(const Result& result, const DeliveryFigure& figure, DeliveryCheck& out) {
  const auto value = value_of(result, figure);
  if (!value) return;
  const auto [entry, is_new] = out.figures.try_emplace(figure.name, *value);
  if (!is_new) entry->second = std::max(entry->second, *value);
  for (const Threshold& threshold : result.thresholds) {
    // Of a setting nothing is expected but that it is told.
    if (threshold.metric == figure.metric && !figure.label.starts_with('`'))
      out.limits[figure.name] = threshold;
  }
}

}  // namespace

std::span<const DeliveryFigure> delivery_figures() { return kFigures; }

std::optional<double> DeliveryCheck::figure(std::string_view name) const {
  const auto found = figures.find(name);
  return found == figures.end() ? std::nullopt : std::optional(found->second);
}

DeliveryCheck read_delivery(const Row& row) {
  DeliveryCheck out;
  out.row = &row;
  for (const Step& step : row.steps) {
    for (const DeliveryFigure& figure : kFigures) {
      if (is_of(step.result.step, figure.step)) take(step.result, figure, out);
    }
  }
  return out;
}

WorstFigure worst_figure(const std::vector<DeliveryCheck>& checks, std::string_view name) {
  WorstFigure worst;
  for (const DeliveryCheck& check : checks) {
    const auto value = check.figure(name);
    if (value && (worst.check == nullptr || *value > worst.value)) worst = {&check, *value};
  }
  return worst;
}

std::string figure_text(std::string_view name, double value) {
  if (name.ends_with("_ms")) {
    return value < 1000 ? short_number(value) + " ms" : short_number(value / 1000) + " s";
  }
  if (name.ends_with("_bytes")) {
    constexpr double kMiB = 1 << 20;
    return value < kMiB ? short_number(value / 1024) + " KiB" : short_number(value / kMiB) + " MiB";
  }
  return format_number(value);
}

}  // namespace ks::report
