#include "lib/probe/storm.h"

#include <sys/resource.h>

#include <algorithm>
#include <fstream>

#include "lib/cli/file.h"
#include "lib/cli/list.h"
#include "lib/cli/signals.h"
#include "lib/probe/commands.h"
#include "lib/probe/own_things.h"
#include "lib/wire/error_code.h"

namespace ks::probe {
namespace {

using wire::ApiKey;

constexpr auto kDefaultTimeout = std::chrono::minutes(1);
constexpr auto kPatience = std::chrono::seconds(10);
constexpr std::uint64_t kDefaultConnections = 1000;
constexpr std::uint64_t kMostConnections = 1'000'000;
constexpr std::size_t kDefaultSources = 4;  // each has an ephemeral port range of its own
constexpr rlim_t kOtherFiles = 64;          // what a process has open besides
constexpr std::size_t kMostTries = 20;
constexpr auto kBackoff = std::chrono::milliseconds(100);

// Room for that many descriptors, as far as the system lets.
cli::Result<void> allow_connections(std::uint64_t connections) {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = connections + kOtherFiles;
  if (limit.rlim_cur >= wanted) return {};
  if (limit.rlim_max < wanted) {
    return cli::fail(
        "too few open files allowed for " + std::to_string(connections) + " connections",
        "the hard limit is " + std::to_string(limit.rlim_max),
        "set ulimit -Hn to at least " + std::to_string(wanted));
  }
  limit.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &limit) == 0) return {};
  return cli::fail("cannot raise the limit of open files", "ulimit -n", cli::system_error(errno));
}

bool is_loopback(const wire::Address& address) {
  return address.host == "localhost" || address.host.starts_with("127.");
}

// Towards this machine not from 127.0.0.1: there the broker's own port may lie in the range that
// the system takes clients' ports from, and a client would hold it when the broker restarts.
cli::Result<std::vector<std::string>> sources(const tool::Session& session,
                                              const wire::Address& broker) {
  if (session.has("source")) {
    auto given = cli::split_list(session.option<std::string>("source", ""));
    for (const std::string& source : given) {
      const auto address = wire::parse_address(source + ":1");
      if (!address || source.find_first_not_of("0123456789.") != std::string::npos) {
        return cli::fail("no address '" + source + "'", "--source",
                         "write it like 127.0.0.2,127.0.0.3");
      }
    }
    return given;
  }
  std::vector<std::string> out;
  for (std::size_t i = 0; is_loopback(broker) && i < kDefaultSources; ++i) {
    out.push_back("127.0.0." + std::to_string(i + 2));
  }
  if (out.empty()) out.emplace_back();  // the system's choice
  return out;
}

double resident_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string word; status >> word;) {
    double kilobytes = 0;
    if (word == "VmHWM:" && status >> kilobytes) return kilobytes * 1024;
  }
  return 0;
}

void add_times(const char* name, std::vector<double> ms, report::Metrics& metrics) {
  if (ms.empty()) return;
  std::ranges::sort(ms);
  const auto at = [&](double share) {
    return ms[static_cast<std::size_t>(share * static_cast<double>(ms.size() - 1))];
  };
  const std::string prefix = std::string(name) + "_ms_";
  metrics[prefix + "p50"] = at(0.5);
  metrics[prefix + "p95"] = at(0.95);
  metrics[prefix + "max"] = ms.back();
}

}  // namespace

Storm::Storm(Peer& peer, const wire::ApiVersions& versions, const Subject& subject,
             cli::Deadline until)
    : peer_(peer), versions_(versions), subject_(subject), until_(until) {}

