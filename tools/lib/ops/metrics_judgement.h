#pragma once

#include <string>
#include <vector>

#include "lib/report/result.h"
#include "lib/target/metrics_check.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// The findings that are none of the wire protocol.
inline constexpr const char* kCounterReset = "counter-reset";
inline constexpr const char* kCounterShrinks = "counter-shrinks";

// Records figures, counters that went backwards, and what was violated.
void record(const target::MetricsCheck& check, report::Result& result);

// The first expectation that the metrics do not meet; empty where there is none.
std::string unmet(const std::vector<report::Expectation>& expectations,
                  const report::Metrics& metrics);

// Samples and health answers, as lines of text or as one of JSON.
void print(const target::CheckedScrape& checked, bool as_json, const tool::Session& session);

}  // namespace ks::ops
