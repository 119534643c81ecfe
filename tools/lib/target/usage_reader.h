#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/target/process.h"
#include "lib/target/profile.h"
#include "lib/target/usage.h"

namespace ks::target {

// What one broker has used up to now.
struct NodeUsage {
  std::string instance;  // another one after a restart; empty: nothing runs there
  Usage usage;
  std::string problem;  // why it cannot be read, in one line; empty: it was
};

// Reads one broker again and again, and follows it where it is restarted.
class UsageReader {
 public:
  explicit UsageReader(std::string node) : node_(std::move(node)) {}
  virtual ~UsageReader() = default;

  const std::string& node() const { return node_; }
  virtual NodeUsage read(cli::Deadline deadline) = 0;
  // Whether it runs on this machine, so that the machine's own figures say something of it.
  virtual bool is_here() const { return true; }

 private:
  std::string node_;
};
using UsageReaders = std::vector<std::unique_ptr<UsageReader>>;

// What to look at, where it is not the profile's brokers.
struct UsagePlan {
  std::vector<pid_t> pids;
  std::vector<std::string> cgroups;     // folders
  std::vector<std::string> containers;  // names or ids, as docker has them
  cli::Deadline deadline;               // to find them
};

// Of the plan, or if that names nothing of the profile: process folders, compose services and pods
// by its driver; else whoever listens where its brokers are, if that is this machine. Fails where
// nothing can be looked at, with what to do.
cli::Result<UsageReaders> make_usage_readers(const UsagePlan& plan, const Profile& profile);

// For make_usage_readers: those of containers and pods, whose engines have to be asked.
using FindContainer = std::function<cli::Result<std::string>()>;  // its id; empty: none runs
std::unique_ptr<UsageReader> make_container_reader(std::string node, FindContainer find);
std::unique_ptr<UsageReader> make_pod_reader(std::string pod, const Driver& driver);

}  // namespace ks::target
