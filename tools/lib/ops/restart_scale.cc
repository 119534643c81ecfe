// The verb scale.

#include <algorithm>

#include "lib/ops/restart_verbs.h"
#include "lib/target/port.h"
#include "lib/target/wait.h"

namespace ks::ops {

using cli::Result;
using target::Nodes;
using target::Size;
using target::Verb;

namespace {

std::string fault_name(std::size_t count) { return "scale to " + std::to_string(count); }

std::string text_of(const Size& size) {
  return std::to_string(size.running) + " running, " + std::to_string(size.ready) + " ready";
}

}  // namespace

// What the engine says, else what answers at the nodes' addresses.
Result<Size> Verbs::size() {
  const auto told = driver_.size();
  if (!told) return tl::make_unexpected(told.error());
  if (*told) return **told;
  const auto nodes = driver_.nodes();
  if (!nodes) return tl::make_unexpected(nodes.error());
  const auto addresses = driver_.addresses(*nodes);
  if (!addresses) return tl::make_unexpected(addresses.error());
  Size size;
  for (const wire::Address& address : *addresses) {
    if (!target::accepts_connections(address, deadline())) continue;
    ++size.running;
    size.ready += target::answers_api_versions(address, access_, deadline()) ? 1 : 0;
  }
  return size;
}

Result<Effect> Verbs::scale(std::size_t count) {
  if (!driver_.has(Verb::kScale)) return scale_nodes(count);
  const auto before = size();
  if (!before) return tl::make_unexpected(before.error());
  Size now = *before;
  NodeEvent event{"all", "scaled", before->running != count, false, {}, cli::monotonic_ns(),
                  {},    {}};
  faults_.begin(fault_name(count), event.begun_ns);
  const auto look = [&] {
    const auto seen = size();
    if (!seen) return false;
    now = *seen;
    const std::int64_t at = cli::monotonic_ns();
    if (!event.gone_ns && (now.running != before->running || now.ready != before->ready)) {
      event.gone_ns = at;
      faults_.confirm(fault_name(count), at);
    }
    event.confirmed = now.running == count && now.ready == count;
    if (event.confirmed) event.up_ns = at;
    return event.confirmed;
  };
  const cli::Deadline until = deadline();
  auto given = driver_.give({Verb::kScale, {}, count}, {until, [] {}});
  if (!given) return tl::make_unexpected(given.error());
  if (target::wait_until(look, until, driver_.interval())) {
    faults_.heal(fault_name(count), *event.up_ns);
  }
  event.detail = text_of(now);
  if (!event.confirmed) event.detail += " instead of " + std::to_string(count);
  return Effect{{event}, {{"brokers", static_cast<double>(now.ready)}}};
}

// The first nodes run, the others do not; those that are to run come first, so that there are never
// fewer than before and after.
Result<Effect> Verbs::scale_nodes(std::size_t count) {
  const auto all = driver_.nodes();
  if (!all) return tl::make_unexpected(all.error());
  const auto middle = all->begin() + static_cast<std::ptrdiff_t>(count);
  faults_.begin(fault_name(count), cli::monotonic_ns());
  FaultLog nobody;  // it is one fault, and not that of the single nodes
  Verbs steps(driver_, access_, step_, nobody);
  Result<Effect> effect{};
  if (middle != all->begin()) effect = steps.start(Verb::kStart, {all->begin(), middle});
  if (!effect) return effect;
  if (middle != all->end()) {
    auto stopped = steps.end(Verb::kStop, {middle, all->end()});
    if (!stopped) return stopped;
    effect->metrics.merge(stopped->metrics);
    effect->events.insert(effect->events.end(), stopped->events.begin(), stopped->events.end());
  }
  std::vector<std::int64_t> seen;
  for (const NodeEvent& event : effect->events) {
    if (!event.changed) continue;
    const auto at = event.up_ns ? event.up_ns : event.gone_ns;
    if (at) seen.push_back(*at);
  }
  if (!seen.empty()) faults_.confirm(fault_name(count), *std::ranges::min_element(seen));
  if (effect->confirmed()) {
    faults_.heal(fault_name(count),
                 seen.empty() ? cli::monotonic_ns() : *std::ranges::max_element(seen));
    effect->metrics["brokers"] = static_cast<double>(count);
  }
  return effect;
}

}  // namespace ks::ops
