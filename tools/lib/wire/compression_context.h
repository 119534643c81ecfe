#pragma once

#include <zlib.h>

#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include "lib/cli/error.h"

// What compression.cc and decompression.cc have in common.
namespace ks::wire {

// A context of a C library, created when it is first needed; null where there was no memory for it.
template <typename T, auto kCreate, auto kFree>
class Context {
 public:
  T* get() {
    if (!context_) context_.reset(kCreate());
    return context_.get();
  }

 private:
  struct Free {
    void operator()(T* context) const { kFree(context); }
  };
  std::unique_ptr<T, Free> context_;
};

inline constexpr int kGzipWindowBits = 15 + 16;  // zlib's way to say gzip

// zlib takes what it only reads by a pointer to mutable bytes.
inline Bytef* zlib_bytes(std::string_view bytes) {
  return reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
}

inline tl::unexpected<cli::Error> no_memory() { return cli::fail("no memory"); }

// Lengths in the log are 31 bits, which spares every codec a limit of its own.
inline bool is_too_long(std::string_view bytes) {
  return bytes.size() > std::numeric_limits<std::int32_t>::max();
}

}  // namespace ks::wire
