#include "lib/history/ending.h"

#include <array>
#include <cstring>
#include <fstream>
#include <string_view>

#include "lib/cli/crc32c.h"
#include "lib/history/format.h"

namespace ks::history {

bool ended_cleanly(const std::filesystem::path& file) {
  std::array<char, kFrameHeaderBytes> frame{};
  std::ifstream in(file, std::ios::binary | std::ios::ate);
  constexpr std::streamoff kLeast = kFileHeaderBytes + kFrameHeaderBytes;
  if (!in || in.tellg() < kLeast) return false;
  in.seekg(-static_cast<std::streamoff>(frame.size()), std::ios::end);
  if (!in.read(frame.data(), frame.size())) return false;
  std::uint32_t length = 0;
  std::uint32_t crc = 0;
  std::memcpy(&length, frame.data(), sizeof length);
  std::memcpy(&crc, frame.data() + sizeof length, sizeof crc);
  const std::string_view type(&frame.back(), 1);
  return length == 0 && type.front() == kEndFrame && crc == cli::crc32c(type);
}

}  // namespace ks::history
