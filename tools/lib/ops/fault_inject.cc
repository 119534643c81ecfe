#include <unistd.h>

#include <algorithm>
#include <optional>

#include "lib/cli/log.h"
#include "lib/cli/signals.h"
#include "lib/ops/fault_effect.h"
#include "lib/ops/fault_log.h"
#include "lib/ops/fault_verbs.h"
#include "lib/target/wait.h"

namespace ks::ops {
namespace {

using cli::Result;
using report::Status;

// However short the time is that a user gives to everything else.
constexpr cli::Duration kLeastTimeToHeal = std::chrono::seconds(30);

struct Disturbed {
  Path path;
  target::PathProbe probe;
  Baseline before;
  Sight during{};
  Sight after{};
};

// One fault on some paths, from what others left there to the path that is whole again.
class Injection {
 public:
  Injection(tool::Session& session, const target::Toxiproxy& api, const Fault& fault, FaultLog log)
      : session_(session), api_(api), fault_(fault), log_(std::move(log)) {
    const bool held = session.has("for");
    name_ = {run_in_names(session.result.run_id),
             held ? target::find_process(::getpid()) : std::nullopt, fault.verb, ""};
  }

  Result<void> run(const std::vector<Path>& paths);
  Result<void> close_log() { return log_.close(); }

 private:
  Result<void> remove_left_overs(const std::vector<Path>& paths);
  Result<void> measure(const std::vector<Path>& paths);
  Result<void> put();
  void confirm();
  void hold() const;
  Result<void> heal();
  void confirm_healed();
  void report();

  std::string fault_on(const std::string& proxy) const { return proxy + " " + fault_.verb; }
  std::vector<OwnToxic> own() const;
  bool is_in_place() const;
  bool is_good() const {
    return session_.result.status == Status::kPass && cli::stop_signal() == 0;
  }
  void inconclusive(const std::string& why) {
    session_.result.lower_to(Status::kInconclusive, why);
  }

