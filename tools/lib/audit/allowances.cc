#include "lib/audit/allowances.h"

#include <algorithm>
#include <limits>

#include "lib/cli/units.h"

namespace ks::audit {
namespace {

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
    if (text == "duplicate=explained") {
      out.explained_duplicates_ = true;
      continue;
    }
    const std::size_t bound = text.find("<=");
    const auto type = verify::anomaly_of(text.substr(0, bound));
    if (!type) {
      return cli::fail("not an allowance '" + text + "'", "--allow",
                       "duplicate=explained, or with or without <=N one of: " + all_types());
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
  if (type == verify::AnomalyType::kDuplicate && explained_duplicates_) allowed = anomaly.explained;
  const auto most = most_.find(type);
  if (most != most_.end()) allowed = std::max(allowed, std::min(most->second, anomaly.count));
  return allowed;
}

}  // namespace ks::audit
