#pragma once

#include <string>

#include "lib/report/summary.h"

namespace ks::report {

// delivery-guarantees.md: of each guarantee what is promised, what was done to it and what was
// seen, against its limits; recommendations that follow from the figures; what could not be tested.
// The machine's name is not in it, so that it can be published.
std::string to_delivery_report(const Summary& summary);

}  // namespace ks::report
