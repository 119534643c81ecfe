#include "lib/workload/produce.h"

#include <algorithm>
#include <cstring>

#include "lib/cli/signals.h"
#include "lib/report/percentiles.h"
#include "lib/wire/error_code.h"

namespace ks::workload {
namespace {

// Attempts between two reservations in the history: one write for so many records.
constexpr std::uint64_t kReserveAhead = 4096;

// More than the client's queue holds, so that an attempt's slot is free before it is used again.
constexpr std::size_t kPendingSlots = 1 << 18;

constexpr auto kPollInterval = std::chrono::milliseconds(20);

// Bodies are cut from here, each record's from another place: no two neighbours are alike.
constexpr std::uint64_t kBodyPlaces = 4096;

std::string make_bodies(std::size_t size) {
  std::string text(size + kBodyPlaces, '\0');
  std::uint64_t state = 0x9e3779b97f4a7c15;  // xorshift needs a start other than zero
  for (char& c : text) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    c = static_cast<char>('!' + state % 94);  // printable, so that a dump can be read
  }
  return text;
}

history::Outcome to_history(client::Outcome outcome) {
  switch (outcome) {
    case client::Outcome::kOk:
      return history::Outcome::kOk;
    case client::Outcome::kFailed:
      return history::Outcome::kFailed;
    case client::Outcome::kUnknown:
      break;
  }
  return history::Outcome::kUnknown;
}

// Kafka's; none for what the client made up.
std::string name_of(const client::Delivery& delivery) {
  if (delivery.error_code <= 0) return {};
  return wire::error_name(static_cast<std::int16_t>(delivery.error_code));
}

}  // namespace

ProduceRun::ProduceRun(ProducePlan plan, const std::string& run_id, std::uint16_t first_producer,
                       history::Writer* history)
    : plan_(std::move(plan)),
      run_hash_(history::run_hash(run_id)),
      first_producer_(first_producer),
      history_(history),
      pacing_(0, 0),
      wall_minus_monotonic_(cli::wall_ns() - cli::monotonic_ns()),
      bodies_(make_bodies(plan_.size)),
      value_(std::max(plan_.size, history::kIdentityBytes), '\0'),
      pending_(kPendingSlots) {
  if (history_ != nullptr) topic_name_ = history_->names().id(plan_.topic);
}

ProduceRun::Target ProduceRun::target_of(std::uint64_t i) const {
  Target target;
  target.producer = static_cast<std::uint32_t>(i % plan_.producers);
  target.sequence = i / plan_.producers;
  target.partition = plan_.partition;
  const bool by_key = plan_.keys != 0 || !plan_.key.empty();
  if (target.partition == client::kAnyPartition && !by_key) {
    target.partition =
        static_cast<std::int32_t>(target.sequence % static_cast<std::uint64_t>(plan_.partitions));
  }
  return target;
}

bool ProduceRun::done(std::uint64_t i) const {
  if (cli::stop_signal() != 0) return true;
  if (plan_.count && i >= *plan_.count) return true;
  // With a schedule the duration is the schedule's: what is due after it is not sent.
  const std::int64_t now_ns = pacing_.paced() ? pacing_.intended_ns(i) : cli::monotonic_ns();
  return plan_.duration && now_ns - start_ns_ >= plan_.duration->count();
}

// Before the first of them may reach the broker, the history says that they may: after kill -9 an
// attempt without an outcome is unknown, and a read of it is no phantom.
cli::Result<void> ProduceRun::reserve_from(std::uint64_t i) {
  if (history_ == nullptr || i < reserved_) return {};
  const std::uint64_t sequences = kReserveAhead / plan_.producers + 1;
  for (std::uint32_t p = 0; p < plan_.producers; ++p) {
    append_reservation(p, i / plan_.producers, sequences);
  }
  reserved_ = (i / plan_.producers + sequences) * plan_.producers;
  return history_->flush();
}

// What was reserved and not sent after all is given back.
void ProduceRun::end_reservations() {
  for (std::uint32_t p = 0; p < plan_.producers; ++p) {
    const std::uint64_t sent = attempted_ / plan_.producers + (p < attempted_ % plan_.producers);
    append_reservation(p, sent, 0);
  }
}

void ProduceRun::append_reservation(std::uint32_t producer, std::uint64_t from,
                                    std::uint64_t count) {
  history::Event event;
  event.kind = history::Kind::kReserve;
  event.time_ns = cli::monotonic_ns();
  event.name = topic_name_;
  event.partition = plan_.partition;
  event.producer = static_cast<std::uint16_t>(first_producer_ + producer);
  event.sequence = from;
  event.count = count;
  history_->append(event);
}

