#pragma once

#include "lib/target/metrics_check.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// What ks-metrics does, by its words and --interval. Each prints what it saw, and records what
// `wanted` says of it.

// Fetches the pages once, or with --wait until all holds.
cli::Result<void> get_metrics(tool::Session& session, const target::ScrapePlan& plan,
                              const target::Wanted& wanted, bool as_json);

// Fetches them every --interval, one JSON line each.
cli::Result<void> watch_metrics(tool::Session& session, const target::ScrapePlan& plan,
                                const target::Wanted& wanted);

// Compares `page`, which was saved, with wanted.earlier.
cli::Result<void> compare_metrics(tool::Session& session, const target::MetricsPage& page,
                                  const target::Wanted& wanted);

}  // namespace ks::ops
