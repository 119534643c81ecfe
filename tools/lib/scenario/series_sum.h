#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace ks::scenario {

// The figures of each second of several steps together, as lines of series/ (reports/README.md).
// Records, bytes and errors add up; of latencies, whose distribution a line does not have, those of
// the slowest step stay. A step's seconds begin when it did: each counts for the full second that
// it has the most of.
class SeriesSum {
 public:
  // The clock that wrote the lines is `offset_ns` ahead. What is no line of figures does not count.
  void add(std::string_view lines, std::int64_t offset_ns);

  std::string lines() const;

 private:
  struct Second {
    double records = 0;
    double bytes = 0;
    double errors = 0;
    std::map<std::string, double> latency_ms;  // by statistic
  };
  std::map<std::int64_t, Second> seconds_;  // since 1970
};

}  // namespace ks::scenario
