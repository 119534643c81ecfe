// What a run of producing comes to.
#include "lib/report/percentiles.h"
#include "lib/workload/produce.h"

namespace ks::workload {

void ProduceRun::fill(report::Result& result, const report::Judges& judges) const {
  fill_metrics(result.metrics);
  result.data["histograms"]["latency_ns"] = latency_.to_json();
  const std::uint64_t errors = failed_ + unknown_;
  const std::string error = errors_.first_unjudged(judges);
  const bool are_judged = error.empty() && !errors_.empty();
  if (attempted_ == 0) {
    result.lower_to(report::Status::kInconclusive, "vacuous: nothing was sent");
  } else if (acked_ == 0 && errors_.empty()) {
    result.lower_to(report::Status::kInconclusive, "acks=0: nothing was acknowledged");
  } else if (errors > 0 && !are_judged) {
    result.lower_to(report::Status::kFail, std::to_string(errors) + " of " +
                                               std::to_string(attempted_) +
                                               " records were not acknowledged: " + error);
  }
  if (is_late()) {
    result.lower_to(report::Status::kInconclusive, "the generator fell behind its schedule, " +
                                                       tool::cause_of_lag(used_, seconds()) +
                                                       "; use a lower --rate or more machines");
  }
}

// Where the client's queue was never full, a late send is the generator's own fault, and the
// figures say little about the broker.
bool ProduceRun::is_late() const {
  return pacing_.paced() && queue_full_ == 0 && lag_.quantile(0.99) > plan_.most_lag.count();
}

double ProduceRun::seconds() const { return static_cast<double>(end_ns_ - start_ns_) / 1e9; }

void ProduceRun::fill_metrics(report::Metrics& m) const {
  const std::uint64_t errors = failed_ + unknown_;
  m["attempted_records"] = static_cast<double>(attempted_);
  m["acked_records"] = static_cast<double>(acked_);
  m["failed_records"] = static_cast<double>(failed_);
  m["unknown_records"] = static_cast<double>(unknown_);
  m["errors"] = static_cast<double>(errors);
  m["error_rate"] =
      attempted_ == 0 ? 0 : static_cast<double>(errors) / static_cast<double>(attempted_);
  errors_.fill(m);
  m["sent_bytes"] = static_cast<double>(sent_bytes_);
  m["queue_full_waits"] = static_cast<double>(queue_full_);
  m["disconnects"] = static_cast<double>(disconnects_);
  m["elapsed_s"] = seconds();
  m["acked_per_s"] = seconds() > 0 ? static_cast<double>(acked_) / seconds() : 0;
  m["kafka_writer_message_count"] = static_cast<double>(acked_);
  m["kafka_writer_error_count"] = static_cast<double>(errors);
  const stats::Histogram& service = pacing_.paced() ? service_ : latency_;
  m["kafka_writer_write_seconds"] = service.mean() / 1e9;
  report::add_percentiles(m, "latency_ms", latency_);
  report::add_percentiles(m, "service_ms", service);
  if (plan_.rate_per_s > 0) report::add_percentiles(m, "lag_ms", lag_);
  tool::put_own_usage(used_, static_cast<double>(attempted_), m);
}

}  // namespace ks::workload
