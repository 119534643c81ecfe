#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <thread>

#include "lib/cli/log.h"
#include "lib/client/implementations.h"
#include "lib/client/produce_request.h"
#include "lib/client/rdkafka_handle.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

// librdkafka carries a pointer for us; we carry a number in it.
void* token_pointer(std::uint64_t token) {
  return reinterpret_cast<void*>(token);  // NOLINT(performance-no-int-to-ptr)
}

// librdkafka retries on its own, and reports success for acks=0, so an error code alone does not
// tell whether the record is in the log; rd_kafka_message_status does. But it takes an error such
// as NOT_LEADER for a promise that nothing was written, and a record that then expires or is purged
// does not tell of it any more.
bool is_refused(rd_kafka_resp_err_t code) {
  if (code > 0) return !leaves_open(static_cast<std::int16_t>(code));
  return code == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC || code == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION;
}

Outcome outcome_of(const rd_kafka_message_t& message) {
  switch (rd_kafka_message_status(&message)) {
    case RD_KAFKA_MSG_STATUS_PERSISTED:
      return Outcome::kOk;
    case RD_KAFKA_MSG_STATUS_NOT_PERSISTED:
      return is_refused(message.err) ? Outcome::kFailed : Outcome::kUnknown;
    case RD_KAFKA_MSG_STATUS_POSSIBLY_PERSISTED:
      break;
  }
  return Outcome::kUnknown;
}

bool is_purged(const rd_kafka_message_t& message) {
  return message.err == RD_KAFKA_RESP_ERR__PURGE_QUEUE ||
         message.err == RD_KAFKA_RESP_ERR__PURGE_INFLIGHT;
}

class RdkafkaProducer final : public Producer {
 public:
  RdkafkaProducer(std::string topic, OnDelivery on_delivery)
      : topic_name_(std::move(topic)), on_delivery_(std::move(on_delivery)) {}

