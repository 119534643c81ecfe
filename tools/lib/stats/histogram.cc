#include "lib/stats/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace ks::stats {
namespace {

constexpr int kSubBucketBits = 7;
constexpr std::uint64_t kSubBuckets = 1ULL << kSubBucketBits;

// Values below 128 have a bucket each; above, the 7 bits after the leading one choose it.
std::size_t bucket_of(std::uint64_t value) {
  if (value < kSubBuckets) return value;
  const int shift = static_cast<int>(std::bit_width(value)) - 1 - kSubBucketBits;
  return static_cast<std::size_t>(shift) * kSubBuckets + (value >> shift);
}

std::int64_t highest_in(std::size_t bucket) {
  if (bucket < kSubBuckets) return static_cast<std::int64_t>(bucket);
  const std::size_t shift = bucket / kSubBuckets - 1;
  const std::uint64_t leading = bucket - shift * kSubBuckets;
  return static_cast<std::int64_t>(((leading + 1) << shift) - 1);
}

}  // namespace

void Histogram::record(std::int64_t value) {
  value = std::max<std::int64_t>(value, 0);
  const std::size_t bucket = bucket_of(static_cast<std::uint64_t>(value));
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  ++count_;
  max_ = std::max(max_, value);
  sum_ += static_cast<double>(value);
}

void Histogram::merge(const Histogram& other) {
  if (other.buckets_.size() > buckets_.size()) buckets_.resize(other.buckets_.size());
  for (std::size_t i = 0; i < other.buckets_.size(); ++i) buckets_[i] += other.buckets_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double Histogram::mean() const { return count_ == 0 ? 0 : sum_ / static_cast<double>(count_); }

std::int64_t Histogram::quantile(double quantile) const {
  const auto wanted =
      static_cast<std::uint64_t>(std::max(1.0, std::ceil(quantile * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    seen += buckets_[i];
    if (seen >= wanted) return std::min(highest_in(i), max_);
  }
  return max_;
}

}  // namespace ks::stats