cli::Result<void> Storm::prepare() {
  constexpr std::array kApis{ApiKey::kApiVersions, ApiKey::kMetadata, ApiKey::kProduce,
                             ApiKey::kFetch};
  for (std::size_t i = 0; i < kApis.size(); ++i) {
    const wire::VersionRange known = wire::find_api(kApis[i])->versions;
    const wire::VersionRange served = versions_.range(kApis[i]);
    if (!known.overlaps(served)) {
      return cli::fail("the broker does not serve " +
                       wire::api_name(static_cast<std::int16_t>(kApis[i])));
    }
    const std::int16_t version = std::min(known.max, served.max);
    const auto fields = valid_request(kApis[i], version, subject_);
    if (!fields) return tl::make_unexpected(fields.error());
    auto frame = wire::encode_call(kApis[i], version, *fields, peer_.options().client_id);
    if (!frame) return tl::make_unexpected(frame.error());
    steps_[i] = {kApis[i], version, std::move(*frame)};
  }
  return {};
}

void Storm::run(std::size_t connections, const std::vector<std::string>& sources) {
  clients_.resize(connections);
  started_ = cli::Clock::now();
  for (std::size_t i = 0; i < connections; ++i) {
    wire::ConnectionOptions options = peer_.options().access.connection;
    options.local_address = sources[i % sources.size()];
    clients_[i].connection =
        std::make_unique<wire::Connection>(loop_, peer_.address(), std::move(options));
  }
  for (std::size_t i = 0; i < kMostOpening; ++i) open_next();
  while (done_ < connections && cli::stop_signal() == 0 && cli::Clock::now() < until_) {
    // In slices, for a signal to be seen.
    loop_.run_until(cli::Clock::now() + std::chrono::milliseconds(200),
                    [&] { return done_ == connections; });
  }
  for (Client& client : clients_) {
    if (!client.ended) fail(client, "no time was left");
  }
}

void Storm::open_next() {
  if (next_ < clients_.size()) open(clients_[next_++]);
}

void Storm::open(Client& client) {
  client.connection->open(until_, [this, &client](const cli::Result<void>& opened) {
    if (!opened) return fail(client, opened.error().what);
    client.ready_ms.push_back(since_start());
    authenticate(client);
  });
}

void Storm::authenticate(Client& client) {
  const auto& credentials = peer_.options().access.credentials;
  if (!credentials) return step(client, 0);
  wire::authenticate(*client.connection, *credentials, peer_.options().client_id, until_,
                     [this, &client](const cli::Result<void>& done) {
                       done ? step(client, 0) : fail(client, done.error().what);
                     });
}

void Storm::step(Client& client, std::size_t index) {
  if (index == steps_.size()) {
    client.ended = true;
    ++done_;
    return;
  }
  if (index == kFirstTogether && !std::exchange(client.waited, true)) {
    waiting_.push_back(&client);
    return go_on_together();
  }
  client.connection->send(
      steps_[index].frame, until_, [this, &client, index](cli::Result<wire::FrameBytes> answer) {
        const Step& at = steps_[index];
        const std::string api = wire::api_name(static_cast<std::int16_t>(at.api));
        if (!answer) return fail(client, api + ": " + answer.error().what);
        const auto reply = wire::decode_reply(at.api, at.version, std::move(*answer));
        if (!reply) return fail(client, reply.error().what);
        const auto codes = error_codes(reply->body);
        if (std::ranges::all_of(codes, wire::is_retriable) && !codes.empty()) {
          return try_again(client, index, api + ": " + names_of(codes));
        }
        if (!codes.empty()) return fail(client, api + ": " + names_of(codes));
        client.tries = 1;
        client.ready_ms.push_back(since_start());
        if (index == 0) open_next();
        step(client, index + 1);
      });
}

// What every client does with a retriable error: a partition may get its leader by what is sent to
// it.
void Storm::try_again(Client& client, std::size_t index, const std::string& why) {
  if (client.tries == kMostTries) return fail(client, why);
  ++client.tries;
  ++retries_;
  if (!client.backoff) client.backoff = std::make_unique<wire::Timer>(loop_);
  client.backoff->set(cli::Clock::now() + kBackoff, [this, &client, index] {
    if (!client.ended) step(client, index);
  });
}

void Storm::fail(Client& client, const std::string& why) {
  if (std::exchange(client.ended, true)) return;
  ++failures_[why];
  ++done_;
  constexpr std::size_t kWithFirstAnswer = 2;
  if (client.ready_ms.size() < kWithFirstAnswer) open_next();
  go_on_together();
}

