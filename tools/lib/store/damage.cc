#include "lib/store/damage.h"

#include <array>

namespace ks::store {

const char* name_of(DamageType type) {
  static constexpr std::array kNames{"truncated-segment", "swapped-segment", "bad-header",
                                     "bad-footer",        "bad-crc",         "bad-batch",
                                     "bad-count",         "overlap",         "missing-segment",
                                     "missing-index",     "bad-index",       "foreign-object"};
  return kNames.at(static_cast<std::size_t>(type));
}

void Damages::found(DamageType type, const std::string& example) {
  Damage& damage = by_type_[type];
  ++damage.count;
  if (damage.examples.size() < report::kMostExamples) damage.examples.push_back(example);
}

std::uint64_t Damages::count() const {
  std::uint64_t out = 0;
  for (const auto& [type, damage] : by_type_) out += damage.count;
  return out;
}

void Damages::put(report::Result& result) const {
  for (const auto& [type, damage] : by_type_) {
    result.anomalies.push_back({name_of(type), damage.count, 0, damage.examples});
    result.lower_to(report::Status::kFail, std::string(name_of(type)) + ": " +
                                               std::to_string(damage.count) + ", first " +
                                               damage.examples.front());
  }
  result.metrics["damages"] = static_cast<double>(count());
}

}  // namespace ks::store
