#pragma once

#include <functional>
#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/units.h"

namespace ks::cli {

// What goes on, in one line of a terminal that is drawn over and over: what runs, for how long, and
// what its figures are. Nothing is shown where stderr is no terminal, with --quiet, and of what
// takes less than two seconds.
class Progress {
 public:
  Progress();
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  // Another thing begins, which may take so long; a bound of zero is not shown.
  void begin(std::string what, Duration bound = {});

  // Call it often. `figures` is asked only when something is drawn.
  void tick(const std::function<std::string()>& figures = {});

  // Takes the line away: something else is printed.
  void clear();

 private:
  bool is_shown_;
  std::string what_;
  Duration bound_{};
  Deadline began_;
  Deadline draw_at_;
  bool is_drawn_ = false;
};

// "producer 30 s of 50 s, 1500 records": a line that fits a terminal of so many columns.
std::string progress_line(const std::string& what, Duration elapsed, Duration bound,
                          const std::string& figures, std::size_t columns);

}  // namespace ks::cli
