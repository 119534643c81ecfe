#include "lib/ops/restart_verbs.h"

#include <algorithm>
#include <iterator>

#include "lib/ops/node_events.h"
#include "lib/target/wait.h"

namespace ks::ops {

using cli::Result;
using target::Nodes;
using target::NodeState;
using target::Order;
using target::Verb;

bool Effect::confirmed() const {
  return std::ranges::all_of(events, [](const NodeEvent& event) { return event.confirmed; });
}

// ---- before anything is touched -----------------------------------------------------------------

Verbs::Cycle Verbs::cycle_of(const VerbRequest& request) const {
  switch (request.verb) {
    case Verb::kReplace:
      return {driver_.brings_back(Verb::kReplace) ? Verb::kReplace : Verb::kKill, Verb::kReplace,
              "replaced"};
    case Verb::kRolling:
      if (!is_composed_rolling(request)) return {Verb::kRolling, {}, "restarted"};
      break;
    default:
      break;
  }
  if (request.hard) return {Verb::kKill, Verb::kStart, "restarted"};
  return {driver_.has(Verb::kRestart) ? Verb::kRestart : Verb::kStop, Verb::kStart, "restarted"};
}

bool Verbs::is_composed_rolling(const VerbRequest& request) const {
  return request.hard || !driver_.has(Verb::kRolling);
}

Result<void> Verbs::check_scale(const VerbRequest& request) {
  if (driver_.has(Verb::kScale)) return driver_.check({Verb::kScale, {}, request.count});
  const auto all = driver_.nodes();
  if (!all) return tl::make_unexpected(all.error());
  if (request.count > all->size()) {
    return cli::fail("there are only " + std::to_string(all->size()) + " nodes to scale",
                     std::to_string(request.count), "give at most that many");
  }
  const auto middle = all->begin() + static_cast<std::ptrdiff_t>(request.count);
  auto ok = driver_.check({Verb::kStart, {all->begin(), middle}});
  if (ok) ok = driver_.check({Verb::kStop, {middle, all->end()}});
  return ok;
}

Result<void> Verbs::check(const VerbRequest& request) {
  switch (request.verb) {
    case Verb::kScale:
      return check_scale(request);
    case Verb::kRestart:
    case Verb::kReplace:
    case Verb::kRolling: {
      const Cycle cycle = cycle_of(request);
      auto ok = driver_.check({cycle.down, request.nodes});
      if (ok && !driver_.brings_back(cycle.down)) ok = driver_.check({cycle.up, request.nodes});
      return ok;
    }
    default:
      return driver_.check({request.verb, request.nodes});
  }
}

Result<Effect> Verbs::perform(const VerbRequest& request) {
  if (auto ok = check(request); !ok) return tl::make_unexpected(ok.error());
  switch (request.verb) {
    case Verb::kStop:
    case Verb::kKill:
      return end(request.verb, request.nodes);
    case Verb::kPause:
      return pause(request.nodes);
    case Verb::kContinue:
      return resume(request.nodes);
    case Verb::kStart:
      return start(request.verb, request.nodes);
    case Verb::kScale:
      return scale(request.count);
    case Verb::kRolling:
      if (is_composed_rolling(request)) return rolling(request);
      break;
    default:
      break;
  }
  return cycle(cycle_of(request), request.nodes);
}

// ---- steps --------------------------------------------------------------------------------------

Result<NodeWatch> Verbs::watch(const Nodes& nodes, const std::string& fault) {
  auto watch = NodeWatch::begin(driver_, nodes, access_, deadline());
  if (!watch) return watch;
  watch->on_gone([this, fault](const auto& node, auto at) { faults_.confirm(node + fault, at); });
  watch->on_back([this, fault](const auto& node, auto at) { faults_.heal(node + fault, at); });
  return watch;
}

Result<void> Verbs::give(const Order& order, NodeWatch& watch, Goal meanwhile) {
  const cli::Deadline until = deadline();
  return driver_.give(order, {until, [&] { watch.look(meanwhile, until); }});
}

// Until the nodes answer and the others see them.
Result<void> Verbs::wait_up(NodeWatch& watch, Goal goal, bool renewed) {
  const cli::Deadline until = deadline();
  target::wait_until(
      [&] {
        const bool all_up = watch.look(goal, until) && watch.all_visible(renewed, until);
        return all_up || watch.death();
      },
      until, driver_.interval());
  if (watch.death()) return tl::make_unexpected(*watch.death());
  return {};
}

Result<Effect> Verbs::end(Verb verb, const Nodes& nodes) {
  auto watch = this->watch(nodes, kDownFault);
  if (!watch) return tl::make_unexpected(watch.error());
  const std::int64_t begun = cli::monotonic_ns();
  begin_faults(*watch, kDownFault, begun, faults_);
  if (auto given = give({verb, nodes}, *watch, Goal::kDown); !given) {
    return tl::make_unexpected(given.error());
  }
  const cli::Deadline until = deadline();
  target::wait_until([&] { return watch->look(Goal::kDown, until); }, until, driver_.interval());
  Effect effect = down_effect(*watch, verb, begun, driver_);
  if (effect.confirmed() && driver_.brings_back(verb)) {
    // Nobody else will tell when they are back.
    target::wait_until([&] { return watch->look(Goal::kAgain, until); }, until, driver_.interval());
    for (std::size_t i = 0; i < effect.events.size(); ++i) {
      effect.events[i].up_ns = watch->nodes()[i].up_ns;
    }
  }
  return effect;
}

Result<Effect> Verbs::pause(const Nodes& nodes) {
  auto watch = this->watch(nodes, kPausedFault);
  if (!watch) return tl::make_unexpected(watch.error());
  const std::int64_t begun = cli::monotonic_ns();
  begin_faults(*watch, kPausedFault, begun, faults_);
  if (auto given = give({Verb::kPause, nodes}, *watch, Goal::kPaused); !given) {
    return tl::make_unexpected(given.error());
  }
  const cli::Deadline until = deadline();
  target::wait_until([&] { return watch->look(Goal::kPaused, until); }, until, driver_.interval());
  return paused_effect(*watch, begun);
}

// What is stopped has to be started: waiting for it would be in vain.
Result<Effect> Verbs::resume(const Nodes& nodes) {
  const auto sights = driver_.look(nodes);
  if (!sights) return tl::make_unexpected(sights.error());
  Nodes others;
  Effect stopped;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if ((*sights)[i].state == NodeState::kStopped) {
      stopped.events.push_back({nodes[i], "continued", false, false, "was not running",
                                cli::monotonic_ns(), std::nullopt, std::nullopt});
    } else {
      others.push_back(nodes[i]);
    }
  }
  if (others.empty()) return stopped;
  auto effect = start(Verb::kContinue, others);
  if (effect) std::ranges::move(stopped.events, std::back_inserter(effect->events));
  return effect;
}

