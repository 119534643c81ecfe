#include <cstddef>
#include <cstdint>

#include "decode.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ks::fuzz::decode({reinterpret_cast<const char*>(data), size});
  return 0;
}
