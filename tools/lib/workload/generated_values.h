#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/crc32c_shift.h"
#include "lib/history/identity.h"

namespace ks::workload {

// The values that a producer makes up: an identity, then a body that is not that of its neighbours.
class GeneratedValues {
 public:
  // Values of `size` bytes, or of an identity's, if that is more. So many of them stay as they are
  // at a time: what follows an identity is then written once, and not for each value.
  GeneratedValues(std::size_t size, std::size_t lasting);

  // The i-th value; it stays as it is until the one that is so many behind it is asked for.
  std::string_view make(std::uint64_t i, const history::Identity& identity);

  std::size_t lasting() const { return places_.size(); }

 private:
  std::size_t size_;
  std::string text_;                 // where bodies are cut from
  std::vector<std::uint32_t> crcs_;  // of the bodies, by place; 0: not looked at yet
  std::vector<char> values_;         // one behind the other
  std::vector<std::size_t> places_;  // of each value's body; kNowhere: it has none yet
  cli::Crc32cShift over_body_;
};

}  // namespace ks::workload
