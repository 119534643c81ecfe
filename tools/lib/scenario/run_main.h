#pragma once

namespace ks::scenario {

// The whole of ks-run.
int run_main(int argc, const char* const* argv);

}  // namespace ks::scenario