// Called about once a poll.
void ProduceRun::tick() {
  if (history_ != nullptr)
    static_cast<void>(history_->tick());  // its error shows at the next reserve
  if (plan_.progress == nullptr) return;
  plan_.progress->tick([this] {
    const auto seconds = static_cast<double>(cli::monotonic_ns() - start_ns_) / 1e9;
    const auto rate = static_cast<std::uint64_t>(static_cast<double>(acked_) / seconds);
    return std::to_string(acked_) + " acknowledged (" + std::to_string(rate) + "/s), " +
           std::to_string(failed_ + unknown_) + " errors";
  });
}

void ProduceRun::wait_until_due(client::Producer& producer, std::uint64_t i) {
  if (!pacing_.paced()) {
    // Deliveries must be served as fast as they come, but not looked for after every record.
    constexpr std::uint64_t kPollEvery = 64;
    if (i % kPollEvery != 0) return;
    producer.poll({});
    if (plan_.progress != nullptr) tick();
    return;
  }
  const std::int64_t due_ns = pacing_.intended_ns(i);
  while (cli::stop_signal() == 0) {
    const std::int64_t left_ns = due_ns - cli::monotonic_ns();
    if (left_ns <= 0) return producer.poll({});
    // The client's poll counts in milliseconds; the rest is slept exactly.
    const auto whole_ms = std::chrono::milliseconds(left_ns / 1'000'000);
    if (whole_ms.count() > 0) {
      producer.poll(std::min<cli::Duration>(whole_ms, kPollInterval));
    } else {
      const timespec due{due_ns / 1'000'000'000, due_ns % 1'000'000'000};
      clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &due, nullptr);
    }
    tick();
  }
}

// The next record that the user gives; false at the end. Deliveries are served as they come,
// however long the user takes: they are timed when they are served.
cli::Result<bool> ProduceRun::wait_for(const Source& source, GivenRecord& record,
                                       client::Producer& producer) {
  constexpr auto kLookInterval = std::chrono::milliseconds(2);
  while (cli::stop_signal() == 0) {
    const bool serve = unanswered() > 0;
    const auto given = source(record, serve ? cli::Duration::zero() : kPollInterval);
    if (!given) return tl::make_unexpected(given.error());
    if (*given != Given::kNotYet) return *given == Given::kRecord;
    if (serve) producer.poll(kLookInterval);
    tick();
  }
  return false;
}

std::string_view ProduceRun::generated_key(std::uint64_t i) {
  if (plan_.keys != 0) key_ = "key-" + std::to_string(i % plan_.keys);
  return plan_.keys != 0 ? key_ : plan_.key;
}

// A value that somebody gave stays as it is, and its identity travels in a header.
void ProduceRun::fill_record(const history::Identity& identity, std::uint64_t i,
                             const GivenRecord* given, client::OutgoingRecord& record) {
  if (given != nullptr) {
    record.value = given->value;
    if (given->key) {
      record.key = *given->key;
      record.partition = plan_.partition;  // any: the key's
    }
  } else if (plan_.value) {
    plan_.value->fill(identity, value_);
    record.value = value_;
  } else {
    std::memcpy(value_.data(), bodies_.data() + i % kBodyPlaces, value_.size());
    history::stamp(value_, identity);
    record.value = value_;
  }
  if (given == nullptr) {
    const std::string_view key = generated_key(i);
    if (!key.empty()) record.key = key;
  }
  if (given == nullptr && !plan_.value) {
    record.headers = plan_.headers;
    return;
  }
  headers_ = plan_.headers;
  headers_.push_back({history::kIdentityHeader, history::identity_header(identity, *record.value)});
  record.headers = headers_;
}

cli::Result<void> ProduceRun::send(client::Producer& producer, std::uint64_t i,
                                   const GivenRecord* given) {
  const Target target = target_of(i);
  Pending& pending = pending_[i % kPendingSlots];
  while (pending.in_flight) producer.poll(kPollInterval);
  const std::int64_t now_ns = cli::monotonic_ns();
  pending = {pacing_.paced() ? pacing_.intended_ns(i) : now_ns, now_ns, 0, true};
  const history::Identity identity{run_hash_,
                                   static_cast<std::uint16_t>(first_producer_ + target.producer),
                                   target.sequence, pending.intended_ns + wall_minus_monotonic_};

  client::OutgoingRecord record;
  record.partition = target.partition;
  record.token = i;
  fill_record(identity, i, given, record);
  while (true) {
    const auto accepted = producer.send(record);
    if (!accepted) {
      pending.in_flight = false;
      return tl::make_unexpected(accepted.error());
    }
    if (*accepted) break;
    ++queue_full_;
    producer.poll(kPollInterval);
    if (cli::stop_signal() != 0) {
      pending.in_flight = false;
      return {};
    }
  }
  ++attempted_;
  pending.bytes = record.value->size();
  sent_bytes_ += pending.bytes;
  lag_.record(now_ns - pending.intended_ns);
  return {};
}