// Whoever failed is not waited for.
void Storm::go_on_together() {
  if (waiting_.empty() || waiting_.size() + done_ != clients_.size()) return;
  const auto waiting = std::exchange(waiting_, {});
  for (Client* client : waiting) {
    if (!client->ended) step(*client, kFirstTogether);
  }
}

double Storm::since_start() const { return cli::to_ms(cli::Clock::now() - started_); }

report::Metrics Storm::metrics() const {
  report::Metrics out;
  // What each connection reaches in this order.
  constexpr std::array kReached{"connected", "api_versions", "metadata", "produced", "fetched"};
  for (std::size_t i = 0; i < kReached.size(); ++i) {
    std::vector<double> ms;
    for (const Client& client : clients_) {
      if (client.ready_ms.size() > i) ms.push_back(client.ready_ms[i]);
    }
    out[kReached[i]] = static_cast<double>(ms.size());
    add_times(kReached[i], std::move(ms), out);
  }
  out["connections"] = static_cast<double>(clients_.size());
  out["connections_failed"] = 0;
  for (const auto& [why, count] : failures_) {
    out["connections_failed"] += static_cast<double>(count);
  }
  out["retries"] = static_cast<double>(retries_);
  out["memory_bytes"] = resident_bytes();
  return out;
}

namespace {

// The most frequent first.
std::string causes_of(const std::map<std::string, std::size_t>& failures) {
  if (failures.size() == 1) return failures.begin()->first;
  std::vector<std::pair<std::size_t, std::string>> causes;
  for (const auto& [why, count] : failures) causes.emplace_back(count, why);
  std::ranges::sort(causes, std::greater());
  std::string out;
  for (std::size_t i = 0; i < causes.size() && i < report::kMostExamples; ++i) {
    out += (i == 0 ? "" : "; ") + causes[i].second + " (" + std::to_string(causes[i].first) + ")";
  }
  return out;
}

void publish(const Storm& storm, tool::Session& session) {
  session.result.metrics = storm.metrics();
  for (const auto& [name, value] : session.result.metrics) {
    char number[32];
    std::snprintf(number, sizeof number, "%.0f", value);
    session.print(name + "\t" + number);
  }
  nlohmann::ordered_json causes = nlohmann::ordered_json::object();
  for (const auto& [why, count] : storm.failures()) {
    causes[why] = count;
    session.print("failed\t" + std::to_string(count) + "\t" + why);
  }
  session.result.data = {{"failures", std::move(causes)}};
  const double failed = session.result.metrics["connections_failed"];
  if (failed > 0 && !session.judges("connections_failed")) {
    session.result.lower_to(report::Status::kFail,
                            std::to_string(static_cast<std::uint64_t>(failed)) +
                                " connections failed: " + causes_of(storm.failures()));
  }
}

}  // namespace

cli::Result<void> storm(tool::Session& session) {
  const auto connections =
      session.option<cli::CountArg>("connections", {kDefaultConnections}).value;
  if (connections == 0 || connections > kMostConnections) {
    return cli::fail("not a number of connections", "--connections", "give 1 to 1000000");
  }
  if (auto ok = allow_connections(connections); !ok) return ok;
  auto peer = reach(session, kPatience);
  if (!peer) return tl::make_unexpected(peer.error());
  OwnThings own(*peer, session.broker_versions, own_name(session));
  if (auto ok = own.create_topic(); !ok) return ok;
  // Of several brokers this one alone takes the records.
  Peer leader(own.leader(), peer->options(), kPatience);
  const auto from = sources(session, leader.address());
  if (!from) return tl::make_unexpected(from.error());
  const cli::Duration timeout = session.has("timeout") ? session.timeout : kDefaultTimeout;
  Storm run(leader, session.broker_versions, own.subject(), cli::Clock::now() + timeout);
  if (auto ok = run.prepare(); !ok) return ok;
  run.run(connections, *from);
  publish(run, session);
  return {};
}

}  // namespace ks::probe
