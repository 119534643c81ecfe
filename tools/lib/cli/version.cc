#include "lib/cli/version.h"

namespace ks::cli {

std::string_view version() { return KS_VERSION; }

}  // namespace ks::cli
