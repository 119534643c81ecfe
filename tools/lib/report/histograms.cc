#include "lib/report/histograms.h"

#include "lib/report/percentiles.h"

namespace ks::report {
namespace {

constexpr const char* kKey = "histograms";
constexpr std::string_view kUnit = "_ns";

}  // namespace

void merge_histograms(const Result& result, Histograms& into) {
  if (!result.data.is_object() || !result.data.contains(kKey)) return;
  for (const auto& [name, json] : result.data.at(kKey).items()) {
    if (const auto one = stats::Histogram::from_json(json)) into[name].merge(*one);
  }
}

void put_histograms(const Histograms& histograms, Result& result) {
  for (const auto& [name, histogram] : histograms) {
    result.data[kKey][name] = histogram.to_json();
    if (!name.ends_with(kUnit)) continue;
    add_percentiles(result.metrics, name.substr(0, name.size() - kUnit.size()) + "_ms", histogram);
  }
}

}  // namespace ks::report
