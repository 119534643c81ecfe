#include <deque>
#include <functional>
#include <memory>
#include <optional>

#include "lib/client/fetcher.h"
#include "lib/client/group_member.h"
#include "lib/client/implementations.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

constexpr auto kLeaveTimeout = std::chrono::seconds(5);

class WireConsumer final : public Consumer {
 public:
  WireConsumer(std::vector<wire::Address> bootstrap, WireOptions options, std::string group)
      : group_(std::move(group)),
        cluster_(loop_, std::move(bootstrap), std::move(options)),
        fetcher_(cluster_,
                 group_.empty() ? Fetcher::OutOfRange::kFails : Fetcher::OutOfRange::kResets) {}

  void on_finding(wire::OnFinding action) { cluster_.on_finding(std::move(action)); }

  cli::Result<void> assign(const std::vector<Position>& positions) override {
    fetcher_.assign(positions);
    return {};
  }

  cli::Result<void> subscribe(const std::vector<std::string>& topics) override {
    GroupEvents events;
    events.on_assigned = [this](std::int32_t, const auto& partitions) { on_assigned(partitions); };
    events.on_revoked = [this](const auto& partitions) { on_revoked(partitions); };
    events.on_lost = [this](const auto& partitions) { on_lost(partitions); };
    events.on_fatal = [this](const cli::Error& error) { fatal_ = error; };
    member_.emplace(cluster_, group_, topics, std::move(events));
    member_->join();
    return {};
  }

  cli::Result<void> poll(cli::Duration timeout, ConsumerListener& listener) override {
    listener_ = &listener;
    fetcher_.pump();
    loop_.run_until(cli::Clock::now() + timeout,
                    [this] { return fatal_ || !news_.empty() || fetcher_.has_news(); });
    tell_news();
    if (fetcher_.has_news()) fetcher_.deliver(listener);
    listener_ = nullptr;
    if (fatal_) return tl::make_unexpected(*fatal_);
    return {};
  }

  cli::Result<void> commit(const std::vector<Position>& positions) override {
    if (!member_) return cli::fail("commit without a group", positions.front().at.text());
    std::optional<cli::Result<std::int16_t>> code;
    member_->commit(positions, deadline(),
                    [&](cli::Result<std::int16_t> answer) { code = std::move(answer); });
    loop_.run_until(cli::Deadline::max(), [&] { return code.has_value(); });
    if (!*code) return tl::make_unexpected(code->error());
    if (**code == 0) return {};
    const std::string name = wire::error_name(**code);
    return cli::fail_as(name, "commit failed: " + name, group_);
  }

  void close(ConsumerListener& listener) override {
    if (!member_) return;
    listener_ = &listener;
    bool left = false;
    member_->leave(cli::Clock::now() + kLeaveTimeout, [&](const cli::Result<void>& result) {
      left = true;
      if (!result) listener.on_transient(result.error());
    });
    loop_.run_until(cli::Deadline::max(), [&] { return left; });
    tell_news();
    listener_ = nullptr;
    member_.reset();
  }

  std::uint64_t disconnects() const override { return cluster_.disconnects(); }
  std::string explain() const override { return member_ ? member_->explain() : ""; }

 private:
  cli::Deadline deadline() const { return cli::Clock::now() + cluster_.options().request_timeout; }

  // ---- the group, from inside the loop ----------------------------------------------------------

  // The application is told when the group's commits are known, and before any record.
  void on_assigned(const std::vector<TopicPartition>& partitions) {
    ++assignment_;
    if (partitions.empty()) {
      news_.emplace_back([](ConsumerListener& listener) { listener.on_assigned({}); });
      return;
    }
    member_->fetch_committed(
        partitions, deadline(),
        [this, assignment = assignment_,
         asked_ns = cli::monotonic_ns()](cli::Result<std::vector<Position>> committed) {
          if (assignment != assignment_) return;  // given up meanwhile
          if (!committed) {
            news_.emplace_back([error = committed.error()](ConsumerListener& listener) {
              listener.on_error(error);
            });
            return member_->rejoin("its commits could not be fetched");
          }
          news_.emplace_back([committed = *committed, asked_ns](ConsumerListener& listener) {
            for (const Position& each : committed) listener.on_committed(each, asked_ns);
          });
          start(std::move(*committed));
        });
  }

  void start(std::vector<Position> positions) {
    for (Position& position : positions) {
      if (position.offset < 0) {
        position.offset = cluster_.options().reset_to_end ? kEnd : kBeginning;
      }
    }
    news_.emplace_back([this, assignment = assignment_,
                        positions = std::move(positions)](ConsumerListener& listener) {
      if (assignment != assignment_) return;  // given up before anybody heard of it
      listener.on_assigned(positions);
      fetcher_.add(positions);
      fetcher_.pump();
    });
  }

  // The application commits in here: it must be told at once, after all that came before.
  void on_revoked(const std::vector<TopicPartition>& partitions) {
    ++assignment_;
    tell_news();
    fetcher_.remove(partitions);
    if (listener_ != nullptr) {
      listener_->on_revoked(partitions);
    } else {
      on_lost(partitions);
    }
  }

  void on_lost(const std::vector<TopicPartition>& partitions) {
    ++assignment_;
    fetcher_.remove(partitions);
    news_.emplace_back(
        [partitions](ConsumerListener& listener) { listener.on_revoked(partitions); });
  }

  void tell_news() {
    while (listener_ != nullptr && !news_.empty()) {
      const auto tell = std::move(news_.front());
      news_.pop_front();
      tell(*listener_);
    }
  }

  const std::string group_;  // empty: by partition
  wire::Loop loop_;
  Cluster cluster_;
  Fetcher fetcher_;
  std::optional<ConsumerGroupMember> member_;
  // Tells an assignment from the ones before and behind it: a member that joins again keeps its
  // generation until it is given another, and may be given the same.
  std::uint64_t assignment_ = 0;
  std::optional<cli::Error> fatal_;
  ConsumerListener* listener_ = nullptr;                     // during poll and close only
  std::deque<std::function<void(ConsumerListener&)>> news_;  // of the group, in order
};

}  // namespace

cli::Result<std::unique_ptr<Consumer>> make_wire_consumer(const Config& config,
                                                          const std::string& group) {
  auto options = parse_wire_options(config.properties);
  if (!options) return tl::make_unexpected(options.error());
  auto bootstrap = bootstrap_of(config);
  if (!bootstrap) return tl::make_unexpected(bootstrap.error());
  auto consumer = std::make_unique<WireConsumer>(std::move(*bootstrap), std::move(*options), group);
  consumer->on_finding(config.on_finding);
  return consumer;
}

}  // namespace ks::client
