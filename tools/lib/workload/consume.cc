#include "lib/workload/consume.h"

#include <algorithm>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/report/percentiles.h"
#include "lib/tool/record.h"

namespace ks::workload {
namespace {

constexpr auto kPollInterval = std::chrono::milliseconds(50);

// An identity at the front of a value is the UUID.
bool has_its_uuid(const client::ConsumedRecord& record, const history::Stamped& stamped) {
  if (stamped.integrity != history::Integrity::kIntact) return false;
  const std::string_view value = record.value.value_or(std::string_view());
  return history::read_stamp(value).integrity == history::Integrity::kIntact ||
         value.find(history::uuid(stamped.identity)) != std::string_view::npos;
}

}  // namespace

ConsumeRun::ConsumeRun(ConsumePlan plan, ConsumeSinks sinks, std::uint32_t topic_name,
                       std::uint32_t group_name)
    : plan_(std::move(plan)),
      sinks_(std::move(sinks)),
      topic_name_(topic_name),
      group_name_(group_name) {}

cli::Result<void> ConsumeRun::run(client::Consumer& consumer) {
  consumer_ = &consumer;
  used_ = tool::own_usage();
  start_ns_ = cli::monotonic_ns();
  series_ = stats::Series(start_ns_, cli::wall_ns());
  const bool by_partition = plan_.group.empty();
  cli::Result<void> state =
      by_partition ? consumer.assign(plan_.assignment) : consumer.subscribe({plan_.topic});
  if (state && by_partition) on_assigned(plan_.assignment);
  const cli::Deadline deadline =
      plan_.timeout ? cli::Clock::now() + *plan_.timeout : cli::Deadline::max();
  while (state && can_go_on() && cli::stop_signal() == 0 && cli::Clock::now() < deadline) {
    state = poll(consumer);
    if (state) state = commit_when_due();
    if (state && sinks_.tick) state = sinks_.tick();
    done_ = done_ || until_holds() || has_all();
  }
  end_ns_ = cli::monotonic_ns();
  used_ = tool::usage_since(used_);
  // Before it leaves: who left a group has no partitions.
  held_at_end_ = assigned_.size();
  if (state) shortfall_ = shortfall();
  commit(held());
  consumer.close(*this);
  disconnects_ = consumer.disconnects();
  consumer_ = nullptr;
  return state;
}

// Each poll that brought something stands behind what it brought.
cli::Result<void> ConsumeRun::poll(client::Consumer& consumer) {
  const std::uint64_t before = records_;
  const std::int64_t invoke_ns = cli::monotonic_ns();
  arrival_ = {};
  auto state = consumer.poll(kPollInterval, *this);
  if (!sinks_.event || records_ == before) return state;
  history::Event event = event_of(history::Kind::kPoll, -1, -1);
  event.invoke_ns = invoke_ns;
  event.count = records_ - before;
  emit(event);
  return state;
}

bool ConsumeRun::can_go_on() const {
  // By partition the first error is the result, whatever follows; a group may recover from it, but
  // not from having no permission.
  const bool failed = is_unauthorized_ || (plan_.group.empty() && errors_ > 0);
  return !done_ && !failed && !(plan_.stop_at_end && all_at_end());
}

bool ConsumeRun::until_holds() const {
  if (plan_.until.empty()) return false;
  const report::Metrics now = metrics();
  return std::all_of(plan_.until.begin(), plan_.until.end(),
                     [&](const auto& condition) { return report::holds(condition, now); });
}

// Where it stops at the end, each partition's counts that was reached once: under traffic there may
// never be a moment at which it stands at all of them.
bool ConsumeRun::all_at_end() const {
  const bool once = plan_.stop_at_end;
  return !assigned_.empty() &&
         std::all_of(assigned_.begin(), assigned_.end(), [once](const auto& entry) {
           return once ? entry.second.was_at_end : entry.second.at_end;
         });
}

history::Event ConsumeRun::event_of(history::Kind kind, std::int32_t partition, std::int64_t offset,
                                    std::int64_t time_ns) const {
  history::Event event;
  event.kind = kind;
  event.time_ns = time_ns;
  event.name = topic_name_;
  event.group = group_name_;
  event.partition = partition;
  event.offset = offset;
  return event;
}

void ConsumeRun::emit(const history::Event& event) {
  arrival_ = {};  // events stand in the order of time: the records behind it came later
  if (sinks_.event) sinks_.event(event);
}

// Of several that share what was asked for, another may have had the last.
bool ConsumeRun::take_one() {
  if (plan_.tally == nullptr) return true;
  if (plan_.count != 0) return plan_.tally->take(plan_.count);
  plan_.tally->add_record();
  return true;
}

bool ConsumeRun::has_all() const {
  if (plan_.count == 0) return false;
  return (plan_.tally == nullptr ? records_ : plan_.tally->records()) >= plan_.count;
}

void ConsumeRun::on_record(const client::ConsumedRecord& record) {
  // The rest of a batch, after the last record that was asked for.
  if (done_ || !take_one()) return;
  if (arrival_.monotonic_ns == 0) arrival_ = {cli::monotonic_ns(), cli::wall_ns()};
  const history::Stamped stamped = tool::identify(record);
  Progress& progress = assigned_[record.partition];
  progress.next = record.offset + 1;
  progress.at_end = false;
  ++records_;
  const std::size_t bytes = record.value ? record.value->size() : 0;
  bytes_ += bytes;
  corrupt_ += stamped.integrity == history::Integrity::kCorrupt ? 1 : 0;
  std::optional<std::int64_t> latency_ns;
  if (stamped.integrity == history::Integrity::kIntact) {
    ++identified_;
    latency_ns = arrival_.wall_ns - stamped.identity.intended_ns;
    end_to_end_.record(*latency_ns);
  }
  if (plan_.match_uuids && !has_its_uuid(record, stamped)) ++mismatched_;
  series_.record(arrival_.monotonic_ns, bytes, latency_ns);
  if (sinks_.event) {
    history::Event event =
        event_of(history::Kind::kRead, record.partition, record.offset, arrival_.monotonic_ns);
    event.integrity = static_cast<std::uint8_t>(stamped.integrity);
    event.run = stamped.identity.run;
    event.producer = stamped.identity.producer;
    event.sequence = stamped.identity.sequence;
    sinks_.event(event);
  }
  if (sinks_.record) sinks_.record(record);
  done_ = has_all();
}

void ConsumeRun::on_end(const client::TopicPartition& at, std::int64_t end_offset) {
  if (done_) return;
  Progress& progress = assigned_[at.partition];
  progress.at_end = progress.was_at_end = true;
  emit(event_of(history::Kind::kDrain, at.partition, end_offset));
}

void ConsumeRun::on_assigned(const std::vector<client::Position>& assignment) {
  if (first_assigned_ns_ == 0) first_assigned_ns_ = cli::monotonic_ns();
  ++assignments_;
  for (const client::Position& position : assignment) {
    assigned_[position.at.partition] = {};
    // Unknown (-1) where a group has no commit: the first record read tells.
    const std::int64_t start = std::max(position.offset, std::int64_t{-1});
    emit(event_of(history::Kind::kAssign, position.at.partition, start));
  }
}

void ConsumeRun::on_revoked(const std::vector<client::TopicPartition>& partitions) {
  ++revocations_;
  commit(partitions);
  for (const client::TopicPartition& at : partitions) {
    emit(event_of(history::Kind::kRevoke, at.partition, -1));
    assigned_.erase(at.partition);
  }
}

void ConsumeRun::on_error(const cli::Error& error) {
  ++errors_;
  series_.error(cli::monotonic_ns());
  error_counts_.add(error.code, error.message());
  is_unauthorized_ = is_unauthorized_ || report::is_of_authorization(error.code);
  cli::log_debug(error.message());  // the result's reason tells the first
}

void ConsumeRun::on_transient(const cli::Error& error) {
  last_trouble_ = error.message();
  cli::log_debug(error.message());
}

// Each change, and ten a second of what stays the same: a stale end must be seen to last.
void ConsumeRun::on_high_watermark(const client::TopicPartition& at, std::int64_t end_offset,
                                   std::int64_t asked_ns) {
  constexpr std::int64_t kSameAgainNs = 100'000'000;
  const auto found = assigned_.find(at.partition);
  if (!sinks_.event || found == assigned_.end()) return;
  Progress& progress = found->second;
  const bool is_same = progress.high_watermark == end_offset;
  if (is_same && asked_ns - progress.high_watermark_ns < kSameAgainNs) return;
  progress.high_watermark = end_offset;
  progress.high_watermark_ns = asked_ns;
  history::Event event = event_of(history::Kind::kHighWatermark, at.partition, end_offset);
  event.invoke_ns = asked_ns;
  event.group = 0;  // it is the partition's
  emit(event);
}

void ConsumeRun::on_committed(const client::Position& committed, std::int64_t asked_ns) {
  history::Event event =
      event_of(history::Kind::kOffsetFetch, committed.at.partition, committed.offset);
  event.invoke_ns = asked_ns;
  emit(event);
}

std::vector<client::TopicPartition> ConsumeRun::held() const {
  std::vector<client::TopicPartition> out;
  for (const auto& [partition, progress] : assigned_) out.push_back({plan_.topic, partition});
  return out;
}

std::vector<client::Position> ConsumeRun::uncommitted(
    const std::vector<client::TopicPartition>& partitions) const {
  std::vector<client::Position> positions;
  for (const client::TopicPartition& at : partitions) {
    const auto found = assigned_.find(at.partition);
    if (found == assigned_.end() || found->second.next <= found->second.committed) continue;
    positions.push_back({at, found->second.next});
  }
  return positions;
}

// Who is killed in the middle may have committed: the history has that before, and what was read.
cli::Result<void> ConsumeRun::commit_when_due() {
  if (!plan_.commit_every || cli::Clock::now() < next_commit_) return {};
  next_commit_ = cli::Clock::now() + *plan_.commit_every;
  for (const client::Position& position : uncommitted(held())) {
    emit_commit(position, cli::monotonic_ns(), history::Outcome::kUnknown);
  }
  if (auto ok = sinks_.flush ? sinks_.flush() : cli::Result<void>(); !ok) return ok;
  commit(held());
  return {};
}

void ConsumeRun::emit_commit(const client::Position& position, std::int64_t invoke_ns,
                             history::Outcome outcome) {
  history::Event event = event_of(history::Kind::kCommit, position.at.partition, position.offset);
  event.invoke_ns = invoke_ns;
  event.outcome = outcome;
  emit(event);
}

void ConsumeRun::commit(const std::vector<client::TopicPartition>& partitions) {
  if (plan_.group.empty() || !plan_.commit) return;
  const std::vector<client::Position> positions = uncommitted(partitions);
  if (positions.empty()) return;
  const std::int64_t invoke_ns = cli::monotonic_ns();
  const auto committed = consumer_->commit(positions);
  if (!committed) on_error(committed.error());
  for (const client::Position& p : positions) {
    if (committed) assigned_[p.at.partition].committed = p.offset;
    emit_commit(p, invoke_ns, committed ? history::Outcome::kOk : history::Outcome::kUnknown);
  }
  commits_ += committed ? 1 : 0;
}

report::Metrics ConsumeRun::metrics() const {
  const std::int64_t end_ns = end_ns_ != 0 ? end_ns_ : cli::monotonic_ns();
  const double seconds = static_cast<double>(end_ns - start_ns_) / 1e9;
  report::Metrics m;
  m["read_records"] = static_cast<double>(records_);
  m["read_bytes"] = static_cast<double>(bytes_);
  m["identified_records"] = static_cast<double>(identified_);
  m["corrupt_records"] = static_cast<double>(corrupt_);
  if (plan_.match_uuids) m["uuid_mismatched_records"] = static_cast<double>(mismatched_);
  m["errors"] = static_cast<double>(errors_);
  error_counts_.fill(m);
  m["error_rate"] =
      errors_ == 0 ? 0 : static_cast<double>(errors_) / static_cast<double>(errors_ + records_);
  m["disconnects"] =
      static_cast<double>(consumer_ != nullptr ? consumer_->disconnects() : disconnects_);
  m["partitions_assigned"] = static_cast<double>(end_ns_ != 0 ? held_at_end_ : assigned_.size());
  m["assignments"] = static_cast<double>(assignments_);
  m["revocations"] = static_cast<double>(revocations_);
  m["commits"] = static_cast<double>(commits_);
  m["elapsed_s"] = seconds;
  m["read_per_s"] = seconds > 0 ? static_cast<double>(records_) / seconds : 0;
  m["kafka_reader_message_count"] = static_cast<double>(records_);
  m["kafka_reader_error_count"] = static_cast<double>(errors_);
  m["kafka_reader_rebalance_count"] =
      plan_.group.empty() ? 0 : static_cast<double>(assignments_ + revocations_);
  if (first_assigned_ns_ != 0) {
    m["assigned_ms"] = static_cast<double>(first_assigned_ns_ - start_ns_) / 1e6;
  }
  return m;
}

ConsumeRun::Shortfall ConsumeRun::shortfall() const {
  using report::Status;
  // A signal is a reason of its own.
  if (done_ || cli::stop_signal() != 0) return {};
  const bool is_endless = !plan_.timeout && !plan_.stop_at_end;
  if (is_endless && errors_ > 0) {
    return {Status::kFail, "reading ended before it was stopped: " + error_counts_.first()};
  }
  if (!plan_.timeout) return {};
  const bool is_explained = last_trouble_.empty() && plan_.group.empty();
  const std::string trouble = is_explained ? consumer_->explain() : last_trouble_;
  const std::string cause = trouble.empty() ? "" : " (" + trouble + ")";
  if (assigned_.empty()) {
    const std::string why = consumer_->explain();
    return {Status::kInconclusive,
            "no partition was assigned in time" + (why.empty() ? cause : ": " + why)};
  }
  const bool at_end = all_at_end();
  const std::uint64_t read = plan_.tally == nullptr ? records_ : plan_.tally->records();
  const std::string seen = "read " + std::to_string(read) + " records";
  if (plan_.count != 0) {
    const bool absent = at_end && read > 0;
    return {absent ? Status::kFail : Status::kInconclusive,
            seen + " of " + std::to_string(plan_.count) +
                (at_end ? "; the partitions hold no more" : " in time" + cause)};
  }
  const bool drained = plan_.stop_at_end && at_end;
  if (!plan_.until.empty()) {
    return {Status::kInconclusive, "the --until conditions did not hold" +
                                       (drained ? " up to the end" : " in time" + cause)};
  }
  if (plan_.stop_at_end && !drained) {
    return {Status::kInconclusive, seen + " and did not reach the end in time" + cause};
  }
  return {};
}

void ConsumeRun::fill(report::Result& result, const report::Judges& judges) const {
  for (const auto& [name, value] : metrics()) result.metrics[name] = value;
  tool::put_own_usage(used_, static_cast<double>(records_), result.metrics);
  report::add_percentiles(result.metrics, "end_to_end_ms", end_to_end_);
  result.data["histograms"]["end_to_end_ns"] = end_to_end_.to_json();
  if (corrupt_ > 0) {
    result.lower_to(report::Status::kFail,
                    std::to_string(corrupt_) + " records do not match their CRC");
  }
  if (mismatched_ > 0 && !judges("uuid_mismatched_records")) {
    result.lower_to(
        report::Status::kFail,
        std::to_string(mismatched_) + " records do not contain the UUID they were sent with");
  }
  if (const std::string error = error_counts_.first_unjudged(judges); !error.empty()) {
    result.lower_to(report::Status::kFail, error);
  }
  // Who was refused did not get to the end.
  if (!is_unauthorized_) result.lower_to(shortfall_.status, shortfall_.reason);
  // Of several that share what was asked for, others may have had it all.
  if (records_ == 0 && !has_all() && !judges("read_records")) {
    result.lower_to(report::Status::kInconclusive, "vacuous: no record was read");
  }
}

}  // namespace ks::workload
