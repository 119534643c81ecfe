#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/tally.h"
#include "lib/client/client.h"
#include "lib/history/event.h"
#include "lib/report/error_counts.h"
#include "lib/report/result.h"
#include "lib/stats/histogram.h"
#include "lib/stats/series.h"
#include "lib/tool/own_usage.h"

// Consuming until a condition holds, with an event for everything seen.
namespace ks::workload {

struct ConsumePlan {
  std::string topic;
  std::string group;                         // empty: by partition
  std::vector<client::Position> assignment;  // by partition: where to start, as real offsets
  std::uint64_t count = 0;                   // asks for so many records, then stops; 0: no limit
  std::vector<report::Expectation> until;    // asks that all of them hold, then stops
  bool stop_at_end = false;  // stop when every assigned partition was read to its end, too
  std::optional<cli::Duration> timeout;  // none: until a signal
  bool commit = true;  // group: commit what was read, on revocation and at the end
  // Group: commit that often, too, so that a member that is killed leaves something to resume at.
  std::optional<cli::Duration> commit_every;
  bool match_uuids = false;  // each value must contain the UUID of its record's identity
  // Counts what was read; `count` is then of all that share it. May be null.
  cli::Tally* tally = nullptr;
};

// Receives what happened. Both are called on the polling thread.
struct ConsumeSinks {
  std::function<void(const client::ConsumedRecord&)> record;  // for printing; may be empty
  std::function<void(const history::Event&)> event;  // for history or checker; may be empty
  std::function<cli::Result<void>()> tick;           // after every poll; may be empty
  // Before a commit: events so far outlive this process. May be empty.
  std::function<cli::Result<void>()> flush;
};

class ConsumeRun final : private client::ConsumerListener {
 public:
  // `topic_name` is the topic's id in whatever Names the event sink uses, `group_name` the group's.
  ConsumeRun(ConsumePlan plan, ConsumeSinks sinks, std::uint32_t topic_name,
             std::uint32_t group_name);

  // Assigns or joins, reads until done, commits and leaves. Errors are those that stop the run.
  cli::Result<void> run(client::Consumer& consumer);

  // Metrics, and the status they imply: records that were asked for and did not come are a failure
  // where the partitions hold no more, and missing evidence where that is not known.
  // What an expectation `judges` may be as it says.
  void fill(report::Result& result, const report::Judges& judges) const;

  // The figures of each second, after the run.
  std::string take_series() { return series_.take_lines(end_ns_); }

  // What --until is judged by, while running.
  report::Metrics metrics() const;

 private:
  struct Progress {
    std::int64_t next = -1;            // offset after the last record read
    std::int64_t committed = -1;       // last offset committed by this run
    bool at_end = false;               // nothing was read since the end was reached
    bool was_at_end = false;           // since its assignment
    std::int64_t high_watermark = -1;  // as recorded last
    std::int64_t high_watermark_ns = 0;
  };
  // When the records of a poll came: the same for all, unless something was told between them.
  struct Arrival {
    std::int64_t monotonic_ns = 0;  // 0: not looked yet
    std::int64_t wall_ns = 0;
  };
  // What was asked for and did not come, or pass.
  struct Shortfall {
    report::Status status = report::Status::kPass;
    std::string reason;
  };

  void on_record(const client::ConsumedRecord& record) override;
  void on_end(const client::TopicPartition& at, std::int64_t end_offset) override;
  void on_assigned(const std::vector<client::Position>& assignment) override;
  void on_revoked(const std::vector<client::TopicPartition>& partitions) override;
  void on_error(const cli::Error& error) override;
  void on_transient(const cli::Error& error) override;
  void on_high_watermark(const client::TopicPartition& at, std::int64_t end_offset,
                         std::int64_t asked_ns) override;
  void on_committed(const client::Position& committed, std::int64_t asked_ns) override;

  cli::Result<void> poll(client::Consumer& consumer);
  bool until_holds() const;
  bool all_at_end() const;
  bool can_go_on() const;
  void commit(const std::vector<client::TopicPartition>& partitions);
  std::vector<client::Position> uncommitted(
      const std::vector<client::TopicPartition>& partitions) const;
  cli::Result<void> commit_when_due();
  std::vector<client::TopicPartition> held() const;
  void emit_commit(const client::Position& position, std::int64_t invoke_ns,
                   history::Outcome outcome);
  history::Event event_of(history::Kind kind, std::int32_t partition, std::int64_t offset,
                          std::int64_t time_ns = cli::monotonic_ns()) const;
  void emit(const history::Event& event);
  bool take_one();
  bool has_all() const;
  Shortfall shortfall() const;

  ConsumePlan plan_;
  ConsumeSinks sinks_;
  std::uint32_t topic_name_;
  std::uint32_t group_name_;
  client::Consumer* consumer_ = nullptr;  // while running
  std::uint64_t disconnects_ = 0;         // of it, afterwards
  std::map<std::int32_t, Progress> assigned_;

  Arrival arrival_;
  cli::Deadline next_commit_{};
  bool done_ = false;  // all that was asked for came
  Shortfall shortfall_;
  std::size_t held_at_end_ = 0;  // partitions
  std::uint64_t records_ = 0;
  std::uint64_t bytes_ = 0;
  std::uint64_t corrupt_ = 0;
  std::uint64_t identified_ = 0;
  std::uint64_t mismatched_ = 0;  // with match_uuids
  std::uint64_t errors_ = 0;
  std::uint64_t commits_ = 0;
  std::uint64_t assignments_ = 0;
  std::uint64_t revocations_ = 0;
  std::int64_t start_ns_ = 0;
  std::int64_t end_ns_ = 0;
  tool::OwnUsage used_;  // at the start; afterwards since then
  std::int64_t first_assigned_ns_ = 0;
  report::ErrorCounts error_counts_;
  bool is_unauthorized_ = false;
  std::string last_trouble_;
  stats::Histogram end_to_end_;  // ns from the intended send time to the read; needs equal clocks
  stats::Series series_;         // its latency is end_to_end_'s
};

}  // namespace ks::workload
