#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "lib/history/event.h"

namespace ks::verify {

// Faults that were injected while the history was written. Times are wall clock.
class Faults {
 public:
  struct Fault {
    std::uint32_t name = 0;  // an id of Names
    std::int64_t begin_ns = 0;
    std::int64_t confirmed_ns = 0;  // 0: never
    std::int64_t healed_ns = 0;     // 0: not yet
  };

  // The number of the fault that the event is about; nothing where none of its name is open.
  std::optional<std::size_t> add(const history::Event& event);

  const std::vector<Fault>& all() const { return all_; }

  // Whether a fault, or what follows one for `aftermath_ns`, may have been at work at any time from
  // `from_ns` to `to_ns`.
  bool disturb(std::int64_t from_ns, std::int64_t to_ns, std::int64_t aftermath_ns) const;

 private:
  std::vector<Fault> all_;
};

}  // namespace ks::verify
