#include "lib/tool/own_usage.h"

#include <sys/resource.h>

#include <cstdio>
#include <fstream>

namespace ks::tool {
namespace {

// Above this share of its time a thread has no room to catch up.
constexpr double kUsedUp = 0.85;
// Below this one nobody kept it from the processor.
constexpr double kKeptWaiting = 0.1;

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

std::optional<double> since(const std::optional<double>& now, const std::optional<double>& before) {
  if (!now || !before) return std::nullopt;
  return *now - *before;
}

std::string seconds_text(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", seconds);
  return text;
}

}  // namespace

OwnUsage own_usage() {
  OwnUsage out;
  rusage used{};
  if (::getrusage(RUSAGE_SELF, &used) == 0) {
    out.cpu_s = seconds_of(used.ru_utime) + seconds_of(used.ru_stime);
    out.memory_bytes_max = static_cast<double>(used.ru_maxrss) * 1024;
  }
  double ran_ns = 0, waited_ns = 0;
  if (std::ifstream("/proc/self/schedstat") >> ran_ns >> waited_ns) {
    out.main_cpu_s = ran_ns / 1e9;
    out.main_waiting_s = waited_ns / 1e9;
  }
  return out;
}

OwnUsage usage_since(const OwnUsage& before) {
  const OwnUsage now = own_usage();
  return {now.cpu_s - before.cpu_s, now.memory_bytes_max, since(now.main_cpu_s, before.main_cpu_s),
          since(now.main_waiting_s, before.main_waiting_s)};
}

void put_own_usage(const OwnUsage& used, double records, report::Metrics& metrics) {
  metrics["client_cpu_s"] = used.cpu_s;
  metrics["client_memory_bytes_max"] = used.memory_bytes_max;
  if (used.main_waiting_s) metrics["client_cpu_wait_s"] = *used.main_waiting_s;
  if (records > 0) metrics["client_cpu_us_per_record"] = used.cpu_s * 1e6 / records;
}

std::string cause_of_lag(const OwnUsage& used, double elapsed_s) {
  const std::string of_all = " of " + seconds_text(elapsed_s);
  if (used.main_cpu_s.value_or(0) > kUsedUp * elapsed_s) {
    return "its own processor time was used up (" + seconds_text(*used.main_cpu_s) + of_all + ")";
  }
  if (used.main_waiting_s.value_or(0) > kKeptWaiting * elapsed_s) {
    return "it waited for a processor " + seconds_text(*used.main_waiting_s) + of_all +
           ": the machine was busy";
  }
  return "not for want of a processor, of which it used " + seconds_text(used.cpu_s) + of_all;
}

}  // namespace ks::tool
