#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/error.h"
#include "lib/target/object_store.h"

namespace ks::store {

// An object's bytes from its start to its end, of which only some are in memory.
class ObjectStream {
 public:
  ObjectStream(target::ObjectStore& store, const target::StoredObject& object)
      : store_(store), object_(object) {}

  std::uint64_t at() const { return at_; }
  std::uint64_t left() const { return object_.bytes - at_; }

  // The next `bytes`, without going on. REQUIRES: so many are left. Valid until the next call.
  cli::Result<std::string_view> peek(std::size_t bytes);

  // REQUIRES: so many are left.
  void skip(std::uint64_t bytes) { at_ += bytes; }

 private:
  target::ObjectStore& store_;
  const target::StoredObject& object_;
  std::uint64_t at_ = 0;
  std::uint64_t buffer_at_ = 0;  // of its first byte in the object
  std::string buffer_;
};

}  // namespace ks::store
