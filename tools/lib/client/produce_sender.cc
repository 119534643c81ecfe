#include "lib/client/produce_sender.h"

#include <algorithm>
#include <utility>

#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::ErrorCode;

// The client's own errors, as librdkafka numbers them.
constexpr int kLostConnection = -195;
constexpr int kExpired = -192;

// The broker is to give up waiting for its replicas before the client gives up waiting for it.
cli::Duration broker_patience(cli::Duration left) { return left - left / 8; }

bool is_about_sequence(std::int16_t code) {
  const ErrorCode error = wire::to_error(code);
  return error == ErrorCode::kOutOfOrderSequenceNumber || error == ErrorCode::kUnknownProducerId ||
         error == ErrorCode::kInvalidProducerEpoch;
}

}  // namespace

ProduceSender::ProduceSender(Cluster& cluster, ProduceQueue& queue, std::string topic)
    : options_(cluster.options()),
      queue_(queue),
      leaders_(cluster, std::move(topic), [this] { on_leaders(); }),
      producer_id_(cluster, [this] { wake(); }) {}

void ProduceSender::on_leaders() {
  queue_.set_partitions(leaders_.partitions());
  partitions_.resize(leaders_.partitions());
  wake();
}

void ProduceSender::work() {
  const cli::Deadline now = cli::Clock::now();
  queue_.attended();
  give_up_expired(now);
  drop_stalled(now);
  while (start_requests(now)) {
  }
  queue_.attend_by(leaders_.refresh_metadata(now));
  plan(now);
}

std::unique_ptr<ProduceBatch> ProduceSender::take_settled() {
  if (settled_.empty()) return nullptr;
  auto batch = std::move(settled_.front());
  settled_.pop_front();
  return batch;
}

void ProduceSender::give_up_expired(cli::Deadline now) {
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    for (const ProduceBatch* next = queue_.front(i); next != nullptr && next->expires <= now;
         next = queue_.front(i)) {
      auto batch = queue_.take(i);
      if (batch->error_code == 0) {
        batch->error_code = kExpired;
        batch->error = "not sent in time" + reason();
      }
      give_up(std::move(batch));
    }
  }
}

// Why a batch could not be sent; empty: for want of room alone.
std::string ProduceSender::reason() const {
  const std::string& trouble =
      options_.idempotent && !producer_id_.is_known() ? producer_id_.trouble() : leaders_.trouble();
  return trouble.empty() ? "" : ": " + trouble;
}

// The deadline of a request without an answer is nobody else's to watch.
void ProduceSender::drop_stalled(cli::Deadline now) {
  if (options_.acks != 0) return;
  for (auto& [link, broker] : leaders_.brokers()) {
    if (!broker.in_flight.empty() && broker.in_flight.front() <= now) {
      broker.link.drop({"cannot send in time", link->address().text(), ""});
    }
  }
}

// When to look again, should nothing happen before.
void ProduceSender::plan(cli::Deadline now) {
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    const ProduceBatch* batch = queue_.front(i);
    if (batch == nullptr) continue;
    queue_.attend_by(batch->expires);
    if (!batch->is_complete && batch->due > now) queue_.attend_by(batch->due);
    if (partitions_[i].not_before > now) queue_.attend_by(partitions_[i].not_before);
  }
  if (options_.acks != 0) return;
  for (const auto& [link, broker] : leaders_.brokers()) {
    if (!broker.in_flight.empty()) queue_.attend_by(broker.in_flight.front());
  }
}

// ---- sending ------------------------------------------------------------------------------------

