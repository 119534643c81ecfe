#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/report/delivery_figures.h"

namespace ks::report {

enum class GuaranteeState { kShown, kBroken, kNotShown, kNotTested };
std::string_view to_string(GuaranteeState state);

// What is promised of delivery, what was done to it, and what was seen.
struct Guarantee {
  std::string_view title;
  std::string_view promise;
  std::string_view method;            // what is done to it
  std::vector<std::string_view> by;   // the checks that show it
  bool is_of_groups = false;          // these read as members of groups
  std::vector<DeliveryCheck> checks;  // of these, with each client
  GuaranteeState state = GuaranteeState::kNotTested;
  std::string reason;  // one line; empty where it is shown
};

// All that the delivery validation is about, judged by the rows of the summary, which outlives
// them.
std::vector<Guarantee> judge_guarantees(const Summary& summary);

}  // namespace ks::report
