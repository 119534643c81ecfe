#include <array>
#include <future>
#include <thread>

#include "lib/cli/log.h"
#include "lib/client/implementations.h"
#include "lib/client/rdkafka_handle.h"
#include "lib/client/rdkafka_statistics.h"

namespace ks::client {
namespace {

std::optional<std::string_view> view_of(const void* data, std::size_t size) {
  if (data == nullptr) return std::nullopt;
  return std::string_view(static_cast<const char*>(data), size);
}

std::vector<Header> headers_of(const rd_kafka_message_t& message) {
  std::vector<Header> out;
  rd_kafka_headers_t* headers = nullptr;
  if (rd_kafka_message_headers(&message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR) return out;
  const char* name = nullptr;
  const void* value = nullptr;
  std::size_t size = 0;
  for (std::size_t i = 0;
       rd_kafka_header_get_all(headers, i, &name, &value, &size) == RD_KAFKA_RESP_ERR_NO_ERROR;
       ++i) {
    out.push_back({name, std::string(static_cast<const char*>(value), size)});
  }
  return out;
}

std::string what_failed(const rd_kafka_message_t& message) {
  // librdkafka names the policy by which it gave up, not what the broker said.
  if (message.err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET) {
    return "fetch failed: offset " + std::to_string(message.offset) +
           " is not in the log (any more)";
  }
  return "fetch failed: " + describe(message.err);
}

class RdkafkaConsumer final : public Consumer {
 public:
  ~RdkafkaConsumer() override { leave(); }

  cli::Result<void> open(const Config& config, const std::string& group) {
    in_group_ = !group.empty();
    auto conf = make_conf(config, {
                                      // librdkafka wants a group id to assign by partition, too;
                                      // with commits off it is never sent.
                                      {"group.id", in_group_ ? group : "ks-by-partition"},
                                      {"enable.auto.commit", "false"},
                                      {"enable.auto.offset.store", "false"},
                                      {"enable.partition.eof", "true"},
                                      // Without a group reading starts where it is told; an offset
                                      // outside the log then means that records are gone.
                                      {"auto.offset.reset", in_group_ ? "earliest" : "error"},
                                      {"check.crcs", "true"},
                                      {"fetch.wait.max.ms", "100"},
                                      // For explain().
                                      {"statistics.interval.ms", "1000"},
                                      // Full prefetch queues stall fetching for a second.
                                      {"queued.min.messages", "1000000"},
                                      {"queued.max.messages.kbytes", "131072"},
                                  });
    if (!conf) return tl::make_unexpected(conf.error());
    rd_kafka_conf_set_opaque(conf->get(), this);
    rd_kafka_conf_set_rebalance_cb(conf->get(), on_rebalance);
    rd_kafka_conf_set_stats_cb(conf->get(), on_statistics);
    rd_kafka_conf_set_error_cb(conf->get(), on_client_error);
    auto handle = make_handle(RD_KAFKA_CONSUMER, std::move(*conf));
    if (!handle) return tl::make_unexpected(handle.error());
    handle_ = std::move(*handle);
    rd_kafka_poll_set_consumer(handle_.get());
    queue_.reset(rd_kafka_queue_get_consumer(handle_.get()));
    return {};
  }

  cli::Result<void> assign(const std::vector<Position>& positions) override {
    const Partitions list = to_list(positions);
    const rd_kafka_resp_err_t code = rd_kafka_assign(handle_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
      return fail_with(code, "assigning partitions",
                       positions.empty() ? "" : positions.front().at.topic);
    }
    return {};
  }

  cli::Result<void> subscribe(const std::vector<std::string>& topics) override {
    const Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(topics.size())));
    for (const std::string& topic : topics) {
      rd_kafka_topic_partition_list_add(list.get(), topic.c_str(), RD_KAFKA_PARTITION_UA);
    }
    const rd_kafka_resp_err_t code = rd_kafka_subscribe(handle_.get(), list.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail_with(code, "subscribing", topics.front());
    return {};
  }

  // Batches are quicker, but librdkafka before 2.1 can lose records of a batch around a rebalance:
  // a group member takes what is there one by one.
  cli::Result<void> poll(cli::Duration timeout, ConsumerListener& listener) override {
    listener_ = &listener;
    const int timeout_ms = static_cast<int>(timeout / std::chrono::milliseconds(1));
    constexpr std::size_t kBatch = 1000;
    if (in_group_) {
      for (std::size_t i = 0; i < kBatch && !unusable_; ++i) {
        const Owned<rd_kafka_message_t> message(
            rd_kafka_consumer_poll(handle_.get(), i == 0 ? timeout_ms : 0));
        if (message == nullptr) break;
        deliver(*message);
      }
    } else {
      std::array<rd_kafka_message_t*, kBatch> batch;
      const ssize_t n =
          rd_kafka_consume_batch_queue(queue_.get(), timeout_ms, batch.data(), kBatch);
      for (ssize_t i = 0; i < n; ++i) {
        const Owned<rd_kafka_message_t> message(batch[static_cast<std::size_t>(i)]);
        deliver(*message);
      }
    }
    listener_ = nullptr;
    if (unusable_) return tl::make_unexpected(*unusable_);
    return {};
  }

  // Not rd_kafka_commit: it may wait for ever for a coordinator.
  cli::Result<void> commit(const std::vector<Position>& positions) override {
    const Partitions list = to_list(positions);
    const Owned<rd_kafka_queue_t> replies(rd_kafka_queue_new(handle_.get()));
    rd_kafka_resp_err_t code =
        rd_kafka_commit_queue(handle_.get(), list.get(), replies.get(), nullptr, nullptr);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail_with(code, "commit", "");
    const Owned<rd_kafka_event_t> reply(rd_kafka_queue_poll(replies.get(), kCommitTimeoutMs));
    if (reply == nullptr) return fail_with(RD_KAFKA_RESP_ERR__TIMED_OUT, "commit", "");
    code = rd_kafka_event_error(reply.get());
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR) return fail_with(code, "commit", "");
    const auto* committed = rd_kafka_event_topic_partition_list(reply.get());
    for (int i = 0; i < committed->cnt; ++i) {
      const auto& element = committed->elems[i];
      if (element.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        return fail_with(element.err, "commit",
                         TopicPartition{element.topic, element.partition}.text());
      }
    }
    return {};
  }

