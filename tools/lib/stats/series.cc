#include "lib/stats/series.h"

#include <nlohmann/json.hpp>

#include "lib/cli/clock.h"

namespace ks::stats {
namespace {

constexpr std::int64_t kSecondNs = 1'000'000'000;

}  // namespace

void Series::record(std::int64_t now_ns, std::uint64_t bytes,
                    std::optional<std::int64_t> latency_ns) {
  end_seconds_before(now_ns);
  ++records_;
  bytes_ += bytes;
  if (latency_ns) latency_.record(*latency_ns);
}

void Series::error(std::int64_t now_ns) {
  end_seconds_before(now_ns);
  ++errors_;
}

std::string Series::take_lines(std::int64_t now_ns) {
  end_seconds_before(now_ns);
  end_second();
  return std::move(lines_);
}

void Series::end_seconds_before(std::int64_t now_ns) {
  while (now_ns - second_ns_ >= kSecondNs) end_second();
}

void Series::end_second() {
  nlohmann::ordered_json line{{"time", cli::format_rfc3339(second_ns_ + wall_minus_clock_)},
                              {"records", records_},
                              {"bytes", bytes_},
                              {"errors", errors_}};
  if (latency_.count() != 0) {
    const auto ms = [](std::int64_t ns) { return static_cast<double>(ns) / 1e6; };
    line["latency_ms_p50"] = ms(latency_.quantile(0.50));
    line["latency_ms_p95"] = ms(latency_.quantile(0.95));
    line["latency_ms_p99"] = ms(latency_.quantile(0.99));
    line["latency_ms_max"] = ms(latency_.max());
  }
  lines_ += line.dump() + "\n";
  second_ns_ += kSecondNs;
  records_ = bytes_ = errors_ = 0;
  latency_ = {};
}

}  // namespace ks::stats
