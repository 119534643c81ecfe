#include "lib/audit/allowances.h"

#include <algorithm>
#include <limits>
#include <string_view>

#include "lib/cli/units.h"

namespace ks::audit {
namespace {

constexpr std::string_view kExplained = "=explained";

std::string all_types() {
  std::string out;
  for (int i = 0; i < verify::kAnomalyTypes; ++i) {
    out += (i == 0 ? "" : ", ") + std::string(name_of(static_cast<verify::AnomalyType>(i)));
  }
  return out;
}

}  // namespace

cli::Result<Allowances> Allowances::parse(const std::vector<std::string>& texts) {
  Allowances out;
  for (const std::string& text : texts) {
    const bool is_explained = text.ends_with(kExplained);
    const std::size_t bound = is_explained ? text.size() - kExplained.size() : text.find("<=");
    const auto type = verify::anomaly_of(text.substr(0, bound));
    if (!type || (is_explained && !verify::is_explicable(*type))) {
      return cli::fail("not an allowance '" + text + "'", "--allow",
                       "duplicate=explained, producer-order=explained, or with or without <=N one "
                       "of: " +
                           all_types());
    }
    if (is_explained) {
      out.explained_.insert(*type);
      continue;
    }
    std::uint64_t most = std::numeric_limits<std::uint64_t>::max();
    if (bound != std::string::npos) {
      const auto count = cli::parse_count(text.substr(bound + 2));
      if (!count) return tl::make_unexpected(count.error());
      most = *count;
    }
    out.most_[*type] = most;
  }
  return out;
}

std::uint64_t Allowances::allowed(verify::AnomalyType type, const verify::Anomaly& anomaly) const {
  std::uint64_t allowed = 0;
  if (explained_.contains(type)) allowed = anomaly.explained;
  const auto most = most_.find(type);
  if (most != most_.end()) allowed = std::max(allowed, std::min(most->second, anomaly.count));
  return allowed;
}

}  // namespace ks::audit
