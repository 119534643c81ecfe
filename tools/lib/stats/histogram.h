#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <vector>

namespace ks::stats {

// Counts of non-negative 64-bit values with a relative error below 1/128. Log-linear buckets, as in
// HdrHistogram: 128 to each power of two. Merging two histograms gives exactly the histogram of all
// their values; percentiles must never be averaged instead.
class Histogram {
 public:
  void record(std::int64_t value);  // negative values count as 0
  void merge(const Histogram& other);

  std::uint64_t count() const { return count_; }
  std::int64_t max() const { return max_; }
  double mean() const;

  // The smallest recorded value that at least `quantile` (0..1) of all values do not exceed,
  // rounded up within its bucket, never above max(); 0 when empty.
  std::int64_t quantile(double quantile) const;

  // Whole, to be merged elsewhere: {"sum", "max", "buckets": [[number, count], …]}.
  nlohmann::ordered_json to_json() const;
  // The reverse; nothing where that is no histogram.
  static std::optional<Histogram> from_json(const nlohmann::ordered_json& json);

 private:
  std::vector<std::uint64_t> buckets_;
  std::uint64_t count_ = 0;
  std::int64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace ks::stats
