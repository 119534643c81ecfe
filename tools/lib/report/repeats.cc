#include "lib/report/repeats.h"

#include <algorithm>
#include <cmath>

#include "lib/report/figures.h"
#include "lib/stats/spread.h"

namespace ks::report {
namespace {

using Json = nlohmann::ordered_json;

constexpr double kSpreads = 3;
constexpr double kLeastShare = 0.2;
constexpr std::size_t kFewest = 3;  // of two nobody knows which is apart

std::vector<std::size_t> outliers_of(const std::string& metric, const std::vector<double>& values) {
  const stats::Spread spread = stats::spread_of(values);
  if (spread.count < kFewest) return {};
  const auto direction = direction_of(metric);
  const double far = std::max({kSpreads * spread.deviation, kLeastShare * std::fabs(spread.median),
                               direction ? direction->least_change : 0});
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (std::fabs(values[i] - spread.median) > far) out.push_back(i + 1);
  }
  return out;
}

Repeated figure_of(const std::string& metric, std::vector<double> values) {
  const auto [least, most] = std::ranges::minmax(values);
  const stats::Variation variation = stats::variation_of(values);
  Repeated out;
  out.metric = metric;
  out.median = stats::spread_of(values).median;
  out.least = least;
  out.most = most;
  out.variance = variation.variance;
  out.cv = variation.coefficient;
  out.outliers = outliers_of(metric, values);
  out.values = std::move(values);
  return out;
}

}  // namespace

std::vector<Repeated> repeated_figures(const std::vector<Metrics>& runs) {
  std::vector<Repeated> out;
  if (runs.empty()) return out;
  for (const auto& [metric, first] : runs.front()) {
    if (metric.starts_with("kafka_")) continue;
    std::vector<double> values;
    for (const Metrics& run : runs) {
      const auto found = run.find(metric);
      if (found != run.end()) values.push_back(found->second);
    }
    if (values.size() == runs.size()) out.push_back(figure_of(metric, std::move(values)));
  }
  return out;
}

void add_repeated(const std::vector<Repeated>& figures, Metrics& out) {
  for (const Repeated& figure : figures) {
    out[figure.metric + "_median"] = figure.median;
    out[figure.metric + "_min"] = figure.least;
    out[figure.metric + "_max"] = figure.most;
    out[figure.metric + "_variance"] = figure.variance;
    out[figure.metric + "_cv"] = figure.cv;
  }
}

Json to_json(const Repeated& figure) {
  return {{"metric", figure.metric}, {"values", figure.values},    {"median", figure.median},
          {"min", figure.least},     {"max", figure.most},         {"variance", figure.variance},
          {"cv", figure.cv},         {"outliers", figure.outliers}};
}

std::optional<Repeated> repeated_from_json(const Json& json) {
  try {
    Repeated out;
    out.metric = json.at("metric");
    out.values = json.at("values").get<std::vector<double>>();
    out.median = json.at("median");
    out.least = json.at("min");
    out.most = json.at("max");
    out.variance = json.at("variance");
    out.cv = json.at("cv");
    out.outliers = json.at("outliers").get<std::vector<std::size_t>>();
    return out;
  } catch (const Json::exception&) {
    return std::nullopt;
  }
}

std::vector<Repeated> parse_repeats(const Json& data) {
  std::vector<Repeated> out;
  if (!data.is_object() || !data.contains("repeats") || !data.at("repeats").is_array()) return out;
  for (const Json& json : data.at("repeats")) {
    if (auto figure = repeated_from_json(json)) out.push_back(std::move(*figure));
  }
  return out;
}

}  // namespace ks::report
