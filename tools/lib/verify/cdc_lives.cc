#include "lib/verify/cdc_lives.h"

#include <algorithm>

namespace ks::verify {
namespace {

// Changes that were surely committed while no worker ran.
std::uint64_t changes_between(const std::vector<CdcCommit>& commits, std::int64_t from_ms,
                              std::int64_t to_ms) {
  std::uint64_t count = 0;
  for (const CdcCommit& commit : commits) {
    if (commit.time_ms > from_ms && commit.time_ms <= to_ms) count += commit.changes.size();
  }
  return count;
}

std::optional<std::int64_t> last_offset(const std::vector<CdcOffset>& offsets,
                                        std::int64_t until_ms) {
  std::optional<std::int64_t> lsn;
  for (const CdcOffset& offset : offsets) {
    if (offset.time_ms <= until_ms) lsn = offset.lsn;
  }
  return lsn;
}

std::optional<std::int64_t> log_behind(const std::vector<CdcCommit>& commits,
                                       const CdcOutage& outage) {
  std::optional<std::int64_t> behind;
  for (const CdcCommit& commit : commits) {
    if (!outage.resumed_lsn || commit.time_ms > *outage.started_ms) break;
    behind = std::max(commit.lsn - *outage.resumed_lsn, std::int64_t{0});
  }
  return behind;
}

}  // namespace

CdcLives::CdcLives(const CdcInput& input) {
  for (const CdcWorkerEvent& event : input.worker) begin(event);
  for (CdcOutage& outage : outages_) {
    if (!outage.gone_ms) continue;
    outage.resumed_lsn = last_offset(input.offsets, *outage.gone_ms);
    if (!outage.started_ms) continue;
    outage.changes_while_down = changes_between(input.commits, *outage.gone_ms, *outage.started_ms);
    outage.log_behind = log_behind(input.commits, outage);
  }
}

void CdcLives::begin(const CdcWorkerEvent& event) {
  using Kind = CdcWorkerEvent::Kind;
  const bool is_down = starts_ms_.size() <= outages_.size();
  switch (event.kind) {
    case Kind::kStart:
      if (!is_down) return;  // nobody saw the one before go: nothing is explained by that
      starts_ms_.push_back(event.time_ms);
      if (!outages_.empty()) outages_.back().started_ms = event.time_ms;
      break;
    case Kind::kKill:
    case Kind::kStop: {
      if (is_down) return;
      CdcOutage outage;
      outage.is_kill = event.kind == Kind::kKill;
      outage.ordered_ms = event.time_ms;
      outages_.push_back(outage);
      break;
    }
    case Kind::kGone:
      if (!outages_.empty()) outages_.back().gone_ms = event.time_ms;
      break;
  }
}

std::size_t CdcLives::at(std::int64_t time_ms) const {
  const auto next = std::ranges::upper_bound(starts_ms_, time_ms);
  return next == starts_ms_.begin() ? 0 : static_cast<std::size_t>(next - starts_ms_.begin()) - 1;
}

std::vector<std::string> CdcLives::missing() const {
  std::vector<std::string> out;
  if (std::ranges::none_of(outages_, &CdcOutage::is_kill)) out.emplace_back("no worker was killed");
  for (std::size_t i = 0; i < outages_.size(); ++i) {
    const CdcOutage& outage = outages_[i];
    const std::string name = (outage.is_kill ? "kill " : "stop ") + std::to_string(i + 1);
    if (!outage.gone_ms) {
      out.push_back(name + ": the worker was not seen to be gone");
    } else if (!outage.started_ms) {
      out.push_back(name + ": no worker was started again");
    } else if (outage.changes_while_down == 0) {
      out.push_back(name + ": nothing was committed while the worker was down");
    } else if (!outage.resumed_lsn) {
      out.push_back(name + ": no offset had been committed that a worker could resume at");
    }
  }
  return out;
}

}  // namespace ks::verify
