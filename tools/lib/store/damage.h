#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/report/result.h"

namespace ks::store {

// What the objects of a topic never are on a healthy KafScale. Definitions: reports/README.md.
// The causes come before what they lead to.
enum class DamageType {
  kTruncatedSegment,
  kSwappedSegment,
  kBadHeader,
  kBadFooter,
  kBadCrc,
  kBadBatch,
  kBadCount,
  kOverlap,
  kMissingSegment,
  kMissingIndex,
  kBadIndex,
  kForeignObject,
};
const char* name_of(DamageType type);

// Counted whole; of each type the first examples.
class Damages {
 public:
  void found(DamageType type, const std::string& example);
  std::uint64_t count() const;

  // Puts each type into the result, which then fails.
  void put(report::Result& result) const;

 private:
  struct Damage {
    std::uint64_t count = 0;
    std::vector<std::string> examples;
  };
  std::map<DamageType, Damage> by_type_;
};

}  // namespace ks::store
