#include "lib/target/usage_tally.h"

#include <algorithm>

namespace ks::target {
namespace {

constexpr double kNsPerS = 1e9;

// A counter of Usage, the name of its rate, and of its growth.
struct Counter {
  std::optional<double> Usage::*value;
  const char* rate;
  const char* total;  // null: the rate tells enough
};
constexpr Counter kCounters[] = {
    {&Usage::cpu_s, "cpu_cores", nullptr},
    {&Usage::throttled_s, "cpu_throttled_share", "cpu_throttled_s"},
    {&Usage::disk_read_bytes, "disk_read_bytes_per_s", "disk_read_bytes"},
    {&Usage::disk_write_bytes, "disk_write_bytes_per_s", "disk_write_bytes"}};
constexpr Counter kNetwork[] = {
    {&Usage::received_bytes, "network_received_bytes_per_s", "network_received_bytes"},
    {&Usage::sent_bytes, "network_sent_bytes_per_s", "network_sent_bytes"}};
constexpr const char* kMemory = "broker_memory_bytes";
constexpr const char* kOfMachine = "machine_";

// What a counter grew by. A new instance's counts from its begin; a sum over processes may shrink
// where one of them ends, and has then not grown.
std::optional<double> growth(const std::optional<double>& now, const std::optional<double>& before,
                             bool is_new) {
  if (!now || (!before && !is_new)) return std::nullopt;
  return is_new ? *now : std::max(0.0, *now - *before);
}

}  // namespace

void UsageTally::Level::add(double value) {
  most = count == 0 ? value : std::max(most, value);
  sum += value;
  ++count;
}

UsageTally::Step UsageTally::step(Node& node, const NodeUsage& now, std::int64_t at_ns) {
  Step out;
  if (now.usage.memory_bytes) out.rates[kMemory] = *now.usage.memory_bytes;
  const bool is_first = node.last.instance.empty();
  const bool is_new = !is_first && node.last.instance != now.instance;
  if (is_new) ++restarts_;
  const double seconds = static_cast<double>(at_ns - node.last_ns) / kNsPerS;
  const auto count = [&](const Counter& counter, const std::string& prefix) {
    const auto grown = growth(now.usage.*counter.value, node.last.usage.*counter.value, is_new);
    if (!grown || is_first || seconds <= 0) return;
    out.rates[prefix + counter.rate] = *grown / seconds;
    if (counter.total != nullptr) out.grown[prefix + counter.total] = *grown;
  };
  for (const Counter& counter : kCounters) count(counter, "broker_");
  for (const Counter& counter : kNetwork) {
    count(counter, now.usage.is_network_own ? "broker_" : kOfMachine);
  }
  node.last = now;
  node.last_ns = at_ns;
  for (const auto& [name, value] : out.rates) node.levels[name].add(value);
  for (const auto& [name, value] : out.grown) node.totals[name] += value;
  return out;
}

UsageTally::Figures UsageTally::machine_step(const Sample& sample) const {
  if (!before_) return {};
  Figures out;
  const double seconds = static_cast<double>(sample.at_ns - before_->at_ns) / kNsPerS;
  const auto add = [&](const char* name, const std::optional<double>& now,
                       const std::optional<double>& before) {
    const auto grown = growth(now, before, false);
    if (grown && seconds > 0) out[name] = *grown / seconds;
  };
  add("machine_cpu_cores", sample.machine.cpu_s, before_->machine.cpu_s);
  add("machine_cpu_stolen_cores", sample.machine.stolen_s, before_->machine.stolen_s);
  return out;
}

std::map<std::string, double> UsageTally::add(const Sample& sample) {
  ++samples_;
  Figures sum = machine_step(sample), grown;
  // Brokers that share the machine's network all tell the same of it.
  const auto add_up = [](const Figures& of_node, Figures& of_all) {
    for (const auto& [name, value] : of_node) {
      double& all = of_all[name];
      all = name.starts_with(kOfMachine) ? value : all + value;
    }
  };
  for (const auto& [name, now] : sample.nodes) {
    if (!now.problem.empty()) {
      problems_.try_emplace(name, now.problem);
      continue;
    }
    const Usage& usage = now.usage;
    if (usage.memory_limit_bytes) {
      constants_["broker_memory_limit_bytes"] = *usage.memory_limit_bytes;
    }
    is_network_shared_ = is_network_shared_ || (usage.received_bytes && !usage.is_network_own);
    const Step step = this->step(nodes_[name], now, sample.at_ns);
    add_up(step.rates, sum);
    add_up(step.grown, grown);
  }
  for (const auto& [name, value] : sum) levels_[name].add(value);
  for (const auto& [name, value] : grown) totals_[name] += value;
  before_ = sample;
  return sum;
}

void UsageTally::add_levels(const Levels& levels, Figures& out) {
  for (const auto& [name, level] : levels) {
    out[name + "_mean"] = level.sum / level.count;
    out[name + "_max"] = level.most;
  }
}

std::map<std::string, double> UsageTally::totals() const {
  Figures out = constants_;
  add_levels(levels_, out);
  out.insert(totals_.begin(), totals_.end());
  // A limit on memory is one on each broker.
  double most = 0;
  for (const auto& [name, node] : nodes_) {
    const auto level = node.levels.find(kMemory);
    if (level != node.levels.end()) most = std::max(most, level->second.most);
  }
  if (most > 0) out[std::string(kMemory) + "_max"] = most;
  if (const auto limit = cpu_limit_cores()) out["broker_cpu_limit_cores"] = *limit;
  return out;
}

// Of all together, as what they use is: with one that has none there is none.
std::optional<double> UsageTally::cpu_limit_cores() const {
  if (nodes_.empty()) return std::nullopt;
  double sum = 0;
  for (const auto& [name, node] : nodes_) {
    if (!node.last.usage.cpu_limit_cores) return std::nullopt;
    sum += *node.last.usage.cpu_limit_cores;
  }
  return sum;
}

std::map<std::string, std::map<std::string, double>> UsageTally::by_node() const {
  std::map<std::string, Figures> out;
  for (const auto& [name, node] : nodes_) {
    Figures& figures = out[name] = node.totals;
    add_levels(node.levels, figures);
  }
  return out;
}

}  // namespace ks::target
