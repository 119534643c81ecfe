#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/verify/anomaly.h"

namespace ks::audit {

inline constexpr const char* kAllowHelp =
    "TYPE, 'TYPE<=N', duplicate=explained or producer-order=explained: anomalies that are no "
    "violation (repeatable)";

// Which anomalies are no violation. Nothing is by itself.
class Allowances {
 public:
  // Each text as --allow takes it.
  static cli::Result<Allowances> parse(const std::vector<std::string>& texts);

  // How many of the type's anomalies are allowed.
  std::uint64_t allowed(verify::AnomalyType type, const verify::Anomaly& anomaly) const;

 private:
  std::map<verify::AnomalyType, std::uint64_t> most_;  // by type; the largest number: all
  std::set<verify::AnomalyType> explained_;
};

}  // namespace ks::audit
