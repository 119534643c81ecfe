#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/target/usage_reader.h"

namespace ks::target {

// Makes rates and totals of what was read of several brokers, sample by sample. A counter that
// begins anew with another instance counts from there.
class UsageTally {
 public:
  struct Sample {
    std::int64_t at_ns = 0;  // of a clock that never goes back
    std::map<std::string, NodeUsage> nodes;
    MachineUsage machine;  // where the brokers are not elsewhere
  };

  // The figures of the time since the sample before, by their names; of the first one only what is
  // a state and not a rate.
  std::map<std::string, double> add(const Sample& sample);

  // Of all samples: broker_cpu_cores_mean and _max, broker_memory_bytes_mean and _max (of the
  // broker that had most), … What was never read is absent, and so is the limit on processors
  // where a broker has none.
  std::map<std::string, double> totals() const;
  // Of each broker by itself that could be read: the same names.
  std::map<std::string, std::map<std::string, double>> by_node() const;
  // node -> why, of those that could not be read in some sample; the first reason.
  const std::map<std::string, std::string>& problems() const { return problems_; }
  // Whether the network's figures are the whole machine's.
  bool is_network_shared() const { return is_network_shared_; }
  double samples() const { return samples_; }
  double restarts() const { return restarts_; }

 private:
  using Figures = std::map<std::string, double>;
  // Mean and maximum over time.
  struct Level {
    double sum = 0;
    double count = 0;
    double most = 0;
    void add(double value);
  };
  using Levels = std::map<std::string, Level>;
  struct Node {
    NodeUsage last;
    std::int64_t last_ns = 0;
    Levels levels;
    Figures totals;
  };
  // Of the time since a sample before.
  struct Step {
    Figures rates;  // and states
    Figures grown;  // by the names of totals
  };

  Step step(Node& node, const NodeUsage& now, std::int64_t at_ns);
  Figures machine_step(const Sample& sample) const;
  std::optional<double> cpu_limit_cores() const;
  static void add_levels(const Levels& levels, Figures& out);

  std::map<std::string, Node> nodes_;
  Levels levels_;      // of all together
  Figures totals_;     // the same
  Figures constants_;  // a broker's limit
  std::map<std::string, std::string> problems_;
  std::optional<Sample> before_;
  bool is_network_shared_ = false;
  double samples_ = 0;
  double restarts_ = 0;
};

}  // namespace ks::target
