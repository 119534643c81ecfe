#include "lib/verify/cdc_changes.h"

#include <algorithm>

namespace ks::verify {

CdcChanges::CdcChanges(const std::vector<CdcCommit>& commits) {
  std::int64_t lsn_before = 0;
  for (const CdcCommit& commit : commits) {
    for (const CdcChange& change : commit.changes) {
      const std::size_t number = changes_.size();
      changes_.push_back({&change, commit.time_ms, lsn_before, commit.lsn, {}, 0});
      if (change.op == 'd') {
        deletions_.emplace(Row{change.table, change.id}, number);
      } else {
        by_value_.emplace(std::tuple{change.table, change.id, change.value}, number);
      }
    }
    lsn_before = commit.lsn;
  }
}

std::optional<std::size_t> CdcChanges::find(const CdcEvent& event) const {
  if (event.op == 'd') {
    const auto found = deletions_.find({event.table, event.id});
    return found == deletions_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto found = by_value_.find({event.table, event.id, event.value});
  if (found == by_value_.end()) return std::nullopt;
  // A snapshot reads what either of them left.
  const bool is_as_told = event.op == 'r' || changes_[found->second].change->op == event.op;
  return is_as_told ? std::optional(found->second) : std::nullopt;
}

void CdcChanges::snapshot(std::size_t number, std::int64_t lsn) {
  const CdcChange& change = *changes_[number].change;
  std::size_t& last = in_snapshot_[{change.table, change.id}];
  last = std::max(last, number);
  snapshot_lsn_ = std::max(snapshot_lsn_.value_or(lsn), lsn);
}

// Of a transaction that was committed at about the snapshot's place nobody knows on which side.
bool CdcChanges::is_covered(std::size_t number) const {
  const Change& change = changes_[number];
  if (change.arrived_ms) return true;
  if (!snapshot_lsn_ || change.lsn_before >= *snapshot_lsn_) return false;
  const Row row{change.change->table, change.change->id};
  const auto seen = in_snapshot_.find(row);
  if (seen != in_snapshot_.end() && seen->second >= number) return true;
  const auto deletion = deletions_.find(row);
  return deletion != deletions_.end() && deletion->second >= number &&
         changes_[deletion->second].lsn_before < *snapshot_lsn_;
}

std::string cdc_text(const CdcChange& change) {
  const std::string row = change.table + " " + std::to_string(change.id);
  if (change.op == 'd') return "deletion of " + row;
  return (change.op == 'u' ? "update of " : "insert of ") + row + " (value " +
         std::to_string(change.value) + ")";
}

}  // namespace ks::verify
