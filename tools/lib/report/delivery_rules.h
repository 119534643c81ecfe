#pragma once

#include <string>
#include <vector>

#include "lib/report/delivery_figures.h"

namespace ks::report {

// What to set, because of a figure that the report shows. Texts are plain, names of settings and
// figures in backquotes.
struct Recommendation {
  std::string setting;
  std::string figure;  // what was seen, where
  std::string advice;
  std::string effect;  // what is to be expected of it
};

// What follows from the figures of all checks; each rule speaks at most once, about the worst.
std::vector<Recommendation> recommend(const std::vector<DeliveryCheck>& checks,
                                      const std::string& target);

}  // namespace ks::report
