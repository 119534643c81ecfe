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

  struct Kind {
    int nodes = 1;
    bool is_proxied = false;      // clients come through a Toxiproxy: path `clients` of ks-fault
    bool has_principals = false;  // it knows those of the profile
  };

  // Starts it; what is printed goes to `log`.
  cli::Result<void> start(const Kind& kind, const std::filesystem::path& log,
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
