#include "lib/report/html_figures.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <utility>

#include "lib/report/html_rows.h"
#include "lib/report/html_step.h"
#include "lib/report/latency_svg.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

using kainjow::mustache::list;
using kainjow::mustache::object;

// What the page may hold.
constexpr std::size_t kMostThresholds = 200;
constexpr std::size_t kMostTraffic = 100;
constexpr std::size_t kMostDistributions = 24;

// A step with the row it is shown at. Clients share some steps: each is shown once.
struct Place {
  const Row* row = nullptr;
  std::size_t number = 0;
  const Step* step = nullptr;
};

std::vector<Place> places_of(const Summary& summary) {
  std::vector<Place> out;
  std::set<std::filesystem::path> seen;
  for (std::size_t i = 0; i < summary.rows.size(); ++i) {
    for (const Step& step : summary.rows[i].steps) {
      if (seen.insert(step.file).second) out.push_back({&summary.rows[i], i, &step});
    }
  }
  return out;
}

std::string more_text(std::size_t all, std::size_t shown, const std::string& what) {
  if (all <= shown) return "";
  return format_number(static_cast<double>(all - shown)) + " more " + what +
         "; each step's result in results/ has its own.";
}

struct Limit {
  Place place;
  const Threshold* threshold = nullptr;
};

void add_expected(const std::vector<Place>& places, object& page) {
  std::vector<Limit> limits;
  for (const Place& place : places) {
    for (const Threshold& t : place.step->result.thresholds) limits.push_back({place, &t});
  }
  std::ranges::stable_sort(limits, {}, [](const Limit& limit) { return limit.threshold->ok; });
  const std::size_t shown = std::min(limits.size(), kMostThresholds);
  const auto kept = std::ranges::count_if(limits, [](const Limit& l) { return l.threshold->ok; });
  list rows;
  for (const Limit& limit : std::span(limits).first(shown)) {
    object row = threshold_data(*limit.threshold);
    row["name"] = row_name(*limit.place.row);
    row["anchor"] = anchor_of(limit.place.number);
    row["step"] = limit.place.step->result.step;
    rows.emplace_back(std::move(row));
  }
  page["has_expected"] = !rows.empty();
  page["expected"] = rows;
  page["expected_kept"] = format_number(static_cast<double>(kept)) + " of " +
                          format_number(static_cast<double>(limits.size())) + " held.";
  page["more_expected"] = optional_text(more_text(limits.size(), shown, "held"));
}

std::optional<double> metric(const Result& result, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (const auto found = result.metrics.find(name); found != result.metrics.end()) {
      return found->second;
    }
  }
  return std::nullopt;
}

std::string number_or_dash(std::optional<double> value) {
  return value ? format_number(*value) : "–";
}

std::string rate_or_dash(std::optional<double> per_s) {
  return per_s ? format_number(*per_s < 10 ? *per_s : std::round(*per_s)) : "–";
}

// What counts from the intended time, else to the end; others tell of parts.
std::optional<Distribution> distribution_of(const Place& place) {
  const Result& result = place.step->result;
  for (const std::string stem : {"latency_ms", "end_to_end_ms", "request_ms"}) {
    const auto p50 = metric(result, {(stem + "_p50").c_str()});
    const auto p95 = metric(result, {(stem + "_p95").c_str()});
    const auto p99 = metric(result, {(stem + "_p99").c_str()});
    if (!p50 || !p95 || !p99) continue;
    const double max = metric(result, {(stem + "_max").c_str()}).value_or(*p99);
    return Distribution{row_name(*place.row) + " " + result.step, *p50, *p95, *p99, max};
  }
  return std::nullopt;
}

struct Traffic {
  Place place;
  std::optional<double> sent;
  std::optional<double> received;
  std::optional<Distribution> latency;

  double records() const { return std::max(sent.value_or(0), received.value_or(0)); }
  bool is_bad() const { return place.step->result.status != Status::kPass; }
};

std::vector<Traffic> traffic_of(const std::vector<Place>& places) {
  std::vector<Traffic> out;
  for (const Place& place : places) {
    const Result& result = place.step->result;
    Traffic traffic{place, metric(result, {"acked_records", "kafka_writer_message_count"}),
                    metric(result, {"read_records", "kafka_reader_message_count"}),
                    distribution_of(place)};
    if (traffic.sent || traffic.received || traffic.latency) out.push_back(std::move(traffic));
  }
  std::ranges::stable_sort(out, {}, [](const Traffic& traffic) { return !traffic.is_bad(); });
  return out;
}

object traffic_data(const Traffic& traffic) {
  const Result& result = traffic.place.step->result;
  const auto latency = [&](double Distribution::*percentile) {
    return traffic.latency ? short_number((*traffic.latency).*percentile) : "–";
  };
  return {{"name", row_name(*traffic.place.row)},
          {"anchor", anchor_of(traffic.place.number)},
          {"step", result.step},
          {"class", status_class(result.status)},
          {"word", std::string(status_word(result.status))},
          {"sent", number_or_dash(traffic.sent)},
          {"received", number_or_dash(traffic.received)},
          {"errors", number_or_dash(metric(result, {"errors", "kafka_writer_error_count",
                                                    "kafka_reader_error_count"}))},
          {"rate", rate_or_dash(metric(result, {"acked_per_s", "read_per_s"}))},
          {"p50", latency(&Distribution::p50_ms)},
          {"p95", latency(&Distribution::p95_ms)},
          {"p99", latency(&Distribution::p99_ms)},
          {"max", latency(&Distribution::max_ms)}};
}

// Of what did not pass first, then of most records; in the order of the table.
std::vector<Distribution> drawn(const std::vector<Traffic>& all) {
  std::vector<const Traffic*> chosen;
  for (const Traffic& traffic : all) {
    if (traffic.latency) chosen.push_back(&traffic);
  }
  std::ranges::stable_sort(chosen, {}, [](const Traffic* traffic) {
    return std::pair(!traffic->is_bad(), -traffic->records());
  });
  chosen.resize(std::min(chosen.size(), kMostDistributions));
  std::ranges::sort(chosen);  // they lie in one vector
  std::vector<Distribution> out;
  for (const Traffic* traffic : chosen) out.push_back(*traffic->latency);
  return out;
}

void add_traffic(const std::vector<Place>& places, object& page) {
  const std::vector<Traffic> all = traffic_of(places);
  const std::size_t shown = std::min(all.size(), kMostTraffic);
  list rows;
  for (const Traffic& traffic : std::span(all).first(shown)) {
    rows.emplace_back(traffic_data(traffic));
  }
  const std::vector<Distribution> distributions = drawn(all);
  const auto with_latency = std::ranges::count_if(
      all, [](const Traffic& traffic) { return traffic.latency.has_value(); });
  const bool is_all = std::cmp_equal(with_latency, distributions.size());
  page["has_traffic"] = !rows.empty();
  page["traffic"] = rows;
  page["more_traffic"] = optional_text(more_text(all.size(), shown, "steps moved records"));
  page["has_latencies"] = !distributions.empty();
  page["latencies_svg"] = latency_svg(distributions, "latency-words");
  page["latencies_of"] =
      is_all ? "each step" : "the " + counted(distributions.size(), "step") + " of most records";
}

}  // namespace

void add_figures(const Summary& summary, object& page) {
  const std::vector<Place> places = places_of(summary);
  add_expected(places, page);
  add_traffic(places, page);
}

}  // namespace ks::report