  ~RdkafkaProducer() override {
    if (handle_ == nullptr) return;
    // What is still queued was given up by the caller. Values that last do so until the handle is
    // gone.
    rd_kafka_purge(handle_.get(), RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
  }

  cli::Result<void> open(const Config& config) {
    auto conf = make_conf(config, {
                                      {"queue.buffering.max.messages", "100000"},
                                      {"queue.buffering.max.kbytes", "262144"},
                                      {"linger.ms", "2"},
                                  });
    if (!conf) return tl::make_unexpected(conf.error());
    most_in_row_ = most_in_row(conf->get());
    // Not callbacks: an event has all that became known at once.
    rd_kafka_conf_set_events(conf->get(), RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR);
    auto handle = make_handle(RD_KAFKA_PRODUCER, std::move(*conf));
    if (!handle) return tl::make_unexpected(handle.error());
    handle_ = std::move(*handle);
    events_.reset(rd_kafka_queue_get_main(handle_.get()));
    topic_.reset(rd_kafka_topic_new(handle_.get(), topic_name_.c_str(), nullptr));
    if (topic_ == nullptr)
      return fail_with(rd_kafka_last_error(), "opening the topic", topic_name_);
    return {};
  }

  cli::Result<int> partitions(cli::Deadline deadline) override {
    rd_kafka_resp_err_t code = RD_KAFKA_RESP_ERR__TIMED_OUT;
    while (cli::remaining_ms(deadline) > 0) {
      const rd_kafka_metadata_t* raw = nullptr;
      code = rd_kafka_metadata(handle_.get(), 0, topic_.get(), &raw, cli::remaining_ms(deadline));
      const Owned<const rd_kafka_metadata_t> metadata(raw);
      if (code == RD_KAFKA_RESP_ERR_NO_ERROR && metadata->topic_cnt == 1) {
        code = metadata->topics[0].err;
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return metadata->topics[0].partition_cnt;
        // Who may not see it would ask in vain up to the deadline.
        if (!wire::is_retriable(static_cast<std::int16_t>(code)))
          return fail_with(code, "Metadata", topic_name_);
      }
      // A topic that is being auto-created answers LEADER_NOT_AVAILABLE or "unknown" for a moment.
      constexpr auto kBetweenTries = std::chrono::milliseconds(100);
      std::this_thread::sleep_for(kBetweenTries);
    }
    return cli::fail_as(code_name(code), "unknown topic: " + describe(code), topic_name_,
                        "create it with ks-admin topics create");
  }

  bool sends_in_place() const override { return true; }

  cli::Result<bool> send(const OutgoingRecord& record) override {
    const bool joins = record.is_lasting && record.headers.empty() && !record.key && record.value;
    const bool fits = joins && record.partition == row_partition_ && row_.size() < most_in_row_;
    if (!fits && !row_.empty()) {
      auto handed_over = hand_over();
      if (!handed_over || !*handed_over) return handed_over;
    }
    if (!joins) return answer_of(record.headers.empty() ? send_plain(record) : send_full(record));
    row_partition_ = record.partition;
    rd_kafka_message_t& message = row_.emplace_back();
    message.payload = const_cast<char*>(record.value->data());
    message.len = record.value->size();
    message._private = token_pointer(record.token);
    return true;
  }

  void poll(cli::Duration timeout) override { serve(timeout); }

  // rd_kafka_flush() would not serve events; while it waits, nothing lingers.
  void flush(cli::Duration timeout) override {
    constexpr int kStepMs = 1;
    if (!row_.empty()) static_cast<void>(hand_over());
    rd_kafka_flush(handle_.get(), kStepMs);
    serve(timeout);
  }

  std::size_t in_flight() const override {
    return static_cast<std::size_t>(rd_kafka_outq_len(handle_.get())) + row_.size();
  }

  std::uint64_t disconnects() const override { return disconnects_; }

 private:
  // A row waits beside the queue: of one that is to be short, it must not be what waits most.
  static std::size_t most_in_row(const rd_kafka_conf_t* conf) {
    constexpr std::size_t kMost = 64;
    constexpr std::size_t kShare = 16;
    std::array<char, 32> text{};
    std::size_t size = text.size();
    if (rd_kafka_conf_get(conf, "queue.buffering.max.messages", text.data(), &size) !=
        RD_KAFKA_CONF_OK) {
      return 1;
    }
    return std::clamp<std::size_t>(std::strtoull(text.data(), nullptr, 10) / kShare, 1, kMost);
  }

  // Why the client is of no use any more, such as a sequence that the broker does not take; empty:
  // it is.
  std::string fatal_error() const {
    std::array<char, 512> text{};
    const auto code = rd_kafka_fatal_error(handle_.get(), text.data(), text.size());
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
    return std::string(text.data()) + " (" + rd_kafka_err2name(code) + ")";
  }

  // What librdkafka said of a record that it was given.
  cli::Result<bool> answer_of(rd_kafka_resp_err_t code) const {
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return true;
    if (code == RD_KAFKA_RESP_ERR__QUEUE_FULL) return false;
    if (const std::string fatal = fatal_error(); !fatal.empty()) {
      return cli::fail("the producer cannot go on: " + fatal, topic_name_);
    }
    return fail_with(code, "sending", topic_name_);
  }

  // Gives librdkafka the records of the row with one call. What it does not take stays in the row:
  // false where its queue is full. One that it refuses is delivered as failed, and the error.
  cli::Result<bool> hand_over() {
    const int taken = rd_kafka_produce_batch(topic_.get(), row_partition_, 0, row_.data(),
                                             static_cast<int>(row_.size()));
    if (static_cast<std::size_t>(taken) == row_.size()) {
      row_.clear();
      return true;
    }
    std::erase_if(row_, [](const auto& m) { return m.err == RD_KAFKA_RESP_ERR_NO_ERROR; });
    cli::Result<bool> answer = false;
    std::vector<Delivery> refused;
    for (const rd_kafka_message_t& message : row_) {
      if (message.err == RD_KAFKA_RESP_ERR__QUEUE_FULL) continue;
      answer = answer_of(message.err);
      refused.push_back(delivery_of(message, Outcome::kFailed));
    }
    std::erase_if(row_, [](const auto& m) { return m.err != RD_KAFKA_RESP_ERR__QUEUE_FULL; });
    if (!refused.empty()) on_delivery_(refused);
    return answer;
  }

  rd_kafka_resp_err_t send_plain(const OutgoingRecord& record) {
    const int rc = rd_kafka_produce(
        topic_.get(), record.partition, RD_KAFKA_MSG_F_COPY,
        record.value ? const_cast<char*>(record.value->data()) : nullptr,
        record.value ? record.value->size() : 0, record.key ? record.key->data() : nullptr,
        record.key ? record.key->size() : 0, token_pointer(record.token));
    return rc == 0 ? RD_KAFKA_RESP_ERR_NO_ERROR : rd_kafka_last_error();
  }

  rd_kafka_resp_err_t send_full(const OutgoingRecord& record) {
    rd_kafka_headers_t* headers = rd_kafka_headers_new(record.headers.size());
    for (const Header& h : record.headers) {
      rd_kafka_header_add(headers, h.name.data(), static_cast<ssize_t>(h.name.size()),
                          h.value.data(), static_cast<ssize_t>(h.value.size()));
    }
    const std::string_view value = record.value.value_or(std::string_view());
    const std::string_view key = record.key.value_or(std::string_view());
    const rd_kafka_resp_err_t code = rd_kafka_producev(
        handle_.get(), RD_KAFKA_V_RKT(topic_.get()), RD_KAFKA_V_PARTITION(record.partition),
        RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
        RD_KAFKA_V_VALUE(const_cast<char*>(value.data()), value.size()),
        RD_KAFKA_V_KEY(key.data(), key.size()), RD_KAFKA_V_HEADERS(headers),
        RD_KAFKA_V_OPAQUE(token_pointer(record.token)), RD_KAFKA_V_END);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) rd_kafka_headers_destroy(headers);
    return code;
  }

