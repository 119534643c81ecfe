#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/clock.h"
#include "lib/wire/call.h"

namespace ks::target {

// Watches addresses come up: first a connection is taken, then ApiVersions is answered.
class ReadinessWatch {
 public:
  ReadinessWatch(std::vector<wire::Address> addresses, wire::Access access);

  // Looks once at each address that has not answered yet; whether all have.
  bool all_answer(cli::Deadline deadline);

  bool answers(std::size_t index) const { return seen_[index].answer_ms.has_value(); }

  // What was last seen of an address that does not answer: "accepts connections, but …".
  std::string missing(std::size_t index) const;

  // start_ms and ready_ms: from the construction until the last address took a connection, and
  // answered. Absent while one has not.
  std::map<std::string, double> metrics() const;

 private:
  struct Seen {
    wire::Address address;
    std::optional<double> connect_ms;
    std::optional<double> answer_ms;
  };

  void look(Seen& seen, cli::Deadline deadline) const;

  cli::Deadline begun_;
  wire::Access access_;
  std::vector<Seen> seen_;
};

}  // namespace ks::target
