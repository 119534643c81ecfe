#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/progress.h"
#include "lib/cli/tally.h"
#include "lib/client/client.h"
#include "lib/history/identity.h"
#include "lib/history/writer.h"
#include "lib/report/error_counts.h"
#include "lib/report/result.h"
#include "lib/stats/histogram.h"
#include "lib/stats/pacing.h"
#include "lib/stats/series.h"
#include "lib/tool/own_usage.h"
#include "lib/workload/generated_values.h"
#include "lib/workload/source.h"
#include "lib/workload/value_template.h"

// Producing with identity, open-loop pacing and a history of every attempt.
namespace ks::workload {

struct ProducePlan {
  std::string topic;
  std::int32_t partition = client::kAnyPartition;           // any: spread evenly, or by key
  int partitions = 1;                                       // of the topic
  std::optional<std::uint64_t> count;                       // none: until `duration` has passed
  std::optional<cli::Duration> duration;                    // none: until `count` are sent
  bool until_stopped = false;                               // neither: until a signal
  double rate_per_s = 0;                                    // 0: as fast as it goes
  cli::Duration most_lag = std::chrono::milliseconds(100);  // behind the schedule, 99th percentile
  std::size_t size = 100;                                   // bytes of a generated value
  std::optional<ValueTemplate> value;  // filled for each record, instead of a generated value
  std::uint64_t keys = 0;              // number of distinct generated keys; 0: none
  std::string key;                     // one fixed key; empty: none
  std::vector<client::Header> headers;
  std::uint32_t producers = 1;  // logical producers that share the connection
  cli::Duration flush_timeout{};
  cli::Tally* tally = nullptr;        // counts what was acknowledged, and what was not; may be null
  cli::Progress* progress = nullptr;  // is told often; may be null
};

class ProduceRun {
 public:
  // `first_producer` is the identity's number of the first logical producer; `history` may be null.
  ProduceRun(ProducePlan plan, const std::string& run_id, std::uint16_t first_producer,
             history::Writer* history);

  // Deliveries go here: give it to make_producer.
  void on_deliveries(std::span<const client::Delivery> deliveries);

  // Sends everything and waits for the deliveries, bounded. `source` empty: generated values; else
  // everything that it gives.
  // Errors are those that stop the run; failed deliveries are counted.
  cli::Result<void> run(client::Producer& producer, const Source& source);

  // Metrics, and the status they imply: an attempt that was not acknowledged fails the run (unless
  // an expectation says how many may), nothing sent is no evidence.
  void fill(report::Result& result, const report::Judges& judges) const;

  // The figures of each second, after the run.
  std::string take_series() { return series_.take_lines(end_ns_); }

 private:
  struct Pending {
    std::int64_t intended_ns = 0;  // monotonic
    std::int64_t sent_ns = 0;
    std::size_t bytes = 0;
    bool in_flight = false;
  };
  struct Target {  // where the i-th record goes
    std::uint32_t producer = 0;
    std::uint64_t sequence = 0;
    std::int32_t partition = client::kAnyPartition;
  };

  Target target_of(std::uint64_t i) const;
  std::uint64_t records_in_a_row() const;
  bool done(std::uint64_t i) const;
  cli::Result<void> reserve_from(std::uint64_t i);
  void end_reservations();
  void append_reservation(std::uint32_t producer, std::uint64_t from, std::uint64_t count);
  cli::Result<void> send(client::Producer& producer, std::uint64_t i, const GivenRecord* given);
  void fill_record(const history::Identity& identity, std::uint64_t i, const GivenRecord* given,
                   client::OutgoingRecord& record);
  void wait_until_due(client::Producer& producer, std::uint64_t i);
  void on_delivery(const client::Delivery& delivery, std::int64_t now_ns);
  cli::Result<bool> wait_for(const Source& source, GivenRecord& record, client::Producer& producer);
  std::uint64_t unanswered() const { return attempted_ - acked_ - failed_ - unknown_; }
  cli::Result<void> flush(client::Producer& producer);
  void tick();
  void give_up_unanswered();
  bool is_late() const;
  double seconds() const;  // that it ran
  void fill_metrics(report::Metrics& metrics) const;
  void record_history(const client::Delivery& delivery, const Pending& pending,
                      std::int64_t now_ns);
  std::string_view generated_key(std::uint64_t i);

  ProducePlan plan_;
  std::uint64_t run_hash_;
  std::uint16_t first_producer_;
  history::Writer* history_;
  stats::Pacing pacing_;
  std::int64_t start_ns_ = 0;
  std::int64_t wall_minus_monotonic_;
  std::uint32_t topic_name_ = 0;  // id in the history's names
  std::optional<GeneratedValues> generated_;
  std::string value_;  // the value of the record being sent, where it has a template
  std::string key_;
  std::vector<client::Header> headers_;  // those of it that has its identity there
  std::vector<Pending> pending_;         // ring by attempt number
  std::uint64_t reserved_ = 0;           // attempts below this are in the history as reserved
  std::uint64_t row_ = 1;                // records for one partition before the next has its turn
  std::int64_t now_ns_ = 0;              // when the clock was last looked at, to send

  std::uint64_t attempted_ = 0;
  std::uint64_t acked_ = 0;
  std::uint64_t failed_ = 0;
  std::uint64_t unknown_ = 0;
  std::uint64_t sent_bytes_ = 0;
  std::uint64_t queue_full_ = 0;
  std::uint64_t disconnects_ = 0;
  report::ErrorCounts errors_;
  std::int64_t end_ns_ = 0;
  tool::OwnUsage used_;       // at the start; afterwards since then
  stats::Histogram latency_;  // ns from the intended time to the ack
  stats::Histogram service_;  // ns from the send to the ack; without a schedule that is latency_
  stats::Histogram lag_;      // ns from the intended time to the send
  stats::Series series_;      // a record counts when it is acknowledged
};

}  // namespace ks::workload
