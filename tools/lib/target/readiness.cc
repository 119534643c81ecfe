#include "lib/target/readiness.h"

#include <algorithm>

#include "lib/cli/units.h"
#include "lib/target/port.h"

namespace ks::target {

ReadinessWatch::ReadinessWatch(std::vector<wire::Address> addresses, wire::Access access)
    : begun_(cli::Clock::now()), access_(std::move(access)) {
  for (wire::Address& address : addresses) seen_.push_back({std::move(address), {}, {}});
}

bool ReadinessWatch::all_answer(cli::Deadline deadline) {
  for (Seen& seen : seen_) {
    if (!seen.answer_ms) look(seen, deadline);
  }
  return std::all_of(seen_.begin(), seen_.end(), [](const Seen& s) { return s.answer_ms; });
}

void ReadinessWatch::look(Seen& seen, cli::Deadline deadline) const {
  const auto elapsed_ms = [this] { return cli::to_ms(cli::Clock::now() - begun_); };
  if (!seen.connect_ms) {
    if (!accepts_connections(seen.address, deadline)) return;
    seen.connect_ms = elapsed_ms();
  }
  if (answers_api_versions(seen.address, access_, deadline)) seen.answer_ms = elapsed_ms();
}

std::string ReadinessWatch::missing(std::size_t index) const {
  const Seen& seen = seen_[index];
  return seen.address.text() + (seen.connect_ms
                                    ? " accepts connections, but does not answer ApiVersions"
                                    : " does not accept connections");
}

std::map<std::string, double> ReadinessWatch::metrics() const {
  std::map<std::string, double> metrics;
  const auto add_slowest = [&](const char* name, std::optional<double> Seen::*member) {
    double slowest = 0;
    for (const Seen& seen : seen_) {
      if (!(seen.*member)) return;
      slowest = std::max(slowest, *(seen.*member));
    }
    metrics[name] = slowest;
  };
  add_slowest("start_ms", &Seen::connect_ms);
  add_slowest("ready_ms", &Seen::answer_ms);
  return metrics;
}

}  // namespace ks::target
