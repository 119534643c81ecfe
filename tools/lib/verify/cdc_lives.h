#pragma once

#include <cstdint>
#include <vector>

#include "lib/verify/cdc.h"

namespace ks::verify {

// The workers that followed each other: the first one is life 0, and the outage before life N is
// number N - 1.
class CdcLives {
 public:
  explicit CdcLives(const CdcInput& input);

  // The life that took up what was taken up then.
  std::size_t at(std::int64_t time_ms) const;

  std::vector<CdcOutage>& outages() { return outages_; }

  // What is missing of the evidence that the worker was killed while changes went on, and could
  // resume.
  std::vector<std::string> missing() const;

 private:
  void begin(const CdcWorkerEvent& event);

  std::vector<std::int64_t> starts_ms_;
  std::vector<CdcOutage> outages_;
};

}  // namespace ks::verify
