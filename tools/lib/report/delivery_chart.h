#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "lib/report/step.h"

namespace ks::report {

// What went on in each second, by one name; seconds are those of the wall clock.
struct DeliveryLane {
  std::string name;
  std::map<std::int64_t, double> per_second;
};

// When something was disturbed. An end of 0: it was not seen.
struct DeliverySpan {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};

// A line of blocks for each lane and one for the faults, numbered from 1 on, with a time axis
// below; at most `most_columns` wide, and a few words beside. Of what is shorter than three seconds
// nothing.
std::string delivery_chart(const std::vector<DeliveryLane>& lanes,
                           const std::vector<DeliverySpan>& faults, std::size_t most_columns = 100);

// The series of the steps: those of one tool add up.
std::vector<DeliveryLane> lanes_of(const std::vector<Step>& steps);

}  // namespace ks::report
