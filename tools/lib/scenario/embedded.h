#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "lib/cli/error.h"
#include "lib/cli/progress.h"

namespace ks::scenario {

// An Apache Kafka of this run's own (gates/lib/embedded.sh), which ends with it, also where that is
// killed.
class EmbeddedKafka {
 public:
  EmbeddedKafka() = default;
  ~EmbeddedKafka();
  EmbeddedKafka(const EmbeddedKafka&) = delete;
  EmbeddedKafka& operator=(const EmbeddedKafka&) = delete;

  // Starts so many brokers; what it prints goes to `log`. With `proxied`, clients reach them
  // through a Toxiproxy, whose path `clients` can be disturbed.
  cli::Result<void> start(int nodes, bool proxied, const std::filesystem::path& log,
                          cli::Progress& progress);

  // What executables have to be told to use it.
  const std::map<std::string, std::string>& environment() const { return environment_; }

 private:
  std::filesystem::path folder_;  // empty: it does not run
  std::filesystem::path script_;
  std::filesystem::path log_;
  std::map<std::string, std::string> environment_;
};

}  // namespace ks::scenario
