#pragma once

#include <string>
#include <string_view>

// The header checksum of LZ4 frames, where Kafka's magic 0 differs from LZ4's specification
// ("LZ4 Frame Format", KIP-57): the second byte of an XXH32 of the header, computed over the
// frame's magic number as well.
namespace ks::wire {

// The header of the frame that `bytes` begin with, with the checksum that LZ4 expects; empty when
// they do not begin with a whole header.
std::string standard_lz4_header(std::string_view bytes);

// Gives the frame at `at` in `out`, which has neither content size nor dictionary, the checksum of
// magic 0.
void set_magic0_lz4_checksum(std::string& out, std::size_t at);

}  // namespace ks::wire
