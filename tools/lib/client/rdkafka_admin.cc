#include "lib/client/rdkafka_admin.h"

#include <algorithm>

#include "lib/client/implementations.h"

namespace ks::client {

tl::unexpected<cli::Error> fail_with_text(rd_kafka_resp_err_t code, const char* text,
                                          const std::string& doing, const std::string& where) {
  if (text == nullptr || *text == '\0') return fail_with(code, doing, where);
  return cli::fail_as(code_name(code),
                      doing + " failed: " + text + " (" + rd_kafka_err2name(code) + ")", where);
}

cli::Result<void> RdkafkaAdmin::open(const Config& config) {
  auto conf = make_conf(config, {});
  if (!conf) return tl::make_unexpected(conf.error());
  auto handle = make_handle(RD_KAFKA_PRODUCER, std::move(*conf));
  if (!handle) return tl::make_unexpected(handle.error());
  handle_ = std::move(*handle);
  return {};
}

cli::Result<Owned<rd_kafka_event_t>> RdkafkaAdmin::call(
    rd_kafka_admin_op_t op, const char* api, const std::string& where, cli::Deadline deadline,
    const std::function<void(const rd_kafka_AdminOptions_t*)>& send) {
  const AdminOwned<rd_kafka_AdminOptions_t, rd_kafka_AdminOptions_destroy> options(
      rd_kafka_AdminOptions_new(handle_.get(), op));
  constexpr int kLongestMs = 3'600'000;  // librdkafka refuses more, and would keep its default
  const int timeout_ms = std::clamp(cli::remaining_ms(deadline), 1, kLongestMs);
  char error[256];
  rd_kafka_AdminOptions_set_request_timeout(options.get(), timeout_ms, error, sizeof error);
  // One for each call: what comes too late for the last one is no answer to this.
  queue_.reset(rd_kafka_queue_new(handle_.get()));
  send(options.get());
  // librdkafka ends the request itself at its time-out; the margin lets that error arrive.
  constexpr int kMarginMs = 1000;
  Owned<rd_kafka_event_t> event(rd_kafka_queue_poll(queue_.get(), timeout_ms + kMarginMs));
  if (event == nullptr) return fail_with(RD_KAFKA_RESP_ERR__TIMED_OUT, api, where);
  const rd_kafka_resp_err_t code = rd_kafka_event_error(event.get());
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return event;
  return fail_with_text(code, rd_kafka_event_error_string(event.get()), api, where);
}

cli::Result<std::unique_ptr<Admin>> make_rdkafka_admin(const Config& config) {
  auto admin = std::make_unique<RdkafkaAdmin>();
  if (auto opened = admin->open(config); !opened) return tl::make_unexpected(opened.error());
  return admin;
}

}  // namespace ks::client
