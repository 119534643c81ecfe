#include "lib/cli/crc32c.h"

#include <isa-l/crc.h>

#include <algorithm>

namespace ks::cli {

std::uint32_t crc32c(std::string_view bytes, std::uint32_t previous) {
  constexpr std::size_t kMostAtOnce = 1 << 30;  // ISA-L counts in int
  std::uint32_t crc = ~previous;
  while (!bytes.empty()) {
    const std::size_t size = std::min(bytes.size(), kMostAtOnce);
    auto* data = reinterpret_cast<unsigned char*>(const_cast<char*>(bytes.data()));
    crc = crc32_iscsi(data, static_cast<int>(size), crc);
    bytes.remove_prefix(size);
  }
  return ~crc;
}

}  // namespace ks::cli
