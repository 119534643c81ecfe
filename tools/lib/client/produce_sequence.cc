#include "lib/client/produce_sequence.h"

#include <limits>

#include "lib/wire/error_code.h"

namespace ks::client {

cli::Deadline ProducerId::ask(cli::Deadline now) {
  if (asking_) return cli::Deadline::max();
  if (now < not_before_) return not_before_;
  asking_ = true;
  const WireOptions& options = cluster_.options();
  cluster_.call_any(
      wire::ApiKey::kInitProducerId,
      [](std::int16_t) -> cli::Result<wire::Value> {
        return wire::Value{{"transactional_id", nullptr},
                           {"transaction_timeout_ms", std::numeric_limits<std::int32_t>::max()}};
      },
      now + options.request_timeout,
      [this](const cli::Result<wire::Reply>& reply) { on_reply(reply); });
  return cli::Deadline::max();
}

void ProducerId::on_reply(const cli::Result<wire::Reply>& reply) {
  asking_ = false;
  const auto code =
      reply ? static_cast<std::int16_t>(reply->body["error_code"].as_int()) : std::int16_t{0};
  if (reply && code == 0) {
    value_ = {reply->body["producer_id"].as_int(),
              static_cast<std::int16_t>(reply->body["producer_epoch"].as_int())};
  } else {
    trouble_ = reply ? "InitProducerId failed: " + wire::error_name(code) : reply.error().message();
    not_before_ = cli::Clock::now() + cluster_.options().retry_backoff;
  }
  on_change_();
}

bool PartitionSequence::is_used_up(const ProducerEpoch& id) const {
  return is_broken_ && current_.producer_id == id.producer_id &&
         current_.epoch == std::numeric_limits<std::int16_t>::max();
}

void PartitionSequence::number(ProduceBatch& batch, const ProducerEpoch& id) {
  if (current_.producer_id < 0 || is_broken_) {
    const bool is_same = current_.producer_id == id.producer_id;
    current_ = {id.producer_id, is_same ? static_cast<std::int16_t>(current_.epoch + 1) : id.epoch};
    next_ = 0;
    is_in_step_ = false;
    is_broken_ = false;
  }
  if (batch.sequence.base >= 0 && batch.sequence.of == current_) return;
  batch.sequence = {current_, next_};
  batch.encoded = {};
  // Behind 2^31 - 1 comes 0.
  next_ = static_cast<std::int32_t>((static_cast<std::uint32_t>(next_) + batch.record_count()) &
                                    0x7fffffff);
}

void PartitionSequence::on_written(const ProduceBatch& batch) {
  is_in_step_ = is_in_step_ || batch.sequence.of == current_;
}

}  // namespace ks::client
