#pragma once

#include <string>
#include <vector>

#include "lib/report/histograms.h"
#include "lib/scenario/series_sum.h"

namespace ks::scenario {

// One result of what several workers did of one named scenario, as if one process had done it:
// counts add up, histograms by their buckets, and percentiles and rates are those of the sums. What
// cannot be told of all together from what each told (a percentile without its histogram) is left
// out. Of what was added only the sums stay in memory.
class MergedStep {
 public:
  // `who` names the worker in reasons: "worker 3 (host)". Its clock is `offset_ns` ahead.
  void add(report::Result result, const std::string& series, const std::string& who,
           std::int64_t offset_ns);

  bool empty() const { return count_ == 0; }

  // What was added. `lines` of its series, which may be empty, go to their own file.
  report::Result take(const std::string& step, std::string& lines);

 private:
  void add_metrics(const report::Result& result);
  void finish_metrics();

  std::size_t count_ = 0;
  report::Result out_;
  std::int64_t ended_ns_ = 0;
  report::Histograms histograms_;
  double write_seconds_ = 0;  // of all records together
  SeriesSum series_;
};

}  // namespace ks::scenario
