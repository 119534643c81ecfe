#include "lib/client/diagnosis.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "lib/client/cluster.h"
#include "lib/client/versions.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using wire::FindingId;

constexpr auto kLongest = std::chrono::seconds(3);
// Enough for one that is about to be there: for a Kafka's first group a topic is made.
constexpr auto kLongestForCoordinator = std::chrono::seconds(5);

// Any group tells whether there are coordinators; of one that is only looked up nothing is stored.
constexpr const char* kGroup = "ks-diagnosis";

constexpr const char* kHasItFormed = "has the cluster formed? see the log of the broker";
constexpr const char* kMendAdvertised =
    "have each broker advertise an address that clients reach (advertised.listeners)";
constexpr const char* kMendCoordinator =
    "no consumer group can work; see the log of the broker for its group coordinator";
constexpr const char* kLookUp = "clients that look the coordinator up in Metadata do not find it";

std::string join(const std::vector<std::string>& texts, const char* separator) {
  std::string out;
  for (const std::string& text : texts) out += (out.empty() ? "" : separator) + text;
  return out;
}

// What no client can connect to, whoever listens.
std::string flaw_of(const wire::Address& address) {
  if (address.host.empty()) return "it has no host";
  if (address.port == 0) return "it has no port";
  return {};
}

// A cluster as a client finds it that knows one of its brokers and comes for the first time.
class Examination {
 public:
  Examination(const wire::Address& broker, const wire::Access& access)
      : broker_(broker), cluster_(loop_, {broker}, options_by(access)) {
    cluster_.on_finding(
        [this](const wire::Finding& finding) { add(finding.id, finding.evidence, kLookUp); });
  }

  // How many brokers Metadata lists; nothing where it is not answered.
  std::optional<std::size_t> count_brokers(cli::Deadline until) {
    if (!cluster_.refresh_now({}, false, until)) return std::nullopt;
    return cluster_.metadata().brokers.size();
  }

  // Of these each REQUIRES: count_brokers() found some.
  void check_advertised(cli::Deadline until) {
    const auto& brokers = cluster_.metadata().brokers;
    std::vector<wire::Address> addresses;
    for (const auto& [id, address] : brokers) addresses.push_back(address);
    const auto problems = problems_of(addresses, until);
    std::vector<std::string> unreachable;
    for (const auto& [id, address] : brokers) {
      const std::string& problem = problems.at(address.text());
      if (problem.empty()) continue;
      unreachable.push_back("node " + std::to_string(id) + " at " + address.text() + ": " +
                            problem);
    }
    if (unreachable.empty()) return;
    add(FindingId::kAdvertisedUnreachable, join(unreachable, " | "), kMendAdvertised);
    if (unreachable.size() < brokers.size()) return;
    troubles_.back().error.what = "no broker is reachable at the address that it advertises";
    troubles_.back().stops_everything = true;
  }

  void check_coordinator(cli::Deadline until) {
    const cli::Deadline began = cli::Clock::now();
    const wire::ApiVersions& versions = cluster_.link(broker_).versions();
    if (const auto error = rule_out(wire_release(), wire::ApiKey::kFindCoordinator, versions)) {
      return add(FindingId::kGroupApisUnreachable, error->where, kMendCoordinator);
    }
    while (true) {
      const auto answer = cluster_.find_coordinator_now(kGroup, until);
      if (!answer) return miss_coordinator("is not answered: " + answer.error().what);
      if (answer->error_code == 0) return check_address_of_coordinator(answer->broker, until);
      if (!wire::is_retriable(answer->error_code)) return;  // a refusal, such as an ACL's
      const cli::Deadline now = cli::Clock::now();
      const cli::Deadline again = now + cluster_.options().retry_backoff;
      if (again >= until) {
        return miss_coordinator("answers " + wire::error_name(answer->error_code) + " for " +
                                cli::format_duration(now - began));
      }
      loop_.run_until(again, [] { return false; });
    }
  }

  std::vector<Trouble> take_troubles() { return std::move(troubles_); }

 private:
  static WireOptions options_by(const wire::Access& access) {
    WireOptions options;
    options.access = access;
    return options;
  }

  void add(FindingId id, std::string evidence, const char* action) {
    troubles_.push_back(
        {id, {wire::kind_of(id).summary, std::move(evidence), action}, /*stops_everything=*/false});
  }

  // Why a client cannot work with a broker at each of these addresses, all asked at once: a silent
  // one must not use up the time of the others. Empty: it can.
  std::map<std::string, std::string> problems_of(const std::vector<wire::Address>& addresses,
                                                 cli::Deadline until) {
    std::map<std::string, std::string> problems;
    std::size_t waiting = 0;
    for (const wire::Address& address : addresses) {
      const auto [problem, is_new] = problems.emplace(address.text(), flaw_of(address));
      if (!is_new || !problem->second.empty()) continue;
      ++waiting;
      cluster_.link(address).when_ready(
          until, [&waiting, &why = problem->second](const cli::Result<void>& ready) {
            if (!ready) why = ready.error().what;
            --waiting;
          });
    }
    loop_.run_until(cli::Deadline::max(), [&waiting] { return waiting == 0; });
    return problems;
  }

  void check_address_of_coordinator(const wire::Address& address, cli::Deadline until) {
    const std::string problem = problems_of({address}, until).at(address.text());
    if (problem.empty()) return;
    miss_coordinator("names " + address.text() + ": " + problem);
  }

  void miss_coordinator(const std::string& how) {
    add(FindingId::kCoordinatorMissing, "FindCoordinator at " + broker_.text() + " " + how,
        kMendCoordinator);
  }

  const wire::Address broker_;
  wire::Loop loop_;
  Cluster cluster_;
  std::vector<Trouble> troubles_;
};

using Check = void (Examination::*)(cli::Deadline);

// By the first of the brokers whose Metadata lists any.
std::vector<Trouble> examine(const std::vector<std::string>& brokers, const wire::Access& access,
                             Check check, cli::Deadline until) {
  if (auto versions = first_versions(brokers, access, until); !versions) {
    return {std::move(versions.error())};
  }
  auto left = static_cast<std::int64_t>(brokers.size());
  std::vector<std::string> empty;
  for (const std::string& text : brokers) {
    const cli::Deadline now = cli::Clock::now();
    Examination examination(*wire::parse_address(text), access);
    const auto listed = examination.count_brokers(now + (until - now) / (left-- + 1));
    if (listed && *listed > 0) {
      (examination.*check)(until);
      return examination.take_troubles();
    }
    if (listed) empty.push_back(text);
  }
  if (empty.empty()) return {};
  const FindingId id = FindingId::kNoBrokersInMetadata;
  return {{id, {wire::kind_of(id).summary, join(empty, ", "), kHasItFormed}}};
}

cli::Deadline at_most(cli::Duration longest, cli::Deadline deadline) {
  return std::min<cli::Deadline>(deadline, cli::Clock::now() + longest);
}

}  // namespace

std::vector<Trouble> diagnose(const std::vector<std::string>& brokers, const wire::Access& access,
                              cli::Deadline deadline) {
  return examine(brokers, access, &Examination::check_advertised, at_most(kLongest, deadline));
}

std::vector<Trouble> diagnose_coordinator(const std::vector<std::string>& brokers,
                                          const wire::Access& access, cli::Deadline deadline) {
  return examine(brokers, access, &Examination::check_coordinator,
                 at_most(kLongestForCoordinator, deadline));
}

}  // namespace ks::client
