#pragma once

namespace ks::runs {

// ks-report, whole: its own main, for its exit status is a verdict, and it writes no result.
int report_main(int argc, const char* const* argv);

}  // namespace ks::runs
