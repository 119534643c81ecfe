#include "lib/cli/output.h"

#include <cerrno>
#include <cstdio>

#include "lib/cli/clock.h"
#include "lib/cli/file.h"

namespace ks::cli {
namespace {

constexpr auto kLongestUnflushed = std::chrono::milliseconds(100);

struct State {
  int error = 0;  // the first
  Deadline flush_due;
};

State& state() {
  static State instance;
  return instance;
}

void remember(bool failed) {
  if (failed && state().error == 0) state().error = errno != 0 ? errno : EIO;
}

}  // namespace

void print(std::string_view text) {
  errno = 0;
  remember(std::fwrite(text.data(), 1, text.size(), stdout) != text.size());
}

Result<void> flush_output() {
  errno = 0;
  remember(std::fflush(stdout) != 0 || std::ferror(stdout) != 0);
  state().flush_due = Clock::now() + kLongestUnflushed;
  if (state().error == 0) return {};
  return fail("cannot write", "standard output", system_error(state().error));
}

Result<void> tick_output() {
  if (state().error == 0 && Clock::now() < state().flush_due) return {};
  return flush_output();
}

}  // namespace ks::cli
