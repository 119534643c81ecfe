#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

namespace ks::report {

// Where the tests ran: figures are only comparable between equal machines.
struct Machine {
  std::string host;
  std::string os;      // "Debian GNU/Linux 12 (bookworm)"
  std::string kernel;  // "Linux 6.1.0 x86_64"
  unsigned cpus = 0;   // that this process may use
  std::uint64_t memory_bytes = 0;
};

Machine this_machine();

nlohmann::ordered_json to_json(const Machine& machine);
Machine machine_from_json(const nlohmann::ordered_json& json);

}  // namespace ks::report
