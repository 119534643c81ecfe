#include "lib/cli/progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cstdio>

#include "lib/cli/log.h"
#include "lib/cli/redact.h"

namespace ks::cli {
namespace {

constexpr auto kUnshown = std::chrono::seconds(2);
constexpr auto kInterval = std::chrono::milliseconds(200);
constexpr std::size_t kUsualColumns = 80;

std::size_t columns() {
  winsize size{};
  const bool is_known = ::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
  return is_known ? size.ws_col : kUsualColumns;
}

// Back to the line's begin, and everything behind it away.
void draw(const std::string& line) {
  const std::string text = "\r\033[K" + line;
  std::fwrite(text.data(), 1, text.size(), stderr);
  std::fflush(stderr);
}

std::string in_seconds(Duration duration) {
  return std::to_string(std::chrono::duration_cast<std::chrono::seconds>(duration).count()) + " s";
}

}  // namespace

Progress::Progress() : is_shown_(stderr_is_terminal() && !is_quiet()) {}

Progress::~Progress() { clear(); }

void Progress::begin(std::string what, Duration bound) {
  clear();
  what_ = std::move(what);
  bound_ = bound;
  began_ = Clock::now();
  draw_at_ = began_ + kUnshown;
}

void Progress::tick(const std::function<std::string()>& figures) {
  if (!is_shown_ || what_.empty() || Clock::now() < draw_at_) return;
  draw_at_ = Clock::now() + kInterval;
  is_drawn_ = true;
  draw(progress_line(redact(what_), Clock::now() - began_, bound_, figures ? figures() : "",
                     columns()));
}

void Progress::clear() {
  if (is_drawn_) draw("");
  is_drawn_ = false;
}

std::string progress_line(const std::string& what, Duration elapsed, Duration bound,
                          const std::string& figures, std::size_t columns) {
  std::string line = what + "  " + in_seconds(elapsed);
  if (bound > Duration{}) line += " of at most " + in_seconds(bound);
  if (!figures.empty()) line += "  " + figures;
  // A line that is as wide as the terminal would break into two, of which one stays.
  if (line.size() >= columns) line.resize(columns - 1);
  return line;
}

}  // namespace ks::cli
