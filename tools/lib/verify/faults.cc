#include "lib/verify/faults.h"

#include <algorithm>

namespace ks::verify {

using history::Kind;

std::optional<std::size_t> Faults::add(const history::Event& event) {
  if (event.kind == Kind::kFaultBegin) {
    all_.push_back({event.name, event.time_ns, 0, 0});
    return all_.size() - 1;
  }
  const auto open = std::find_if(all_.rbegin(), all_.rend(), [&](const Fault& fault) {
    return fault.name == event.name && fault.healed_ns == 0;
  });
  if (open == all_.rend()) return std::nullopt;
  (event.kind == Kind::kFaultConfirmed ? open->confirmed_ns : open->healed_ns) = event.time_ns;
  return static_cast<std::size_t>(all_.rend() - open) - 1;
}

bool Faults::disturb(std::int64_t from_ns, std::int64_t to_ns, std::int64_t aftermath_ns) const {
  return std::ranges::any_of(all_, [&](const Fault& fault) {
    return fault.begin_ns <= to_ns &&
           (fault.healed_ns == 0 || fault.healed_ns + aftermath_ns >= from_ns);
  });
}

}  // namespace ks::verify
