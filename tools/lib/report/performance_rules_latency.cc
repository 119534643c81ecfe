#include <algorithm>
#include <array>

#include "lib/report/performance_rules.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr double kNearLimit = 0.8;
constexpr double kLongTail = 10;  // p99 in times of p50
constexpr double kLeastTailMs = 50;
constexpr double kUnstable = 0.2;  // coefficient of variation
constexpr double kHiccupMs = 10;
constexpr double kReadLaterMs = 50;
constexpr double kFlushMs = 500;  // KafScale's KAFSCALE_FLUSH_INTERVAL_MS
constexpr double kStartLimitMs = 10'000;

Found latency_near_limit(const Workload& w) {
  for (const Threshold& limit : w.thresholds) {
    if (limit.metric != "latency_ms_p95_median" || !limit.observed) continue;
    if (*limit.observed < kNearLimit * limit.limit) return {};
    const std::string seen = "latency p95 " + value_text("_ms", *limit.observed) + " of at most " +
                             value_text("_ms", limit.limit);
    if (!is_kafscale(w)) {
      return Advice{{},
                    {},
                    seen,
                    std::string("more partitions, so that more of the broker's threads write at "
                                "once") +
                        (is_compressible(w) ? "; `compression.type=lz4` of the producer" : ""),
                    std::string(is_compressible(w) ? "fewer bytes and " : "") +
                        "shorter queues at the broker: a lower p95 at this rate"};
    }
    return Advice{
        {},
        {},
        seen,
        "`KAFSCALE_FLUSH_INTERVAL_MS` (500) lower, as far as the object store takes more and "
        "smaller segments; or an object store that is nearer",
        "an acknowledgement that waits for its upload waits less: the p95 falls by up to what the "
        "interval is shortened by"};
  }
  return {};
}

Found waits_for_flush(const Workload& w) {
  const double p50 = w.median("service_ms_p50");
  if (!is_kafscale(w) || p50 < kFlushMs / 4) return {};
  return Advice{
      {},
      {},
      said(w, "service_ms_p50"),
      "decide on `KAFSCALE_PRODUCE_SYNC_FLUSH` (true): with it each answer waits for the object "
      "store",
      "with false answers come at once, and a broker that dies loses what it has acknowledged and "
      "not uploaded"};
}

Found long_tail(const Workload& w) {
  const double p50 = w.median("latency_ms_p50");
  const double p99 = w.median("latency_ms_p99");
  if (p50 <= 0 || p99 < kLeastTailMs || p99 < kLongTail * p50 || !is_scheduled(w)) return {};
  return Advice{{},
                {},
                said(w, "latency_ms_p99") + ", " + said(w, "latency_ms_p50"),
                is_kafscale(w)
                    ? "look at what pauses the broker: a larger `GOGC` with `GOMEMLIMIT` collects "
                      "more rarely; at the object store's slowest requests "
                      "(`kafscale_s3_latency_ms_avg`)"
                    : "look at what pauses the broker: its heap (`KAFKA_HEAP_OPTS`) and collector "
                      "(`-XX:+UseZGC`), and a disk of its own for `log.dirs`",
                "fewer pauses: a lower p99, and the p50 as it is"};
}

Found unstable(const Workload& w) {
  for (const char* metric : {"latency_ms_p95", "acked_per_s"}) {
    const Repeated* const figure = w.figure(metric);
    if (figure == nullptr || figure->cv < kUnstable) continue;
    // What a hiccup makes of a time that is short anyway is no instability.
    const bool is_latency = std::string_view(metric) == "latency_ms_p95";
    const bool is_small = figure->most - figure->least < kHiccupMs;
    if (is_latency && (is_small || !is_scheduled(w))) continue;
    return Advice{{},
                  {},
                  words_of(metric) + " from " + value_text(metric, figure->least) + " to " +
                      value_text(metric, figure->most) + ", coefficient of variation " +
                      percent_text(figure->cv),
                  "measure again on a machine that does nothing else, with `PERF_TIME=full`",
                  "three runs that agree: a coefficient below 20 %, and limits that say something"};
  }
  return {};
}

Found read_later(const Workload& w) {
  const double acked = w.median("latency_ms_p95");
  const double read = w.median("end_to_end_ms_p95");
  if (acked <= 0 || read < acked + kReadLaterMs || !is_scheduled(w)) return {};
  return Advice{
      {},
      {},
      said(w, "end_to_end_ms_p95") + ", " + said(w, "latency_ms_p95"),
      "of the consumer `fetch.min.bytes=1` and a smaller `fetch.wait.max.ms`; more partitions for "
      "more readers at once",
      "records that are read soon after they are acknowledged, for more requests"};
}

Found slow_start(const Workload& w) {
  const Repeated* const ready = w.figure("ready_ms");
  if (ready == nullptr || ready->most < kStartLimitMs / 2) return {};
  return Advice{
      {},
      {},
      words_of("ready_ms") + ", worst of the runs, " + value_text("_ms", ready->most),
      is_kafscale(w)
          ? "see what the broker waits for at its start: etcd and the object store "
            "(`/readyz`); a nearer one, or fewer partitions a broker"
          : "`num.recovery.threads.per.data.dir` higher, fewer partitions a broker, and a "
            "class archive (`-XX:SharedArchiveFile`)",
      "a restart that clients notice for a shorter time"};
}

constexpr std::array kRules{Rule{"latency-near-limit", latency_near_limit},
                            Rule{"waits-for-flush", waits_for_flush},
                            Rule{"long-tail", long_tail},
                            Rule{"runs-differ", unstable},
                            Rule{"read-later", read_later},
                            Rule{"slow-start", slow_start}};

}  // namespace

std::span<const Rule> latency_rules() { return kRules; }

}  // namespace ks::report