  tool::Session& session_;
  const target::Toxiproxy& api_;
  const Fault& fault_;
  FaultLog log_;
  FaultName name_;
  std::vector<Disturbed> disturbed_;
};

Result<void> Injection::run(const std::vector<Path>& paths) {
  if (auto ok = remove_left_overs(paths); !ok) return ok;
  if (auto ok = measure(paths); !ok) return ok;
  if (!is_good()) return {};  // interrupted, or it could not be told

  const cli::StopSignalsHeld held;
  const cli::Deadline begun = cli::Clock::now();
  Result<void> there = put();
  if (there) {
    confirm();
    if (is_good() && session_.has("for")) hold();
    if (is_good() && !session_.has("for")) {
      report();
      return {};
    }
  }
  if (auto healed = heal(); !healed) return healed;
  if (!there) {
    for (const Disturbed& each : disturbed_) {
      log_.heal(fault_on(each.path.proxy.name), cli::monotonic_ns());
    }
    return there;
  }
  session_.result.metrics["fault_ms"] = cli::to_ms(cli::Clock::now() - begun);
  confirm_healed();
  report();
  return {};
}

Result<void> Injection::remove_left_overs(const std::vector<Path>& paths) {
  std::vector<target::Proxy> proxies;
  for (const Path& path : paths) proxies.push_back(path.proxy);
  std::vector<OwnToxic> left_overs;
  for (const OwnToxic& each : own_toxics(proxies)) {
    if (is_left_over(each.name, name_.run)) {
      left_overs.push_back(each);
    } else if (each.name.run != name_.run || each.name.verb == fault_.verb) {
      return cli::fail("another ks-fault has a fault here (run " + each.name.run + ")",
                       "proxy " + each.proxy + ", toxic " + each.toxic,
                       "let it end, or run ks-fault heal " + each.proxy);
    }
  }
  session_.result.metrics["left_over_toxics"] = static_cast<double>(left_overs.size());
  for (const OwnToxic& each : left_overs) {
    cli::log_warning("removing a left-over of run " + each.name.run + ": proxy " + each.proxy +
                     ", toxic " + each.toxic);
  }
  auto removed = remove_toxics(api_, left_overs, cli::Clock::now() + session_.timeout);
  if (!removed) return removed;
  for (const OwnToxic& each : left_overs) {
    log_.heal(each.proxy + " " + each.name.verb, cli::monotonic_ns());
  }
  return {};
}

Result<void> Injection::measure(const std::vector<Path>& paths) {
  for (const Path& path : paths) {
    const target::PathProbe probe = probe_of(path, session_);
    auto before = measure_before(fault_, probe, session_.timeout);
    if (!before) {
      return cli::fail(before.error().what, "proxy " + path.proxy.name + ", before any fault",
                       before.error().action);
    }
    if (!before->untellable.empty()) {
      inconclusive("this fault could not be told on proxy " + path.proxy.name +
                   ", nothing was done: " + before->untellable);
    }
    disturbed_.push_back({path, probe, std::move(*before)});
  }
  return {};
}

Result<void> Injection::put() {
  for (const Disturbed& each : disturbed_) {
    const std::string& proxy = each.path.proxy.name;
    log_.begin(fault_on(proxy), cli::monotonic_ns());
    for (const target::Toxic& toxic : fault_.toxics(name_)) {
      if (auto ok = api_.add(proxy, toxic); !ok) return ok;
    }
    if (fault_.kind != FaultKind::kDown) continue;
    if (auto ok = api_.enable(proxy, false); !ok) return ok;
  }
  return {};
}

void Injection::confirm() {
  for (Disturbed& each : disturbed_) {
    const std::string& proxy = each.path.proxy.name;
    each.during = look_for(fault_, each.probe, each.before, session_.timeout);
    if (each.during.seen) {
      log_.confirm(fault_on(proxy), cli::monotonic_ns());
      cli::log_info(proxy + " " + fault_.verb + ": " + each.during.text);
    } else {
      inconclusive(fault_.verb + " not confirmed on proxy " + proxy + ": " + each.during.text);
    }
  }
  if (session_.result.status == Status::kInconclusive) return;
  if (!is_in_place()) inconclusive("Toxiproxy does not list the fault that it took");
}

void Injection::hold() const {
  const auto time = session_.option<cli::DurationArg>("for", {}).value;
  target::wait_until([] { return false; }, cli::Clock::now() + time);  // or until a signal
  if (cli::stop_signal() != 0 || is_in_place()) return;
  session_.result.lower_to(Status::kInconclusive, "somebody removed the fault before its time");
}

// What we put there, whether Toxiproxy said that it took it or not.
std::vector<OwnToxic> Injection::own() const {
  std::vector<OwnToxic> out;
  for (const Disturbed& each : disturbed_) {
    for (const target::Toxic& toxic : fault_.toxics(name_)) {
      out.push_back({each.path.proxy.name, toxic.name, name_});
    }
  }
  return out;
}

bool Injection::is_in_place() const {
  auto proxies = api_.proxies();
  if (!proxies) return false;
  if (fault_.kind == FaultKind::kDown) {
    std::erase_if(*proxies, [](const target::Proxy& proxy) { return proxy.enabled; });
  }
  const auto there = own_toxics(*proxies);
  const auto wanted = own();
  return std::all_of(wanted.begin(), wanted.end(), [&](const OwnToxic& each) {
    return std::any_of(there.begin(), there.end(), [&](const OwnToxic& other) {
      return other.proxy == each.proxy && other.toxic == each.toxic;
    });
  });
}

Result<void> Injection::heal() {
  return remove_toxics(api_, own(),
                       cli::Clock::now() + std::max(kLeastTimeToHeal, session_.timeout));
}

void Injection::confirm_healed() {
  for (Disturbed& each : disturbed_) {
    const std::string& proxy = each.path.proxy.name;
    each.after = look_for_healed(fault_, each.probe, each.before, session_.timeout);
    if (each.after.seen) {
      log_.heal(fault_on(proxy), cli::monotonic_ns());
      cli::log_info(proxy + " healed: " + each.after.text);
    } else {
      inconclusive("the fault is removed, but proxy " + proxy +
                   " is not as before: " + each.after.text);
    }
  }
}

// Of several paths the slowest counts.
void record_slowest(const char* metric, std::optional<double> ms, report::Metrics& metrics) {
  if (!ms) return;
  const auto known = metrics.find(metric);
  if (known == metrics.end() || known->second < *ms) metrics[metric] = *ms;
}

void Injection::report() {
  report::Result& result = session_.result;
  result.metrics["proxies"] = static_cast<double>(disturbed_.size());
  result.data = nlohmann::ordered_json::array();
  for (const Disturbed& each : disturbed_) {
    record_slowest("rtt_before_ms", each.before.median_ms, result.metrics);
    record_slowest("rtt_during_ms", each.during.median_ms, result.metrics);
    record_slowest("rtt_after_ms", each.after.median_ms, result.metrics);
    result.data.push_back({{"proxy", each.path.proxy.name},
                           {"address", each.probe.address().text()},
                           {"protocol", to_string(each.probe.protocol())},
                           {"fault", fault_.verb},
                           {"requests", each.before.requests},
                           {"confirmed", each.during.seen},
                           {"during", each.during.text},
                           {"healed", each.after.seen},
                           {"after", each.after.text}});
  }
}

}  // namespace

Result<void> inject(tool::Session& session, const target::Toxiproxy& api, const Fault& fault,
                    const std::vector<Path>& paths) {
  cli::catch_hangup();
  auto log = FaultLog::open(session);
  if (!log) return tl::make_unexpected(log.error());
  Injection injection(session, api, fault, std::move(*log));
  const Result<void> done = injection.run(paths);
  const Result<void> closed = injection.close_log();
  return done ? closed : done;
}

}  // namespace ks::ops
