#pragma once

#include <string>
#include <string_view>

namespace ks::cli {

enum class Verbosity { kQuiet, kNormal, kVerbose };

// Messages for people go to stderr, prefixed with the program's name and free of secrets; stdout is
// for data. Call set_program once, at the start of main.
void set_program(std::string_view name);
const std::string& program();
void set_verbosity(Verbosity level);
bool is_quiet();

void log_error(std::string_view text);    // always
void log_warning(std::string_view text);  // unless -q
void log_info(std::string_view text);     // unless -q
void log_debug(std::string_view text);    // with -v

// Whether stderr is a terminal that may be drawn on: progress is shown there only.
bool stderr_is_terminal();

}  // namespace ks::cli
