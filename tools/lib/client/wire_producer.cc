#include "lib/client/wire_producer.h"

#include <algorithm>
#include <utility>

#include "lib/client/implementations.h"
#include "lib/wire/error_code.h"

namespace ks::client {

cli::Result<std::unique_ptr<Producer>> make_wire_producer(const Config& config,
                                                          const std::string& topic,
                                                          Producer::OnDelivery on_delivery) {
  return WireProducer::open(config, topic, std::move(on_delivery));
}

cli::Result<std::unique_ptr<Producer>> WireProducer::open(const Config& config,
                                                          const std::string& topic,
                                                          OnDelivery on_delivery) {
  auto options = parse_wire_options(config.properties);
  if (!options) return tl::make_unexpected(options.error());
  auto bootstrap = bootstrap_of(config);
  if (!bootstrap) return tl::make_unexpected(bootstrap.error());
  auto producer = std::unique_ptr<WireProducer>(
      new WireProducer(std::move(*bootstrap), std::move(*options), topic, std::move(on_delivery)));
  producer->cluster_.on_finding(config.on_finding);
  return producer;
}

WireProducer::WireProducer(std::vector<wire::Address> bootstrap, WireOptions options,
                           const std::string& topic, OnDelivery on_delivery)
    : cluster_(loop_, std::move(bootstrap), std::move(options)),
      queue_(cluster_.options()),
      sender_(cluster_, queue_, topic),
      topic_(topic),
      on_delivery_(std::move(on_delivery)) {}

namespace {

cli::Error refusal_of(std::int16_t code, const std::string& topic) {
  const std::string name = wire::error_name(code);
  if (!wire::is_retriable(code)) return {"Metadata failed: " + name, topic, "", name};
  return {"unknown topic: " + name, topic, "create it with ks-admin topics create", name};
}

}  // namespace

cli::Result<int> WireProducer::partitions(cli::Deadline deadline) {
  cli::Error why;
  while (true) {
    const auto done = cluster_.refresh_now({topic_}, true, deadline);
    const TopicMetadata* topic = done ? cluster_.topic(topic_) : nullptr;
    auto code = static_cast<std::int16_t>(wire::ErrorCode::kUnknownTopicOrPartition);
    if (topic != nullptr) code = topic->error_code;
    if (code == 0 && !topic->partitions.empty()) {
      sender_.on_metadata();
      return static_cast<int>(topic->partitions.size());
    }
    if (done) {
      why = refusal_of(code, topic_);
    } else if (why.what.empty()) {  // the last of many tries ends with the time
      why = done.error();
    }
    // A topic that is being auto-created answers LEADER_NOT_AVAILABLE or "unknown" for a moment.
    const cli::Deadline again = cli::Clock::now() + cluster_.options().retry_backoff;
    if (again >= deadline || !wire::is_retriable(code)) return tl::make_unexpected(why);
    loop_.run_until(again, [] { return false; });
  }
}

cli::Result<bool> WireProducer::send(const OutgoingRecord& record) {
  const auto partitions = static_cast<std::int32_t>(queue_.partitions());
  const bool any = record.partition == kAnyPartition && partitions > 0;
  if (!any && (record.partition < 0 || record.partition >= partitions)) {
    return cli::fail("no such partition", TopicPartition{topic_, record.partition}.text());
  }
  return queue_.append(record);
}

void WireProducer::poll(cli::Duration timeout) {
  cli::Deadline now = cli::Clock::now();
  const cli::Deadline until = now + timeout;
  while (true) {
    if (queue_.attention() <= now) sender_.work();
    loop_.run_ready(std::min(until, queue_.attention()) - now);
    // What was answered makes room for more.
    now = cli::Clock::now();
    if (queue_.attention() <= now) sender_.work();
    if (deliver() || now >= until) return;
  }
}

void WireProducer::flush(cli::Duration timeout) {
  queue_.complete_all();
  poll(timeout);
}

std::size_t WireProducer::in_flight() const { return queue_.records(); }

bool WireProducer::deliver() {
  bool any = false;
  while (auto batch = sender_.take_settled()) {
    any = true;
    deliver(*batch);
    queue_.release(std::move(batch));
  }
  return any;
}

namespace {

// Brokers write a whole batch or nothing of it, and name the records that are to blame.
void blame(Delivery& delivery, const ProduceBatch& batch, std::int32_t record) {
  const auto refused = batch.record_errors.find(record);
  if (refused != batch.record_errors.end()) {
    delivery.outcome = batch.maybe_written ? Outcome::kUnknown : Outcome::kFailed;
    if (delivery.error_code == 0) {
      delivery.error_code = static_cast<int>(wire::ErrorCode::kInvalidRecord);
    }
    delivery.error = refused->second;
  } else if (batch.outcome != Outcome::kOk) {
    delivery.error = "another record of its batch was refused";
  }
  delivery.offset = -1;
}

}  // namespace

void WireProducer::deliver(const ProduceBatch& batch) {
  const bool has_offset = batch.outcome == Outcome::kOk && batch.base_offset >= 0;
  deliveries_.clear();
  for (std::size_t i = 0; i < batch.record_count(); ++i) {
    Delivery& delivery = deliveries_.emplace_back();
    delivery.token = batch.buffers->tokens[i];
    delivery.outcome = batch.outcome;
    delivery.error_code = batch.error_code;
    delivery.error = batch.error;
    delivery.partition = batch.partition;
    if (has_offset) delivery.offset = batch.base_offset + static_cast<std::int64_t>(i);
    if (!batch.record_errors.empty()) blame(delivery, batch, static_cast<std::int32_t>(i));
  }
  on_delivery_(deliveries_);
}

}  // namespace ks::client