  void close(ConsumerListener& listener) override {
    listener_ = &listener;
    leave();
    listener_ = nullptr;
  }

  std::uint64_t disconnects() const override { return disconnects_; }
  std::string explain() const override { return state_; }

 private:
  static constexpr int kCommitTimeoutMs = 5'000;
  static constexpr auto kLeaveTimeout = std::chrono::seconds(5);

  // Leaves the group and ends the client, bounded: rd_kafka_consumer_close and rd_kafka_destroy may
  // wait for ever, for example where the topic was deleted meanwhile. What cannot end is abandoned
  // to the end of the process.
  void leave() {
    if (handle_ == nullptr) return;
    const cli::Deadline deadline = cli::Clock::now() + kLeaveTimeout;
    {
      const Owned<rd_kafka_queue_t> events(rd_kafka_queue_new(handle_.get()));
      const Owned<rd_kafka_error_t> error(
          rd_kafka_consumer_close_queue(handle_.get(), events.get()));
      while (error == nullptr && rd_kafka_consumer_closed(handle_.get()) == 0 &&
             cli::remaining_ms(deadline) > 0) {
        // Records that were fetched meanwhile are dropped; the last revocation is not.
        constexpr int kPollMs = 100;
        const Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(events.get(), kPollMs));
        if (rd_kafka_event_type(event.get()) == RD_KAFKA_EVENT_REBALANCE) {
          on_rebalance(handle_.get(), rd_kafka_event_error(event.get()),
                       rd_kafka_event_topic_partition_list(event.get()), this);
        }
      }
    }
    queue_.reset();
    // The flag would also hold back the LeaveGroup that a closed consumer still has to send.
    const int flags =
        rd_kafka_consumer_closed(handle_.get()) == 1 ? 0 : RD_KAFKA_DESTROY_F_NO_CONSUMER_CLOSE;
    std::promise<void> destroyed;
    std::future<void> done = destroyed.get_future();
    std::thread([handle = handle_.release(), flags, destroyed = std::move(destroyed)]() mutable {
      rd_kafka_destroy_flags(handle, flags);
      destroyed.set_value();
    }).detach();
    if (done.wait_until(deadline) != std::future_status::ready) {
      cli::log_warning("the client did not end in time");
    }
  }