  void serve(cli::Duration timeout) {
    if (!row_.empty()) static_cast<void>(hand_over());  // its error comes again with the next send
    int wait_ms = static_cast<int>(timeout / std::chrono::milliseconds(1));
    while (const Owned<rd_kafka_event_t> event{rd_kafka_queue_poll(events_.get(), wait_ms)}) {
      wait_ms = 0;
      if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_DR) {
        deliver(event.get());
      } else if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_ERROR) {
        on_client_error(event.get());
      }
    }
  }

  void deliver(rd_kafka_event_t* event) {
    deliveries_.clear();
    fatal_ = fatal_error();
    while (const rd_kafka_message_t* message = rd_kafka_event_message_next(event)) {
      deliveries_.push_back(delivery_of(*message, outcome_of(*message)));
    }
    on_delivery_(deliveries_);
  }

  Delivery delivery_of(const rd_kafka_message_t& message, Outcome outcome) const {
    Delivery delivery;
    delivery.token = reinterpret_cast<std::uint64_t>(message._private);
    delivery.outcome = outcome;
    delivery.error_code = message.err;
    if (message.err != RD_KAFKA_RESP_ERR_NO_ERROR) delivery.error = rd_kafka_err2str(message.err);
    // What is purged after a fatal error does not say which that was.
    if (is_purged(message) && !fatal_.empty()) delivery.error = fatal_;
    delivery.partition = message.partition;
    delivery.offset = message.offset >= 0 ? message.offset : -1;
    return delivery;
  }

  void on_client_error(rd_kafka_event_t* event) {
    if (!is_disconnect(rd_kafka_event_error(event))) return;
    ++disconnects_;
    cli::log_debug(rd_kafka_event_error_string(event));
  }

  std::string topic_name_;
  OnDelivery on_delivery_;
  std::uint64_t disconnects_ = 0;
  std::string fatal_;                    // as of the last deliveries
  std::vector<Delivery> deliveries_;     // of an event
  std::vector<rd_kafka_message_t> row_;  // of one partition, not handed over yet
  std::size_t most_in_row_ = 1;
  std::int32_t row_partition_ = kAnyPartition;
  Owned<rd_kafka_t> handle_;
  Owned<rd_kafka_queue_t> events_;
  Owned<rd_kafka_topic_t> topic_;  // both after handle_: must go before it
};

}  // namespace

cli::Result<std::unique_ptr<Producer>> make_rdkafka_producer(const Config& config,
                                                             const std::string& topic,
                                                             Producer::OnDelivery on_delivery) {
  auto producer = std::make_unique<RdkafkaProducer>(topic, std::move(on_delivery));
  if (auto opened = producer->open(config); !opened) return tl::make_unexpected(opened.error());
  return producer;
}

}  // namespace ks::client
