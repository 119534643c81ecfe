#include "lib/stats/histogram.h"

namespace ks::stats {
namespace {

using Json = nlohmann::ordered_json;

// The bucket of the highest value that there is.
constexpr std::size_t kMostBuckets = std::size_t{64} * 128;

}  // namespace

Json Histogram::to_json() const {
  Json buckets = Json::array();
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    if (buckets_[i] != 0) buckets.push_back({i, buckets_[i]});
  }
  return {{"sum", sum_}, {"max", max_}, {"buckets", std::move(buckets)}};
}

std::optional<Histogram> Histogram::from_json(const Json& json) {
  Histogram out;
  try {
    for (const Json& bucket : json.at("buckets")) {
      const std::size_t number = bucket.at(0).get_ref<const Json::number_unsigned_t&>();
      const std::uint64_t count = bucket.at(1).get_ref<const Json::number_unsigned_t&>();
      if (number >= kMostBuckets) return std::nullopt;
      if (number >= out.buckets_.size()) out.buckets_.resize(number + 1);
      out.buckets_[number] += count;
      out.count_ += count;
    }
    out.sum_ = json.at("sum");
    out.max_ = json.at("max");
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return out;
}

}  // namespace ks::stats
