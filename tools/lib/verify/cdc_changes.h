#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "lib/verify/cdc.h"

namespace ks::verify {

// Every committed change, numbered in the order of their commits, and what arrived of it.
class CdcChanges {
 public:
  struct Change {
    const CdcChange* change = nullptr;
    std::int64_t time_ms = 0;
    std::int64_t lsn_before = 0;  // its commit is behind this,
    std::int64_t lsn_after = 0;   // and at or before this
    std::optional<std::int64_t> arrived_ms;
    std::size_t last_life = 0;  // that it arrived in; only where it has arrived
  };

  explicit CdcChanges(const std::vector<CdcCommit>& commits);

  // The number of the change that the event tells of; nothing where there was none.
  std::optional<std::size_t> find(const CdcEvent& event) const;
  Change& operator[](std::size_t number) { return changes_[number]; }
  std::size_t size() const { return changes_.size(); }

  // A snapshot taken at that place of the log has the row as this change left it.
  void snapshot(std::size_t number, std::int64_t lsn);

  // Whether there is an event of it, or a snapshot that came after it and may leave it out.
  bool is_covered(std::size_t number) const;

 private:
  using Row = std::tuple<std::string, std::int64_t>;

  std::vector<Change> changes_;
  std::map<std::tuple<std::string, std::int64_t, std::int64_t>, std::size_t> by_value_;
  std::map<Row, std::size_t> deletions_;
  std::map<Row, std::size_t> in_snapshot_;  // the change that the snapshot has of the row
  std::optional<std::int64_t> snapshot_lsn_;
};

// "update of videos 17 (value 230)"
std::string cdc_text(const CdcChange& change);

}  // namespace ks::verify
