#pragma once

#include <cstdint>
#include <filesystem>

#include "lib/cli/error.h"

namespace ks::cli {

// Counters that processes of this machine share, in a file that each maps: those of one workload
// count together, and whoever started them sees how far they are, without asking them.
class Tally {
 public:
  // Makes the file if it is not there.
  static Result<Tally> open(const std::filesystem::path& path);
  Tally(Tally&& other) noexcept : counters_(other.counters_) { other.counters_ = nullptr; }
  Tally& operator=(Tally&&) = delete;
  ~Tally();

  void add_record() { add(0); }
  void add_error() { add(1); }
  // Takes one of `limit` records for the caller; false: all are taken.
  bool take(std::uint64_t limit);

  std::uint64_t records() const { return get(0); }
  std::uint64_t errors() const { return get(1); }

 private:
  explicit Tally(std::uint64_t* counters) : counters_(counters) {}
  void add(std::size_t which);
  std::uint64_t get(std::size_t which) const;

  std::uint64_t* counters_;
};

}  // namespace ks::cli
