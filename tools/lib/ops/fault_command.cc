#include "lib/ops/fault_command.h"

#include <algorithm>

#include "lib/ops/fault_verbs.h"

namespace ks::ops {
namespace {

using cli::Result;
using Words = std::vector<std::string>;

constexpr const char* kAbout =
    R"(Disturbs network paths through Toxiproxy, and sees it there from outside.
A PATH is object-store, brokers or clients (the profile says which proxies stand there), or a proxy.

  latency PATH --latency 200ms [--jitter 50ms]   data comes late
  bandwidth PATH --rate 100KB/s                  less goes through
  slicer PATH [--size 64] [--delay 10ms]         data comes in small pieces
  timeout PATH [--after 5s]                      no data any more
  reset PATH [--after 1s]                        connections are reset once data comes
  down PATH                                      no connection any more
  up PATH                                        enables the proxy, whoever disabled it
  heal [PATH...]                                 removes every fault of ks-fault
  list                                           proxies, toxics, and which are ours

With --for a fault is healed after that time, and when a signal ends it. Without, it stays until
`heal`; what other runs left there is removed first. Toxics of others are never touched. A fault that
is not seen when measured through the proxy is inconclusive (status 3), and taken back.

  ks-fault latency object-store --latency 200ms --direction both --for 60s
  ks-fault down broker-2 --api http://127.0.0.1:8474 --for 10s
)";

// Nothing that was disabled by anybody can be measured.
Result<void> require_enabled(const std::vector<Path>& paths, const std::string& run) {
  for (const Path& path : paths) {
    const auto own = own_toxics({path.proxy});
    const bool will_be = std::any_of(own.begin(), own.end(), [&](const OwnToxic& each) {
      return each.name.verb == "down" && is_left_over(each.name, run);
    });
    if (path.proxy.enabled || will_be) continue;
    return cli::fail("the proxy is disabled", path.proxy.name,
                     "enable it: ks-fault up " + path.proxy.name);
  }
  return {};
}

Result<std::vector<Path>> all_paths(const tool::Session& session, const target::Toxiproxy& api) {
  const auto proxies = api.proxies();
  if (!proxies) return tl::make_unexpected(proxies.error());
  Words names;
  for (const target::Proxy& proxy : *proxies) names.push_back(proxy.name);
  return choose_paths(names, session.profile.toxiproxy, api);
}

Result<void> act(tool::Session& session, const std::string& verb, const target::Toxiproxy& api) {
  const Words words(session.words.begin() + 1, session.words.end());
  if (words.empty() && verb != "heal") {
    return cli::fail("no path given", verb, "give object-store, brokers, clients or a proxy");
  }
  const auto paths =
      words.empty() ? all_paths(session, api) : choose_paths(words, session.profile.toxiproxy, api);
  if (!paths) return tl::make_unexpected(paths.error());
  if (verb == "heal") return heal(session, api, *paths);
  return bring_up(session, api, *paths);
}

Result<void> run(tool::Session& session) {
  static const Words kFaults{"latency", "bandwidth", "timeout", "reset", "slicer", "down"};
  static const Words kOthers{"up", "heal", "list"};
  const std::string verb = session.words.empty() ? "" : session.words.front();
  const auto is_one_of = [&](const Words& list) {
    return std::find(list.begin(), list.end(), verb) != list.end();
  };
  if (!is_one_of(kFaults) && !is_one_of(kOthers)) {
    return cli::fail(verb.empty() ? "no command given" : "unknown command '" + verb + "'", {},
                     "choose latency, bandwidth, timeout, reset, slicer, down, up, heal or list");
  }
  const auto api = toxiproxy_of(session);
  if (!api) return tl::make_unexpected(api.error());
  if (verb == "list") return list_faults(session, *api);
  if (!is_one_of(kFaults)) return act(session, verb, *api);
  const auto fault = parse_fault(verb, session);
  if (!fault) return tl::make_unexpected(fault.error());
  const Words words(session.words.begin() + 1, session.words.end());
  if (words.empty()) {
    return cli::fail("no path given", verb, "give object-store, brokers, clients or a proxy");
  }
  const auto paths = choose_paths(words, session.profile.toxiproxy, *api);
  if (!paths) return tl::make_unexpected(paths.error());
  if (auto ok = require_enabled(*paths, session.result.run_id); !ok) return ok;
  return inject(session, *api, *fault, *paths);
}

}  // namespace

tool::Spec fault_command() {
  return {"ks-fault",
          "COMMAND [PATH...] [options]",
          kAbout,
          fault_options(),
          std::chrono::seconds(10),
          false,
          run,
          client::Implementation::kLibrdkafka,
          "each call and each measurement"};
}

}  // namespace ks::ops
