#pragma once

#include <optional>
#include <string>

#include "lib/report/result.h"

namespace ks::tool {

// What this process has used since it began, or between two moments. A client that is slow itself
// must not be taken for a slow broker.
struct OwnUsage {
  double cpu_s = 0;                      // of all threads, user and system
  double memory_bytes_max = 0;           // the most that was resident, since it began
  std::optional<double> main_cpu_s;      // of the first thread, which generates the load
  std::optional<double> main_waiting_s;  // which it was ready to run, and had no processor
};

OwnUsage own_usage();
OwnUsage usage_since(const OwnUsage& before);

// client_cpu_s, client_memory_bytes_max, client_cpu_wait_s, and of one record or more
// client_cpu_us_per_record.
void put_own_usage(const OwnUsage& used, double records, report::Metrics& metrics);

// Why a generator was late that used so much in `elapsed_s`: its own work, a machine that was busy
// with others, or neither.
std::string cause_of_lag(const OwnUsage& used, double elapsed_s);

}  // namespace ks::tool
