#include "lib/client/produce_leaders.h"

#include <algorithm>

#include "lib/wire/error_code.h"

namespace ks::client {

ProduceLeaders::Broker* ProduceLeaders::ready_leader(std::size_t partition) {
  Broker* leader = leaders_[partition];
  if (leader == nullptr) {
    is_stale_ = true;
    return nullptr;
  }
  if (leader->link.is_ready()) return leader;
  open(*leader);
  return nullptr;
}

void ProduceLeaders::open(Broker& broker) {
  if (broker.opening) return;
  broker.opening = true;
  broker.link.when_ready(cli::Clock::now() + cluster_.options().request_timeout,
                         [this, &broker](const cli::Result<void>& ready) {
                           broker.opening = false;
                           trouble_ = ready ? "" : ready.error().message();
                           is_stale_ = is_stale_ || !ready;
                           on_change_();
                         });
}

cli::Deadline ProduceLeaders::refresh_metadata(cli::Deadline now) {
  if (!is_stale_ || asking_) return cli::Deadline::max();
  if (now < not_before_) return not_before_;
  asking_ = true;
  is_stale_ = false;
  cluster_.refresh({topic_.name}, true, now + cluster_.options().request_timeout,
                   [this](const cli::Result<void>& done) {
                     asking_ = false;
                     not_before_ = cli::Clock::now() + cluster_.options().retry_backoff;
                     if (done) return on_metadata();
                     is_stale_ = true;
                     trouble_ = done.error().message();
                     on_change_();
                   });
  return cli::Deadline::max();
}

void ProduceLeaders::on_metadata() {
  trouble_.clear();
  if (const TopicMetadata* topic = cluster_.topic(topic_.name)) {
    topic_.id = topic->id;
    leaders_.resize(std::max(leaders_.size(), topic->partitions.size()));
  }
  for (std::size_t i = 0; i < leaders_.size(); ++i) {
    const TopicPartition at{topic_.name, static_cast<std::int32_t>(i)};
    const wire::Address* address = cluster_.leader(at);
    leaders_[i] = address == nullptr ? nullptr : &broker_at(*address);
    if (address == nullptr) trouble_ = at.text() + ": " + wire::error_name(cluster_.error_of(at));
  }
  on_change_();
}

ProduceLeaders::Broker& ProduceLeaders::broker_at(const wire::Address& address) {
  Link& link = cluster_.link(address);
  return brokers_.try_emplace(&link, link).first->second;
}

}  // namespace ks::client