  void deliver(const rd_kafka_message_t& message) {
    if (message.err == RD_KAFKA_RESP_ERR_NO_ERROR) {
      listener_->on_record(
          {rd_kafka_topic_name(message.rkt), message.partition, message.offset,
           rd_kafka_message_timestamp(&message, nullptr), view_of(message.key, message.key_len),
           view_of(message.payload, message.len), [&message] { return headers_of(message); }});
    } else if (message.err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
      listener_->on_end({rd_kafka_topic_name(message.rkt), message.partition}, message.offset);
    } else {
      const std::string where =
          message.rkt == nullptr
              ? ""
              : TopicPartition{rd_kafka_topic_name(message.rkt), message.partition}.text();
      const cli::Error error{what_failed(message), where, "", code_name(message.err)};
      // librdkafka would go on and never get anywhere.
      if (message.err == RD_KAFKA_RESP_ERR__UNSUPPORTED_FEATURE) {
        unusable_ = {error.what, where,
                     "the broker serves no version of an API that librdkafka " +
                         version_of(Implementation::kLibrdkafka) + " needs; use --client wire"};
        return;
      }
      // It looks for a coordinator also of who reads by partition and needs none.
      if (!in_group_ && message.rkt == nullptr) return cli::log_debug(error.message());
      is_connection_error(message.err) ? listener_->on_transient(error)
                                       : listener_->on_error(error);
    }
  }

  // Returns 0: the text is librdkafka's to free.
  static int on_statistics(rd_kafka_t*, char* json, std::size_t size, void* opaque) {
    auto* self = static_cast<RdkafkaConsumer*>(opaque);
    const std::string_view text(json, size);
    self->state_ = self->in_group_ ? explain_group(text) : explain_dropped(text);
    return 0;
  }

  // librdkafka would look the group's commits up by itself, and not tell: asked here, reading
  // starts at what the coordinator was seen to answer. Where it does not answer, it is left to
  // librdkafka.
  void start_at_commits(rd_kafka_topic_partition_list_t& list) {
    const std::int64_t asked_ns = cli::monotonic_ns();
    const Partitions committed(rd_kafka_topic_partition_list_copy(&list));
    if (rd_kafka_committed(handle_.get(), committed.get(), kCommitTimeoutMs) !=
        RD_KAFKA_RESP_ERR_NO_ERROR) {
      return;
    }
    for (int i = 0; i < list.cnt; ++i) {
      const auto& found = committed->elems[i];
      if (found.err != RD_KAFKA_RESP_ERR_NO_ERROR) continue;
      const bool is_none = found.offset == RD_KAFKA_OFFSET_INVALID;
      if (!is_none) list.elems[i].offset = found.offset;
      listener_->on_committed({{found.topic, found.partition}, is_none ? -1 : found.offset},
                              asked_ns);
    }
  }

  // About connections, and for information: what ends the reading comes as a message. Without this,
  // librdkafka would tell its log only.
  static void on_client_error(rd_kafka_t*, int code, const char* reason, void* opaque) {
    auto* self = static_cast<RdkafkaConsumer*>(opaque);
    if (is_disconnect(static_cast<rd_kafka_resp_err_t>(code))) ++self->disconnects_;
    if (self->listener_ != nullptr) self->listener_->on_transient({reason, "", ""});
  }

  static void on_rebalance(rd_kafka_t* handle, rd_kafka_resp_err_t code,
                           rd_kafka_topic_partition_list_t* list, void* opaque) {
    auto* self = static_cast<RdkafkaConsumer*>(opaque);
    const bool assigned = code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS;
    if (self->listener_ != nullptr) {
      if (assigned) self->start_at_commits(*list);
      const std::vector<Position> positions = from_list(*list);
      if (assigned) {
        self->listener_->on_assigned(positions);
      } else {
        std::vector<TopicPartition> partitions;
        for (const Position& p : positions) partitions.push_back(p.at);
        self->listener_->on_revoked(partitions);
      }
    }
    const bool cooperative = std::string_view(rd_kafka_rebalance_protocol(handle)) == "COOPERATIVE";
    if (!cooperative) {
      rd_kafka_assign(handle, assigned ? list : nullptr);
    } else if (assigned) {
      Owned<rd_kafka_error_t>(rd_kafka_incremental_assign(handle, list));
    } else {
      Owned<rd_kafka_error_t>(rd_kafka_incremental_unassign(handle, list));
    }
  }

  bool in_group_ = false;
  std::uint64_t disconnects_ = 0;
  std::string state_;                     // for explain()
  std::optional<cli::Error> unusable_;    // this client cannot read from this broker
  ConsumerListener* listener_ = nullptr;  // during poll and close only
  Owned<rd_kafka_t> handle_;
  Owned<rd_kafka_queue_t> queue_;  // after handle_: must go before it
};

}  // namespace

cli::Result<std::unique_ptr<Consumer>> make_rdkafka_consumer(const Config& config,
                                                             const std::string& group) {
  auto consumer = std::make_unique<RdkafkaConsumer>();
  if (auto opened = consumer->open(config, group); !opened) {
    return tl::make_unexpected(opened.error());
  }
  return consumer;
}

}  // namespace ks::client
