#include <memory>
#include <optional>

#include "lib/client/fetcher.h"
#include "lib/client/implementations.h"

namespace ks::client {
namespace {

class WireConsumer final : public Consumer {
 public:
  WireConsumer(std::vector<wire::Address> bootstrap, WireOptions options, std::string group)
      : group_(std::move(group)),
        cluster_(loop_, std::move(bootstrap), std::move(options)),
        fetcher_(cluster_,
                 group_.empty() ? Fetcher::OutOfRange::kFails : Fetcher::OutOfRange::kResets) {}

  Cluster& cluster() { return cluster_; }

  cli::Result<void> assign(const std::vector<Position>& positions) override {
    fetcher_.assign(positions);
    return {};
  }

  cli::Result<void> subscribe(const std::vector<std::string>& topics) override {
    return cli::fail("not built yet", topics.front());
  }

  cli::Result<void> poll(cli::Duration timeout, ConsumerListener& listener) override {
    fetcher_.pump();
    loop_.run_until(cli::Clock::now() + timeout, [this] { return fetcher_.has_news(); });
    // One round takes what is there; what arrives meanwhile is for the next.
    if (fetcher_.has_news()) fetcher_.deliver(listener);
    return {};
  }

  cli::Result<void> commit(const std::vector<Position>&) override {
    return cli::fail("not built yet");
  }

  void close(ConsumerListener&) override {}

 private:
  const std::string group_;  // empty: by partition
  wire::Loop loop_;
  Cluster cluster_;
  Fetcher fetcher_;
};

}  // namespace

cli::Result<std::unique_ptr<Consumer>> make_wire_consumer(const Config& config,
                                                          const std::string& group) {
  auto options = parse_wire_options(config.properties);
  if (!options) return tl::make_unexpected(options.error());
  auto bootstrap = bootstrap_of(config);
  if (!bootstrap) return tl::make_unexpected(bootstrap.error());
  auto consumer = std::make_unique<WireConsumer>(std::move(*bootstrap), std::move(*options), group);
  consumer->cluster().on_finding(config.on_finding);
  return consumer;
}

}  // namespace ks::client
