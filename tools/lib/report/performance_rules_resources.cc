#include <algorithm>
#include <array>

#include "lib/report/performance_rules.h"
#include "lib/report/performance_words.h"
#include "lib/report/text.h"
#include "lib/report/timeline_text.h"

namespace ks::report {
namespace {

constexpr double kBusy = 0.8;             // of the processors there are
constexpr double kAllBusy = 0.9;          // the same, of a whole machine
constexpr double kLeastThrottled = 0.01;  // of the time
constexpr double kWaiting = 0.1;          // of the generator's time
constexpr double kLeastSeconds = 1;       // that say something of such a share
constexpr double kLeastLagMs = 5;
constexpr double kNearLimit = 0.8;
constexpr double kAmplified = 3;  // disk written in times of what was sent
constexpr double kGrown = 1.3;    // memory at the end in times of that at the begin

// That all brokers together may use: their limits where each has one, and no more than the machine
// has that they share with the generator. Of brokers elsewhere without limits nobody knows (0).
double processors_of(const Workload& w) {
  const double machine = w.median("machine_cpus");
  const double limit = w.median("broker_cpu_limit_cores", machine);
  return machine > 0 ? std::min(limit, machine) : limit;
}

bool are_busy(const Workload& w) {
  const double there = processors_of(w);
  return there > 0 && w.median("broker_cpu_cores_mean") >= kBusy * there;
}

Found brokers_busy(const Workload& w) {
  if (!are_busy(w)) return {};
  return Advice{
      {},
      {},
      said(w, "broker_cpu_cores_mean") + " of " + short_number(processors_of(w)),
      is_kafscale(w)
          ? "give the brokers more processors (`resources.limits.cpu` of the StatefulSet, "
            "`cpus` of the service), or more brokers behind the proxy (`ks-restart scale`)"
          : "give the broker more processors, then as many `num.io.threads` and "
            "`num.network.threads`; or spread the partitions over more brokers",
      "a higher rate at the same latency; below 80 % the p95 stops growing with the rate"};
}

Found throttled(const Workload& w) {
  const double seconds = w.median("broker_cpu_throttled_s");
  // The seconds of all brokers add up.
  const double elapsed = w.median("elapsed_s") * std::max(1.0, w.median("brokers"));
  if (elapsed <= 0 || seconds < kLeastThrottled * elapsed) return {};
  return Advice{
      {},
      {},
      said(w, "broker_cpu_throttled_s") + " of " + short_number(elapsed) + " s",
      "raise each broker's limit of processors (`resources.limits.cpu`, `cpus`)",
      "the pauses of up to 100 ms go that the scheduler makes where a quota is used up: a lower "
      "p99"};
}

Found machine_busy(const Workload& w) {
  const double used = w.median("machine_cpu_cores_mean");
  const double there = w.median("machine_cpus");
  const double brokers = w.median("broker_cpu_cores_mean");
  if (there <= 0 || used < kAllBusy * there || brokers >= kBusy * there) return {};
  return Advice{
      {},
      {},
      said(w, "machine_cpu_cores_mean") + " of " + short_number(there) + ", of which the brokers " +
          short_number(brokers),
      "run the generator on another machine than the brokers (`-b HOST:PORT`), and end what else "
      "runs on theirs",
      "latencies that are the broker's alone; these hold waits for a processor"};
}

Found generator_waits(const Workload& w) {
  const double waited = w.median("client_cpu_wait_s");
  const double elapsed = w.median("elapsed_s");
  if (elapsed < kLeastSeconds || waited < kWaiting * elapsed) return {};
  // Who waited, and was in time all the same, had the processor soon enough.
  if (is_scheduled(w) && w.median("lag_ms_p99") < kLeastLagMs) return {};
  return Advice{{},
                {},
                said(w, "client_cpu_wait_s") + " of " + short_number(elapsed) + " s" +
                    (is_scheduled(w) ? ", " + said(w, "lag_ms_p99") : ""),
                "give the generator a processor of its own, or share its load among machines "
                "(`ks-produce --shard i/N`)",
                "a p95 without the generator's own delay"};
}

// Without a schedule the queue is full by design: what it waits for is its own bound.
Found full_queue(const Workload& w) {
  const double waits = w.median("queue_full_waits");
  if (waits < 1 || !is_scheduled(w) || are_busy(w)) return {};
  return Advice{
      {},
      {},
      said(w, "queue_full_waits") + " at " + said(w, "acked_per_s") + ", " +
          said(w, "broker_cpu_cores_mean"),
      is_kafscale(w) ? "more partitions, and larger segments (`KAFSCALE_SEGMENT_BYTES`, 4 MiB)"
                     : "of the producer larger batches (`batch.size`, `linger.ms`)" +
                           std::string(is_compressible(w) ? " and `compression.type=lz4`" : "") +
                           ", of the topic more partitions",
      is_kafscale(w)
          ? "fewer requests to the object store for as many records: a queue with room, and "
            "a lower latency"
          : "fewer requests for as many records: a queue with room, and a lower "
            "latency"};
}

Found memory_near_limit(const Workload& w) {
  for (const Threshold& limit : w.thresholds) {
    if (!limit.metric.starts_with("broker_memory_bytes_max") || !limit.observed) continue;
    if (*limit.observed < kNearLimit * limit.limit) continue;
    return Advice{{},
                  {},
                  "memory of a broker " + bytes_text(*limit.observed) + " of at most " +
                      bytes_text(limit.limit),
                  is_kafscale(w)
                      ? "`GOMEMLIMIT` of the broker; smaller `KAFSCALE_SEGMENT_BYTES`, which it "
                        "buffers for each partition"
                      : "a smaller heap (`KAFKA_HEAP_OPTS=-Xmx1g`)",
                  "a broker that stays below its limit, for more frequent collections"};
  }
  return {};
}

double mean_of(const std::vector<Reading>& readings, std::size_t begin, std::size_t end) {
  double sum = 0, count = 0;
  for (std::size_t i = begin; i < end; ++i) {
    const auto found = readings[i].metrics.find("broker_memory_bytes");
    if (found == readings[i].metrics.end()) continue;
    sum += found->second;
    ++count;
  }
  return count == 0 ? 0 : sum / count;
}

// Over minutes at a steady rate; a broker that has just begun fills its caches.
Found memory_grows(const Workload& w) {
  if (w.runs.empty()) return {};
  const auto& readings = w.runs.back().resources;
  constexpr std::size_t kFewest = 120;
  if (readings.size() < kFewest) return {};
  const std::size_t fifth = readings.size() / 5;
  const double before = mean_of(readings, 0, fifth);
  const double after = mean_of(readings, readings.size() - fifth, readings.size());
  if (before <= 0 || after < kGrown * before) return {};
  return Advice{{},
                {},
                "memory of the brokers from " + bytes_text(before) + " to " + bytes_text(after) +
                    " within " + std::to_string(readings.size()) + " s of the last run",
                is_kafscale(w)
                    ? "set `GOMEMLIMIT`, and watch `kafscale_broker_mem_alloc_bytes` for hours"
                    : "set `-Xmx`, and watch the heap for hours",
                "whether it levels off, or a broker ends for want of memory"};
}

Found disk_amplified(const Workload& w) {
  const double sent = w.median("sent_bytes");
  const double written = w.median("broker_disk_write_bytes");
  const double allowed = is_kafscale(w) ? 0.5 : kAmplified;
  constexpr double kLeastBytes = 50e6;
  if (sent <= 0 || written < kLeastBytes || written < allowed * sent) return {};
  return Advice{{},
                {},
                said(w, "broker_disk_write_bytes") + " for " + bytes_text(sent) + " sent",
                is_kafscale(w)
                    ? "see what a broker without state writes: its log level, and temporary files"
                    : "see what is written beside the records: replicas on the same disk, "
                      "`log.segment.bytes`, the broker's log level",
                "a disk that has room for the records' own traffic"};
}

constexpr std::array kRules{
    Rule{"brokers-busy", brokers_busy}, Rule{"brokers-throttled", throttled},
    Rule{"machine-busy", machine_busy}, Rule{"generator-waits", generator_waits},
    Rule{"queue-full", full_queue},     Rule{"memory-near-limit", memory_near_limit},
    Rule{"memory-grows", memory_grows}, Rule{"disk-amplified", disk_amplified}};

}  // namespace

std::span<const Rule> resource_rules() { return kRules; }

}  // namespace ks::report
