#include "lib/report/blocks.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace ks::report {

std::string_view block_of(double value, double most) {
  static constexpr std::array<std::string_view, 8> kBlocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  const double level = std::ceil(value / most * kBlocks.size());
  return kBlocks[static_cast<std::size_t>(std::clamp<double>(level, 1, kBlocks.size())) - 1];
}

std::string padded(std::string text, std::size_t width) {
  text.resize(std::max(text.size(), width), ' ');
  return text;
}

}  // namespace ks::report
