#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::target {

// A metric name with labels: what one line of a page is about, and how a user asks for it.
struct Series {
  std::string name;
  std::map<std::string, std::string> labels;

  // name{a="1",b="2"}, labels by name, values escaped; the name alone where there are no labels.
  std::string text() const;
  auto operator<=>(const Series&) const = default;
};

// Parses `name` or `name{label="value",…}`.
cli::Result<Series> parse_series(std::string_view text);

struct Sample {
  Series series;
  double value = 0;
  std::optional<std::int64_t> timestamp_ms;
};

// One page in Prometheus' text format (0.0.4). Histograms are the plain samples they consist of.
struct MetricsPage {
  std::vector<Sample> samples;               // in the page's order, each series once
  std::map<std::string, std::string> types;  // declared name -> counter, gauge, histogram, …
  std::map<std::string, std::string> helps;  // declared name -> help text

  // Whether the page says what `name` is, with or without a sample of it.
  bool is_declared(const std::string& name) const {
    return types.contains(name) || helps.contains(name);
  }

  // The samples of that name which have all of the wanted labels.
  std::vector<const Sample*> find(const Series& wanted) const;

  // The one sample that is wanted: the exact series, else the only one that `find` gives.
  const Sample* find_one(const Series& wanted) const;

  // The series that stands for the wanted one: a histogram or summary by its bare name means its
  // _count.
  Series counted(const Series& wanted) const;

  // Whether the series only ever grows while the broker lives: a counter, or a histogram's or
  // summary's _bucket, _count and _sum.
  bool is_cumulative(const std::string& name) const;
};

// A malformed line is an error that names its number; so is a page whose last line was cut short.
cli::Result<MetricsPage> parse_metrics_page(std::string_view text);

}  // namespace ks::target