// One request to each broker, with one batch of each of its partitions: those that there is room
// for. False: there is nothing to send, or no room.
bool ProduceSender::start_requests(cli::Deadline now) {
  std::vector<Request> requests;
  for (std::size_t i = 0; i < partitions_.size(); ++i) {
    const std::size_t index = (first_ + i) % partitions_.size();
    Partition& partition = partitions_[index];
    if (!may_be_sent(index, now)) continue;
    Broker* broker = leaders_.ready_leader(index);
    if (broker == nullptr || broker->in_flight.size() >= options_.most_in_flight) continue;
    ProduceBatch& batch = *queue_.front(index);
    if (!prepare(partition, batch, now)) continue;
    auto request = std::find_if(requests.begin(), requests.end(),
                                [&](const Request& r) { return r.broker == broker; });
    if (request == requests.end()) {
      request = requests.insert(request, Request{broker, {}, 0, false});
    } else if (request->bytes + batch.encoded.size() > options_.batch_bytes) {
      continue;
    }
    request->bytes += batch.encoded.size();
    partition.in_flight.push_back(&batch);
    request->batches.push_back(queue_.take(index));
  }
  ++first_;
  for (Request& request : requests) send(std::move(request), now);
  return !requests.empty();
}

bool ProduceSender::may_be_sent(std::size_t partition, cli::Deadline now) {
  const Partition& to = partitions_[partition];
  const ProduceBatch* batch = queue_.front(partition);
  if (batch == nullptr || now < to.not_before) return false;
  if (!batch->is_complete && now < batch->due) return false;
  const bool along = !options_.idempotent || to.sequence.may_be_sent_along(*batch);
  return to.in_flight.size() < (along ? options_.most_in_flight : 1);
}

// Numbers the batch and finishes it, unless that was done for an earlier attempt.
bool ProduceSender::prepare(Partition& partition, ProduceBatch& batch, cli::Deadline now) {
  if (options_.idempotent && !batch.maybe_written) {
    if (partition.sequence.is_used_up(producer_id_.value())) producer_id_.forget();
    if (!producer_id_.is_known()) {
      queue_.attend_by(producer_id_.ask(now));
      return false;
    }
    partition.sequence.number(batch, producer_id_.value());
  }
  if (!batch.encoded.empty()) return true;
  wire::BatchOptions options;
  options.compression = options_.compression;
  options.producer_id = batch.sequence.of.producer_id;
  options.producer_epoch = batch.sequence.of.epoch;
  options.base_sequence = batch.sequence.base;
  const auto encoded = batch.buffers->records.finish(options);
  if (encoded) {
    batch.encoded = *encoded;
    batch.is_complete = true;  // also where it has to wait: what was encoded is all that it has
    return true;
  }
  batch.error_code = static_cast<int>(ErrorCode::kInvalidRecord);
  batch.error = encoded.error().message();
  give_up(queue_.take(static_cast<std::size_t>(batch.partition)));
  return false;
}

void ProduceSender::send(Request made, cli::Deadline now) {
  const auto request = std::make_shared<Request>(std::move(made));
  cli::Deadline deadline = now + options_.request_timeout;
  for (const auto& batch : request->batches) {
    ++batch->attempts;
    deadline = std::min(deadline, batch->expires);
  }
  request->broker->in_flight.push_back(deadline);
  const Fill fill = [this, request, deadline, now](std::int16_t) -> cli::Result<wire::Value> {
    request->is_sent = true;
    return produce_request(leaders_.topic(), options_.acks, broker_patience(deadline - now),
                           request->batches);
  };
  if (options_.acks == 0) {
    request->broker->link.call_without_answer(
        ApiKey::kProduce, fill, deadline,
        [this, request](const cli::Result<void>& sent) { on_sent(*request, sent); });
  } else {
    request->broker->link.call(
        ApiKey::kProduce, fill, deadline,
        [this, request](const cli::Result<wire::Reply>& reply) { on_reply(*request, reply); });
  }
}

// ---- answers ------------------------------------------------------------------------------------

void ProduceSender::on_reply(Request& request, const cli::Result<wire::Reply>& reply) {
  request.broker->in_flight.pop_front();
  wake();
  for (auto& batch : request.batches) {
    std::erase(partition_of(*batch).in_flight, batch.get());
    if (!reply) {
      on_no_answer(std::move(batch), reply.error().message(), request.is_sent);
    } else if (const auto answer = find_answer(reply->body, leaders_.topic(), batch->partition)) {
      on_answer(std::move(batch), *answer);
    } else {
      on_no_answer(std::move(batch), "Produce answered without the partition", true);
    }
  }
}