cli::Result<void> ProduceRun::run(client::Producer& producer, const Source& source) {
  used_ = tool::own_usage();
  start_ns_ = cli::monotonic_ns();
  pacing_ = stats::Pacing(start_ns_, plan_.rate_per_s);
  series_ = stats::Series(start_ns_, start_ns_ + wall_minus_monotonic_);
  GivenRecord given;
  cli::Result<void> stopped;
  for (std::uint64_t i = 0; stopped && !done(i); ++i) {
    wait_until_due(producer, i);
    if (cli::stop_signal() != 0) break;
    if (source) {
      const auto more = wait_for(source, given, producer);
      if (!more) stopped = tl::make_unexpected(more.error());
      if (!more || !*more) break;
    }
    stopped = reserve_from(i);
    if (stopped) stopped = send(producer, i, source ? &given : nullptr);
  }
  const cli::Result<void> flushed = flush(producer);
  disconnects_ = producer.disconnects();
  return stopped ? flushed : stopped;
}

cli::Result<void> ProduceRun::flush(client::Producer& producer) {
  const cli::Deadline deadline = cli::Clock::now() + plan_.flush_timeout;
  while (unanswered() > 0 && cli::remaining_ms(deadline) > 0) {
    producer.poll(kPollInterval);
    tick();
  }
  end_ns_ = cli::monotonic_ns();
  used_ = tool::usage_since(used_);
  give_up_unanswered();
  if (history_ == nullptr) return {};
  end_reservations();
  return history_->close();
}

// The client should have answered for each attempt within its own time-out. What it did not answer
// for is unknown.
void ProduceRun::give_up_unanswered() {
  if (unanswered() > 0) errors_.add("", "no answer in time", unanswered());
  unknown_ += unanswered();
}

void ProduceRun::on_delivery(const client::Delivery& delivery) {
  const std::int64_t now_ns = cli::monotonic_ns();
  Pending& pending = pending_[delivery.token % kPendingSlots];
  pending.in_flight = false;
  switch (delivery.outcome) {
    case client::Outcome::kOk:
      ++acked_;
      latency_.record(now_ns - pending.intended_ns);
      service_.record(now_ns - pending.sent_ns);
      series_.record(now_ns, pending.bytes, now_ns - pending.intended_ns);
      if (plan_.tally != nullptr) plan_.tally->add_record();
      break;
    case client::Outcome::kFailed:
      ++failed_;
      break;
    case client::Outcome::kUnknown:
      ++unknown_;
      break;
  }
  if (delivery.outcome != client::Outcome::kOk) {
    series_.error(now_ns);
    if (plan_.tally != nullptr) plan_.tally->add_error();
    if (!delivery.error.empty()) errors_.add(name_of(delivery), delivery.error);
  }
  if (history_ != nullptr) record_history(delivery, pending, now_ns);
}

void ProduceRun::record_history(const client::Delivery& delivery, const Pending& pending,
                                std::int64_t now_ns) {
  const Target target = target_of(delivery.token);
  history::Event event;
  event.kind = history::Kind::kSend;
  event.time_ns = now_ns;
  event.invoke_ns = pending.sent_ns;
  event.name = topic_name_;
  event.partition = delivery.partition;
  event.offset = delivery.offset;
  event.producer = static_cast<std::uint16_t>(first_producer_ + target.producer);
  event.sequence = target.sequence;
  event.outcome = to_history(delivery.outcome);
  event.error_code = delivery.error_code;
  history_->append(event);
}

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
  m["kafka_writer_write_seconds"] = service_.mean() / 1e9;
  report::add_percentiles(m, "latency_ms", latency_);
  report::add_percentiles(m, "service_ms", service_);
  if (plan_.rate_per_s > 0) report::add_percentiles(m, "lag_ms", lag_);
  tool::put_own_usage(used_, static_cast<double>(attempted_), m);
}

}  // namespace ks::workload
