#include <algorithm>

#include "lib/scenario/read.h"
#include "lib/scenario/rules.h"

namespace ks::scenario {
namespace {

// What each verb takes beside at, verb and timeout.
const std::map<std::string, std::vector<std::string>>& keys_of_verbs() {
  static const std::vector<std::string> kNodes{"nodes", "random", "seed"};
  static const std::vector<std::string> kHard{"nodes", "random", "seed", "hard"};
  static const std::map<std::string, std::vector<std::string>> kKeys{
      {"stop", kNodes},
      {"kill", kNodes},
      {"pause", kNodes},
      {"continue", kNodes},
      {"start", kNodes},
      {"restart", kHard},
      {"replace", kNodes},
      {"rolling", kHard},
      {"scale", {"count"}},
      {"latency", {"path", "latency", "jitter", "direction", "for"}},
      {"bandwidth", {"path", "rate", "direction", "for"}},
      {"timeout", {"path", "after", "direction", "for"}},
      {"reset", {"path", "after", "direction", "for"}},
      {"slicer", {"path", "size", "delay", "direction", "for"}},
      {"down", {"path", "for"}},
      {"heal", {"path"}}};
  return kKeys;
}

// When the last record is due; where only the broker's pace decides, when it is due at the latest.
Duration end_of_traffic(const Scenario& scenario) {
  Duration end{};
  bool is_produced = false;
  for (const Traffic& each : scenario.traffic) {
    if (each.type != Type::kProduce) continue;
    is_produced = true;
    end = std::max(
        end, latest_start(each, scenario) + scheduled(each).value_or(bound_of(each, scenario)));
  }
  for (const Traffic& each : scenario.traffic) {
    if (!is_produced) end = std::max(end, latest_end(each, scenario));
  }
  return end;
}

void require(const Fault& fault, const std::string& key, Complainer& complainer) {
  if (!complainer.has(fault.at, key)) {
    complainer.add(fault.at, "'" + key + "' is missing", fault.verb + " needs it");
  }
}

void check_keys(const Fault& fault, Complainer& complainer) {
  const std::vector<std::string>& known = keys_of_verbs().at(fault.verb);
  for (const char* key : {"nodes", "random", "seed", "count", "hard", "path", "latency", "jitter",
                          "rate", "size", "delay", "after", "direction", "for"}) {
    if (!complainer.has(fault.at, key) || std::ranges::find(known, key) != known.end()) continue;
    complainer.add(below(fault.at, key), "not of " + fault.verb, "it takes " + joined(known));
  }
  if (fault.verb == "scale") require(fault, "count", complainer);
  if (fault.verb == "latency") require(fault, "latency", complainer);
  if (fault.verb == "bandwidth") require(fault, "rate", complainer);
  if (!fault.is_of_brokers() && fault.verb != "heal") require(fault, "path", complainer);
  if (complainer.has(fault.at, "random") && complainer.has(fault.at, "nodes")) {
    complainer.add(below(fault.at, "random"), "nodes are given, too", "give one of the two");
  }
}

}  // namespace

void check_faults(const Scenario& scenario, Complainer& complainer) {
  const Duration end = end_of_traffic(scenario);
  for (const Fault& fault : scenario.faults) {
    check_keys(fault, complainer);
    if (fault.when < end) continue;
    complainer.add(below(fault.at, "at"), "after the traffic's end, " + cli::format_duration(end),
                   "give an earlier time, or more traffic");
  }
}

}  // namespace ks::scenario