// Also continue: what is paused is not up.
Result<Effect> Verbs::start(Verb verb, const Nodes& nodes) {
  auto watch = this->watch(nodes, verb == Verb::kContinue ? kPausedFault : kDownFault);
  if (!watch) return tl::make_unexpected(watch.error());
  const std::int64_t begun = cli::monotonic_ns();
  Nodes missing;
  watch->look(Goal::kUp, deadline());
  for (const WatchedNode& node : watch->nodes()) {
    if (!node.up_ns) missing.push_back(node.name);
  }
  if (!missing.empty()) {
    auto given = driver_.give({verb, missing}, {deadline(), {}});
    if (!given) return tl::make_unexpected(given.error());
  }
  if (auto up = wait_up(*watch, Goal::kUp, false); !up) return tl::make_unexpected(up.error());
  return up_effect(*watch, verb == Verb::kStart ? "started" : "continued", begun, missing, driver_);
}

Result<Effect> Verbs::cycle(const Cycle& cycle, const Nodes& nodes) {
  auto watch = this->watch(nodes, kDownFault);
  if (!watch) return tl::make_unexpected(watch.error());
  const bool renewed = cycle.down == Verb::kReplace || cycle.up == Verb::kReplace;
  const bool by_itself = driver_.brings_back(cycle.down);
  Order up{cycle.up, nodes};
  if (renewed) {
    if (auto noted = watch->note_ids(deadline()); !noted) return tl::make_unexpected(noted.error());
    const auto known = driver_.highest_id();
    if (!known) return tl::make_unexpected(known.error());
    up.id = std::max(*known, watch->highest_id()) + 1;
    if (up.id == 0 && !by_itself) {
      return cli::fail("no id is known to be above", nodes.front(),
                       "no broker answers Metadata: start one first");
    }
  }
  const std::int64_t begun = cli::monotonic_ns();
  begin_faults(*watch, kDownFault, begun, faults_);
  const Goal goal = by_itself ? Goal::kAgain : Goal::kDown;
  if (auto given = give({cycle.down, nodes}, *watch, goal); !given) {
    return tl::make_unexpected(given.error());
  }
  std::int64_t up_begun = 0;  // by itself: when the last was down
  if (!by_itself) {
    const cli::Deadline until = deadline();
    target::wait_until([&] { return watch->look(Goal::kDown, until); }, until, driver_.interval());
    // What does not go down is not started again.
    Effect down = down_effect(*watch, cycle.down, begun, driver_);
    const bool still_up = std::ranges::any_of(
        down.events, [](const NodeEvent& e) { return e.changed && !e.gone_ns; });
    if (still_up) return down;
    up_begun = cli::monotonic_ns();
    if (auto given = give(up, *watch, Goal::kAgain); !given) {
      return tl::make_unexpected(given.error());
    }
  }
  if (auto done = wait_up(*watch, Goal::kAgain, renewed); !done) {
    return tl::make_unexpected(done.error());
  }
  return cycle_effect(*watch, cycle.event, begun, up_begun, driver_);
}

Result<Effect> Verbs::rolling(const VerbRequest& request) {
  Effect all;
  for (const std::string& node : request.nodes) {
    auto one = cycle(cycle_of({Verb::kRestart, {}, request.hard}), {node});
    if (!one) return one;
    all.events.insert(all.events.end(), one->events.begin(), one->events.end());
    for (const auto& [name, value] : one->metrics) {
      all.metrics[name] = std::max(all.metrics[name], value);
    }
    if (one->confirmed()) continue;
    // More brokers at a time than one would be no rolling restart.
    if (all.events.size() < request.nodes.size()) {
      all.events.back().detail += "; those behind it were left alone";
    }
    break;
  }
  return all;
}

}  // namespace ks::ops
