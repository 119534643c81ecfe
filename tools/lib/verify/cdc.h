#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/verify/anomaly.h"

// Change data capture: what was committed in a database, beside the events that arrived of it while
// the worker that captures them was killed and started again. Times are milliseconds of the wall
// clock; positions in the database's log are its own numbers.
namespace ks::verify {

struct CdcChange {
  std::string table;
  std::int64_t id = 0;     // of the row; never used again after its deletion
  char op = 'c';           // c, u or d: created, updated, deleted
  std::int64_t value = 0;  // what the row holds afterwards, which no other change has written
};

// A transaction whose COMMIT had returned. One writer makes them all, one after the other.
struct CdcCommit {
  std::int64_t time_ms = 0;
  std::int64_t lsn = 0;  // where the log was right after it: at or behind its commit
  std::vector<CdcChange> changes;
};

struct CdcWorkerEvent {
  enum class Kind { kStart, kKill, kStop, kGone };  // kill and stop: the order; gone: seen
  Kind kind = Kind::kStart;
  std::int64_t time_ms = 0;
};

// A record of a table's topic.
struct CdcEvent {
  static constexpr char kTombstone = 't';  // what follows a deletion, for compaction
  static constexpr char kForeign = '?';    // no event of a change

  std::string table;
  std::int32_t partition = 0;
  std::int64_t offset = 0;
  char op = 'c';  // as a change's; r: read by a snapshot; or one of the above
  std::int64_t id = 0;
  std::int64_t value = 0;    // 0 of a deletion
  std::int64_t lsn = 0;      // of the change; of a snapshot where that was taken
  std::int64_t time_ms = 0;  // when the worker took it up
};

// What the worker had committed as its position.
struct CdcOffset {
  std::int64_t time_ms = 0;
  std::int64_t lsn = 0;
};

struct CdcInput {
  std::vector<CdcCommit> commits;      // in their order
  std::vector<CdcWorkerEvent> worker;  // in their order
  std::vector<CdcEvent> events;        // of each partition in the order of offsets
  std::vector<CdcOffset> offsets;      // in the order of the log
};

// From the order to end the worker to the first event after its next start.
struct CdcOutage {
  bool is_kill = true;
  std::int64_t ordered_ms = 0;
  std::optional<std::int64_t> gone_ms;       // when it was seen to be gone
  std::optional<std::int64_t> started_ms;    // when the next one began
  std::optional<std::int64_t> resumed_ms;    // when that took up its first change
  std::optional<std::int64_t> caught_up_ms;  // and the last of those committed before it began
  std::optional<std::int64_t> resumed_lsn;   // the offset that it found
  std::uint64_t changes_while_down = 0;
  std::optional<std::int64_t> log_behind;  // from there to what was committed by the next start
  std::uint64_t replayed = 0;              // events that had arrived before
};

struct CdcSecond {
  std::int64_t begin_ms = 0;
  std::uint64_t committed = 0;  // changes
  std::uint64_t arrived = 0;    // events
};

struct CdcVerdict {
  std::map<std::string, Anomaly> anomalies;  // by the names of kCdcAnomalies; those that occurred
  std::vector<std::string> missing;          // evidence without which there is no pass
  std::vector<CdcOutage> outages;
  std::vector<CdcSecond> seconds;
  std::map<char, std::uint64_t> changes;  // by operation
  std::map<char, std::uint64_t> events;   // by operation
  std::vector<std::int64_t> delays_ms;    // commit to event, of each change's first; sorted
  std::uint64_t arrived_changes = 0;      // of which there is an event, or a later snapshot
};

// Each with its condition in reports/README.md.
inline constexpr const char* kCdcLost = "cdc-lost";
inline constexpr const char* kCdcGap = "cdc-gap";
inline constexpr const char* kCdcOrder = "cdc-order";
inline constexpr const char* kCdcDuplicate = "cdc-duplicate";
inline constexpr const char* kCdcReplay = "cdc-replay";
inline constexpr const char* kCdcPhantom = "cdc-phantom";
inline constexpr const char* kCdcNewSnapshot = "cdc-new-snapshot";
inline constexpr const char* kCdcOffsetRegressed = "cdc-offset-regressed";

CdcVerdict judge_cdc(const CdcInput& input);

}  // namespace ks::verify
