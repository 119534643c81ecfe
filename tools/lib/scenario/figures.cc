#include <algorithm>

#include "lib/report/histograms.h"
#include "lib/scenario/judge.h"

namespace ks::scenario {
namespace {

using report::metric_or_zero;

void add_latency(const report::Result& result, const char* name, stats::Histogram& out) {
  report::Histograms all;
  report::merge_histograms(result, all);
  if (const auto found = all.find(name); found != all.end()) out.merge(found->second);
}

void add_page(const report::Result& result, Figures& out) {
  out.records += 1;
  const auto take = [&](const char* field, std::map<std::string, double>& values) {
    if (!result.data.is_object() || !result.data.contains(field)) return;
    for (const auto& [series, value] : result.data.at(field).items()) {
      if (value.is_number()) values[series] = value;
    }
  };
  take("samples", out.samples);
  take("growth", out.growth);
  if (result.data.is_object()) {
    out.violations = result.data.value("violations", std::vector<std::string>());
  }
}

void add_client(const report::Result& result, Figures& out) {
  const bool is_produce = out.type == Type::kProduce;
  const double errors = metric_or_zero(result.metrics, "errors");
  const double records =
      metric_or_zero(result.metrics, is_produce ? "acked_records" : "read_records");
  out.records += records;
  out.errors += errors;
  out.refusals += metric_or_zero(result.metrics, "authorization_errors");
  out.attempts +=
      is_produce ? metric_or_zero(result.metrics, "attempted_records") : records + errors;
  out.mismatched += metric_or_zero(result.metrics, "uuid_mismatched_records");
  out.elapsed_s = std::max(out.elapsed_s, metric_or_zero(result.metrics, "elapsed_s"));
  add_latency(result, is_produce ? "latency_ns" : "end_to_end_ns", out.latency);
}

}  // namespace

Figures figures_of(const Traffic& traffic, const std::vector<report::Result>& results) {
  Figures out;
  out.name = traffic.name;
  out.type = traffic.type;
  const auto miss = [&](const std::string& why) {
    if (out.is_complete) out.why = why;
    out.is_complete = false;
  };
  if (results.size() < static_cast<std::size_t>(traffic.clients)) miss("it did not start");
  for (const report::Result& result : results) {
    out.began_ns =
        out.began_ns == 0 ? result.started_at_ns : std::min(out.began_ns, result.started_at_ns);
    if (result.status == report::Status::kError) miss(result.reason);
    if (traffic.type == Type::kMetrics) {
      add_page(result, out);
    } else {
      add_client(result, out);
    }
  }
  return out;
}

}  // namespace ks::scenario
