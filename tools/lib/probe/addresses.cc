#include <map>
#include <set>
#include <thread>

#include "lib/cli/signals.h"
#include "lib/client/cluster.h"
#include "lib/probe/commands.h"
#include "lib/probe/peer.h"
#include "lib/wire/loop.h"

namespace ks::probe {
namespace {

constexpr std::uint64_t kDefaultConnections = 5;
constexpr auto kPatience = std::chrono::seconds(2);
constexpr auto kBetweenRounds = std::chrono::milliseconds(100);

// Where clients are sent, by whom, as several of them see it, each on a connection of its own.
class Addresses {
 public:
  Addresses(std::vector<wire::Address> bootstrap, client::WireOptions options)
      : bootstrap_(std::move(bootstrap)), options_(std::move(options)) {
    for (const wire::Address& address : bootstrap_) given_.insert(address.text());
  }

  void ask(const std::string& group);
  void publish(tool::Session& session) const;

 private:
  void saw(const wire::Address& address, const std::string& by);

  std::vector<wire::Address> bootstrap_;
  client::WireOptions options_;
  std::set<std::string> given_;
  std::map<std::string, std::string> seen_;  // and which answer was the first to name it
  std::uint64_t answered_ = 0;
  std::uint64_t unanswered_ = 0;
  std::string last_trouble_;
};

void Addresses::saw(const wire::Address& address, const std::string& by) {
  seen_.emplace(address.text(), by);
}

// A broker that restarts may leave them unanswered: that is not what is asked here.
void Addresses::ask(const std::string& group) {
  wire::Loop loop;
  client::Cluster cluster(loop, bootstrap_, options_);
  const auto count = [this](const auto& answer) {
    ++(answer ? answered_ : unanswered_);
    if (!answer) last_trouble_ = answer.error().message();
    return answer.has_value();
  };
  if (count(cluster.refresh_now({}, false, cli::Clock::now() + kPatience))) {
    for (const auto& [node, address] : cluster.metadata().brokers) {
      saw(address, "Metadata names node " + std::to_string(node) + " at " + address.text());
    }
  }
  const auto coordinator = cluster.find_coordinator_now(group, cli::Clock::now() + kPatience);
  if (count(coordinator) && coordinator->error_code == 0) {
    saw(coordinator->broker, "FindCoordinator names " + coordinator->broker.text());
  }
}

void Addresses::publish(tool::Session& session) const {
  std::size_t elsewhere = 0;
  for (const auto& [address, by] : seen_) {
    session.print(std::string(address).append("\t").append(by));
    if (given_.contains(address)) continue;
    ++elsewhere;
    session.note({wire::FindingId::kAdvertisedElsewhere, by});
  }
  report::Metrics& m = session.result.metrics;
  m["addresses"] = static_cast<double>(seen_.size());
  m["addresses_elsewhere"] = static_cast<double>(elsewhere);
  m["answered"] = static_cast<double>(answered_);
  m["unanswered"] = static_cast<double>(unanswered_);
  if (answered_ == 0) {
    session.result.lower_to(report::Status::kInconclusive,
                            "no answer to judge by: " + last_trouble_);
  }
}

}  // namespace

cli::Result<void> addresses(tool::Session& session) {
  const bool until_stopped = session.has("until-stopped");
  if (until_stopped && session.has("duration")) {
    return cli::fail("not with --duration", "--until-stopped", "give one end");
  }
  session.runs_until_stopped = until_stopped;
  // Who watches may begin while nobody answers.
  if (!until_stopped) {
    const auto peer = reach(session, kPatience);
    if (!peer) return tl::make_unexpected(peer.error());
  }
  const auto options = client::parse_wire_options(session.profile.librdkafka);
  if (!options) return tl::make_unexpected(options.error());
  const auto connections =
      session.option<cli::CountArg>("connections", {kDefaultConnections}).value;
  client::Config config;
  config.brokers = session.profile.brokers;
  auto bootstrap = client::bootstrap_of(config);
  if (!bootstrap) return tl::make_unexpected(bootstrap.error());
  Addresses addresses(std::move(*bootstrap), *options);
  const cli::Deadline end =
      cli::Clock::now() + session.option<cli::DurationArg>("duration", {}).value;
  while (true) {
    for (std::uint64_t i = 0; i < connections; ++i) {
      addresses.ask(session.result.run_id + "-" + std::to_string(i));
    }
    const bool goes_on = until_stopped || cli::Clock::now() < end;
    if (!goes_on || cli::stop_signal() != 0) break;
    std::this_thread::sleep_for(kBetweenRounds);
  }
  addresses.publish(session);
  return {};
}

}  // namespace ks::probe
