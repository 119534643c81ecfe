#pragma once

#include <string>
#include <vector>

namespace ks::wire {

// Whether the address is none of the known ones, also under another name: localhost:9092 and
// 127.0.0.1:9092 are one place. A host that does not resolve is compared by its name.
bool is_elsewhere(const std::string& address, const std::vector<std::string>& known);

}  // namespace ks::wire
