#pragma once

#include <optional>
#include <span>
#include <string>

#include "lib/report/performance.h"

// The rules behind the tuning recommendations, each of which looks at the figures of one workload.
namespace ks::report {

using Found = std::optional<Advice>;

struct Rule {
  const char* name;
  // The advice needs neither rule nor workload: whoever asks knows them.
  Found (*look)(const Workload& workload);
};

std::span<const Rule> resource_rules();  // processors, memory, disk, and the generator's own
std::span<const Rule> latency_rules();   // how long things take, and how much that differs

// ---- what they share ----------------------------------------------------------------------------

bool is_kafscale(const Workload& workload);

// Whether it has a schedule; without one latencies tell how long the client's queue is.
bool is_scheduled(const Workload& workload);

// Whether its records are of the kind that compression makes smaller.
bool is_compressible(const Workload& workload);

// "latency p95 12.3 ms", as the page's table has it.
std::string said(const Workload& workload, const char* metric);

}  // namespace ks::report
