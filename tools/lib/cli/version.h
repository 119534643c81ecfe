#pragma once

#include <string_view>

namespace ks::cli {

// The toolkit's version, from CMakeLists.txt.
std::string_view version();

}  // namespace ks::cli
