#include "lib/report/histograms.h"

#include <gtest/gtest.h>

namespace ks::report {
namespace {

Result result_with(std::int64_t latency_ns) {
  stats::Histogram latency;
  latency.record(latency_ns);
  Result out;
  out.data["histograms"]["latency_ns"] = latency.to_json();
  return out;
}

TEST(Histograms, OfSeveralResultsAreOneDistribution) {
  Histograms all;
  merge_histograms(result_with(1'000'000), all);
  merge_histograms(result_with(100'000'000), all);
  Result out;
  put_histograms(all, out);
  EXPECT_NEAR(out.metrics.at("latency_ms_p50"), 1, 0.01);
  EXPECT_NEAR(out.metrics.at("latency_ms_max"), 100, 0.01);
  Histograms again;
  merge_histograms(out, again);
  EXPECT_EQ(again.at("latency_ns").count(), 2);
}

TEST(Histograms, WhatIsNoneIsLeftOut) {
  Histograms all;
  merge_histograms(Result(), all);
  Result wrong;
  wrong.data["histograms"]["latency_ns"] = "text";
  merge_histograms(wrong, all);
  EXPECT_TRUE(all.empty());
}

TEST(Histograms, WhatIsNotATimeHasNoPercentiles) {
  Histograms sizes;
  sizes["size_bytes"].record(7);
  Result out;
  put_histograms(sizes, out);
  EXPECT_TRUE(out.metrics.empty());
  EXPECT_TRUE(out.data.at("histograms").contains("size_bytes"));
}

}  // namespace
}  // namespace ks::report
