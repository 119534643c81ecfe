#include <algorithm>
#include <map>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/ops/fault_effect.h"
#include "lib/ops/fault_log.h"
#include "lib/ops/fault_verbs.h"

namespace ks::ops {
namespace {

using cli::Result;

std::vector<OwnToxic> own_toxics_of(const std::vector<Path>& paths) {
  std::vector<target::Proxy> proxies;
  for (const Path& path : paths) proxies.push_back(path.proxy);
  return own_toxics(proxies);
}

// Whether the path answers again; nobody knows how fast it was before.
bool confirm_whole(tool::Session& session, const Path& path) {
  const Sight after =
      look_for_healed({FaultKind::kDown, {}, {}}, probe_of(path, session), {}, session.timeout);
  if (after.seen) {
    cli::log_info(path.proxy.name + ": " + after.text);
    auto& slowest = session.result.metrics["rtt_after_ms"];
    slowest = std::max(slowest, *after.median_ms);
  } else {
    session.result.lower_to(report::Status::kInconclusive,
                            "proxy " + path.proxy.name + " does not answer: " + after.text);
  }
  return after.seen;
}

const Path& path_of(const std::string& proxy, const std::vector<Path>& paths) {
  return *std::find_if(paths.begin(), paths.end(),
                       [&](const Path& path) { return path.proxy.name == proxy; });
}

// A fault in both directions is one fault.
std::map<std::string, std::string> faults_of(const std::vector<OwnToxic>& toxics) {
  std::map<std::string, std::string> proxy_of_fault;
  for (const OwnToxic& each : toxics) {
    proxy_of_fault[each.proxy + " " + each.name.verb] = each.proxy;
  }
  return proxy_of_fault;
}

}  // namespace

Result<void> heal(tool::Session& session, const target::Toxiproxy& api,
                  const std::vector<Path>& paths) {
  auto log = FaultLog::open(session);
  if (!log) return tl::make_unexpected(log.error());
  const cli::StopSignalsHeld held;
  const auto toxics = own_toxics_of(paths);
  session.result.metrics["removed_toxics"] = static_cast<double>(toxics.size());
  session.result.data = nlohmann::ordered_json::array();
  for (const OwnToxic& each : toxics) {
    session.print(each.proxy + "\t" + each.name.verb + "\t" + each.name.stream + "\trun " +
                  each.name.run);
    session.result.data.push_back({{"proxy", each.proxy},
                                   {"toxic", each.toxic},
                                   {"fault", each.name.verb},
                                   {"run", each.name.run}});
  }
  if (toxics.empty()) cli::log_info("no fault of ours is in place");
  auto removed = remove_toxics(api, toxics, cli::Clock::now() + session.timeout);
  if (!removed) return removed;
  for (const auto& [fault, proxy] : faults_of(toxics)) {
    if (confirm_whole(session, path_of(proxy, paths))) log->heal(fault, cli::monotonic_ns());
  }
  return log->close();
}

Result<void> bring_up(tool::Session& session, const target::Toxiproxy& api,
                      const std::vector<Path>& paths) {
  auto log = FaultLog::open(session);
  if (!log) return tl::make_unexpected(log.error());
  auto marks = own_toxics_of(paths);
  std::erase_if(marks, [](const OwnToxic& each) { return each.name.verb != "down"; });
  for (const Path& path : paths) {
    if (path.proxy.enabled) continue;
    if (auto ok = api.enable(path.proxy.name, true); !ok) return ok;
  }
  auto removed = remove_toxics(api, marks, cli::Clock::now() + session.timeout);
  if (!removed) return removed;
  for (const Path& path : paths) {
    if (confirm_whole(session, path)) log->heal(path.proxy.name + " down", cli::monotonic_ns());
  }
  return log->close();
}

Result<void> list_faults(tool::Session& session, const std::vector<Path>& paths) {
  session.result.data = nlohmann::ordered_json::array();
  for (const Path& path : paths) {
    const target::Proxy& proxy = path.proxy;
    auto toxics = nlohmann::ordered_json::array();
    // Not where it says that it listens, which can be everywhere, as in a container.
    session.print(proxy.name + "\t" + path.address.text() + "\t" + proxy.upstream + "\t" +
                  (proxy.enabled ? "enabled" : "disabled"));
    for (const target::Toxic& toxic : proxy.toxics) {
      const auto ours = parse_fault_name(toxic.name);
      session.print(proxy.name + "\t" + toxic.name + "\t" + toxic.type + "\t" + toxic.stream +
                    "\t" + toxic.attributes.dump() + "\t" +
                    (ours ? "ours, run " + ours->run : "not ours"));
      toxics.push_back({{"name", toxic.name},
                        {"type", toxic.type},
                        {"stream", toxic.stream},
                        {"attributes", toxic.attributes},
                        {"ours", ours.has_value()}});
    }
    session.result.data.push_back({{"proxy", proxy.name},
                                   {"listen", proxy.listen},
                                   {"upstream", proxy.upstream},
                                   {"enabled", proxy.enabled},
                                   {"toxics", std::move(toxics)}});
  }
  return {};
}

}  // namespace ks::ops
