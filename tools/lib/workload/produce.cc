#include "lib/workload/produce.h"

#include <algorithm>

#include "lib/cli/signals.h"
#include "lib/wire/error_code.h"

namespace ks::workload {
namespace {

// Attempts between two reservations in the history: one write for so many records.
constexpr std::uint64_t kReserveAhead = 4096;

// How many records may be under way. With a schedule, more than the client's queue holds: what
// waits there is lag to be shown. As fast as it goes, what keeps the brokers busy: five requests of
// a batch to each, and a batch that is being filled. More would only wait here, and no longer be in
// the processor's caches when it is sent.
std::size_t most_under_way(const ProducePlan& plan) {
  constexpr std::size_t kOnSchedule = 1 << 18;
  constexpr std::size_t kBytesOfAPartition = 6 << 20;
  constexpr std::size_t kBytes = 12 << 20;
  constexpr std::size_t kLeast = 64;
  constexpr std::size_t kMost = 1 << 16;
  if (plan.rate_per_s > 0) return kOnSchedule;
  const std::size_t partitions =
      plan.partition == client::kAnyPartition ? static_cast<std::size_t>(plan.partitions) : 1;
  const std::size_t bytes = std::min(kBytesOfAPartition * partitions, kBytes);
  const std::size_t most =
      std::clamp(bytes / std::max(plan.size, history::kIdentityBytes), kLeast, kMost);
  return std::clamp<std::uint64_t>(plan.count.value_or(most), 1, most);
}

constexpr auto kPollInterval = std::chrono::milliseconds(20);

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
      pending_(most_under_way(plan_)) {
  if (history_ != nullptr) topic_name_ = history_->names().id(plan_.topic);
}

ProduceRun::Target ProduceRun::target_of(std::uint64_t i) const {
  Target target;
  target.sequence = i;
  if (plan_.producers > 1) {  // mostly there is one, and divisions take time
    target.producer = static_cast<std::uint32_t>(i % plan_.producers);
    target.sequence = i / plan_.producers;
  }
  target.partition = plan_.partition;
  const bool by_key = plan_.keys != 0 || !plan_.key.empty();
  if (target.partition == client::kAnyPartition && !by_key) {
    target.partition = static_cast<std::int32_t>(target.sequence / row_ %
                                                 static_cast<std::uint64_t>(plan_.partitions));
  }
  return target;
}

// As fast as it goes, a partition gets what fills a batch at once; of few records, each as many.
std::uint64_t ProduceRun::records_in_a_row() const {
  constexpr std::uint64_t kMost = 512;
  constexpr std::uint64_t kTurns = 64;
  constexpr std::uint64_t kUncounted = 16;
  if (pacing_.paced()) return 1;
  if (!plan_.count) return kUncounted;  // it may end soon, with no partition far ahead of another
  const std::uint64_t shares = std::uint64_t{plan_.producers} * plan_.partitions;
  const std::uint64_t share = *plan_.count / shares;
  return std::clamp<std::uint64_t>(share / kTurns, 1, kMost);
}

bool ProduceRun::done(std::uint64_t i) const {
  if (cli::stop_signal() != 0) return true;
  if (plan_.count && i >= *plan_.count) return true;
  // With a schedule the duration is the schedule's: what is due after it is not sent.
  const std::int64_t at_ns = pacing_.paced() ? pacing_.intended_ns(i) : now_ns_;
  return plan_.duration && at_ns - start_ns_ >= plan_.duration->count();
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
    // Deliveries must be served as fast as they come, but not looked for after every record, and
    // neither the clock: that a record is sent a moment after it is said to be accuses nobody.
    constexpr std::uint64_t kPollEvery = 128;
    constexpr std::uint64_t kLookEvery = 8;
    if (i % kPollEvery == 0) {
      producer.poll({});
      if (plan_.progress != nullptr) tick();
    }
    if (i % kLookEvery == 0) now_ns_ = cli::monotonic_ns();
    return;
  }
  const std::int64_t due_ns = pacing_.intended_ns(i);
  while (cli::stop_signal() == 0) {
    now_ns_ = cli::monotonic_ns();
    const std::int64_t left_ns = due_ns - now_ns_;
    if (left_ns <= 0) {
      producer.poll({});
      now_ns_ = cli::monotonic_ns();
      return;
    }
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
    record.value = generated_->make(i, identity);
    record.is_lasting = generated_->lasting() > 1;
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
  Pending& pending = pending_[i % pending_.size()];
  while (pending.in_flight) {
    ++queue_full_;
    producer.poll(kPollInterval);
    if (cli::stop_signal() != 0) return {};
    now_ns_ = cli::monotonic_ns();
  }
  pending = {pacing_.paced() ? pacing_.intended_ns(i) : now_ns_, now_ns_, 0, true};
  const history::Identity identity{run_hash_,
                                   static_cast<std::uint16_t>(first_producer_ + target.producer),
                                   target.sequence, pending.intended_ns + wall_minus_monotonic_};

  client::OutgoingRecord record;
  record.partition = target.partition;
  record.token = i;
  record.wall_ns = now_ns_ + wall_minus_monotonic_;
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
    now_ns_ = cli::monotonic_ns();
    if (cli::stop_signal() != 0) {
      pending.in_flight = false;
      return {};
    }
  }
  ++attempted_;
  pending.bytes = record.value->size();
  sent_bytes_ += pending.bytes;
  if (pacing_.paced()) lag_.record(pending.sent_ns - pending.intended_ns);
  return {};
}

cli::Result<void> ProduceRun::run(client::Producer& producer, const Source& source) {
  used_ = tool::own_usage();
  start_ns_ = now_ns_ = cli::monotonic_ns();
  pacing_ = stats::Pacing(start_ns_, plan_.rate_per_s);
  row_ = records_in_a_row();
  // In place each value is the slot's of its attempt.
  const bool in_place = producer.sends_in_place() && !pacing_.paced();
  if (!source && !plan_.value) generated_.emplace(plan_.size, in_place ? pending_.size() : 1);
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
      now_ns_ = cli::monotonic_ns();
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
    producer.flush(kPollInterval);
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

void ProduceRun::on_deliveries(std::span<const client::Delivery> deliveries) {
  const std::int64_t now_ns = cli::monotonic_ns();
  for (const client::Delivery& delivery : deliveries) on_delivery(delivery, now_ns);
}

void ProduceRun::on_delivery(const client::Delivery& delivery, std::int64_t now_ns) {
  Pending& pending = pending_[delivery.token % pending_.size()];
  pending.in_flight = false;
  switch (delivery.outcome) {
    case client::Outcome::kOk:
      ++acked_;
      latency_.record(now_ns - pending.intended_ns);
      if (pacing_.paced()) service_.record(now_ns - pending.sent_ns);
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

}  // namespace ks::workload
