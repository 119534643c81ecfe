#pragma once

#include <cstdint>

// Numbers of the history file format, shared by writer and reader.
namespace ks::history {

inline constexpr char kFileMagic[6] = {'K', 'S', 'H', 'I', 'S', 'T'};
inline constexpr std::uint16_t kFormatVersion = 1;
inline constexpr const char* kFileSuffix = ".ksh";

enum FrameType : std::uint8_t { kHeadFrame = 1, kBlockFrame = 2, kEndFrame = 3 };

inline constexpr std::size_t kFileHeaderBytes = 8;
inline constexpr std::size_t kFrameHeaderBytes = 9;

// Far above what a writer makes; a longer length is damage, found before anything is allocated.
inline constexpr std::uint32_t kMostFrameBytes = 16 * 1024 * 1024;

}  // namespace ks::history
