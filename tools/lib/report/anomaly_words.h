#pragma once

#include <string>

namespace ks::report {

// What an anomaly means, in a sentence for people; empty for a type that is not known. The
// definitions are in reports/README.md.
std::string meaning_of_anomaly(const std::string& type);

}  // namespace ks::report