// With acks=0 nobody ever knows; only what was not sent at all is sent again.
void ProduceSender::on_sent(Request& request, const cli::Result<void>& sent) {
  request.broker->in_flight.pop_front();
  wake();
  for (auto& batch : request.batches) {
    std::erase(partition_of(*batch).in_flight, batch.get());
    if (sent) {
      settle(std::move(batch), Outcome::kUnknown);
    } else {
      on_no_answer(std::move(batch), sent.error().message(), request.is_sent);
    }
  }
}

void ProduceSender::on_no_answer(std::unique_ptr<ProduceBatch> batch, const std::string& why,
                                 bool is_sent) {
  batch->error_code = kLostConnection;
  batch->error = why;
  if (is_sent) leave_open(*batch);
  leaders_.distrust_metadata();
  is_sent&& options_.acks == 0 ? give_up(std::move(batch)) : retry(std::move(batch));
}

void ProduceSender::on_answer(std::unique_ptr<ProduceBatch> batch, const ProduceAnswer& answer) {
  const std::int16_t code = answer.error_code;
  batch->error_code = code;
  batch->error = answer.error;
  batch->record_errors = answer.record_errors;
  if (code == 0 || wire::to_error(code) == ErrorCode::kDuplicateSequenceNumber) {
    // An earlier attempt had written a duplicate; the broker no longer knows where.
    batch->base_offset = code == 0 ? answer.base_offset : -1;
    partition_of(*batch).sequence.on_written(*batch);
    return settle(std::move(batch), Outcome::kOk);
  }
  if (options_.idempotent && is_about_sequence(code)) {
    return on_sequence_error(std::move(batch), code);
  }
  if (wire::is_stale_metadata(code)) leaders_.distrust_metadata();
  if (leaves_open(code)) leave_open(*batch);
  wire::is_retriable(code) ? retry(std::move(batch)) : give_up(std::move(batch));
}

void ProduceSender::leave_open(ProduceBatch& batch) {
  batch.maybe_written = true;
  partition_of(batch).sequence.on_open();
}

// Nothing was written this time. Behind a batch that is still to come that is as it should be.
void ProduceSender::on_sequence_error(std::unique_ptr<ProduceBatch> batch, std::int16_t code) {
  if (wire::to_error(code) == ErrorCode::kInvalidProducerEpoch) producer_id_.forget();
  if (is_first(*batch)) {
    partition_of(*batch).sequence.break_off();
    if (batch->maybe_written) return give_up(std::move(batch));
  }
  retry(std::move(batch));
}

// Whether no earlier batch of its partition is still to be settled.
bool ProduceSender::is_first(const ProduceBatch& batch) const {
  const auto index = static_cast<std::size_t>(batch.partition);
  const auto is_earlier = [&batch](const ProduceBatch* other) {
    return other->position < batch.position;
  };
  const auto& in_flight = partitions_[index].in_flight;
  const ProduceBatch* waiting = queue_.front(index);
  return std::none_of(in_flight.begin(), in_flight.end(), is_earlier) &&
         (waiting == nullptr || !is_earlier(waiting));
}

void ProduceSender::retry(std::unique_ptr<ProduceBatch> batch) {
  const cli::Deadline again = cli::Clock::now() + options_.retry_backoff;
  if (batch->attempts > options_.retries || again >= batch->expires) {
    return give_up(std::move(batch));
  }
  partition_of(*batch).not_before = again;
  queue_.put_back(std::move(batch));
}

void ProduceSender::give_up(std::unique_ptr<ProduceBatch> batch) {
  if (batch->sequence.base >= 0) partition_of(*batch).sequence.break_off();
  const Outcome outcome = batch->maybe_written ? Outcome::kUnknown : Outcome::kFailed;
  settle(std::move(batch), outcome);
}

void ProduceSender::settle(std::unique_ptr<ProduceBatch> batch, Outcome outcome) {
  batch->outcome = outcome;
  if (outcome == Outcome::kOk) {
    batch->error_code = 0;
    batch->error.clear();
  }
  settled_.push_back(std::move(batch));
}

}  // namespace ks::client
