#pragma once

#include <cstdint>
#include <string_view>

namespace ks::cli {

// CRC-32C (Castagnoli), as in Kafka's record batches; in hardware where there is support (ISA-L).
// `previous` continues a checksum over earlier bytes.
std::uint32_t crc32c(std::string_view bytes, std::uint32_t previous = 0);

}  // namespace ks::cli
