#include "lib/cli/log.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "lib/cli/redact.h"

namespace ks::cli {
namespace {

std::string& program_name() {
  static std::string name = "ks";
  return name;
}

Verbosity& verbosity() {
  static Verbosity level = Verbosity::kNormal;
  return level;
}

// One write a line, so that lines of several threads or processes do not interleave.
void print_line(const char* label, std::string_view text) {
  const std::string line = program_name() + ": " + label + redact(text) + "\n";
  std::fwrite(line.data(), 1, line.size(), stderr);
}

}  // namespace

void set_program(std::string_view name) { program_name() = name; }
const std::string& program() { return program_name(); }
void set_verbosity(Verbosity level) { verbosity() = level; }
bool is_quiet() { return verbosity() == Verbosity::kQuiet; }

void log_error(std::string_view text) { print_line("", text); }

void log_warning(std::string_view text) {
  if (verbosity() != Verbosity::kQuiet) print_line("warning: ", text);
}

void log_info(std::string_view text) {
  if (verbosity() != Verbosity::kQuiet) print_line("", text);
}

void log_debug(std::string_view text) {
  if (verbosity() == Verbosity::kVerbose) print_line("", text);
}

bool stderr_is_terminal() {
  const char* term = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && term != nullptr && std::string_view(term) != "dumb";
}

}  // namespace ks::cli
