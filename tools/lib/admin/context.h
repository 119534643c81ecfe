#pragma once

#include <algorithm>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <vector>

#include "lib/admin/recorder.h"
#include "lib/admin/table.h"
#include "lib/cli/clock.h"
#include "lib/cli/units.h"
#include "lib/client/client.h"
#include "lib/report/expectation.h"
#include "lib/tool/tool.h"

namespace ks::admin {

// What one command found out or did.
struct Answer {
  Table table;
  report::Metrics metrics;
  Json data;              // for the result; null: the table's rows
  std::string violation;  // what the command itself demands and does not hold; empty: nothing
  std::string missing{};  // why what it found is too little to say yes; empty: it is enough
};

// The error of one of several names, with those that were `done` before it (by their first column).
cli::Error with_done(cli::Error error, const Table& done);

// What a command works with: the session, the names that followed the command's words, and the
// broker. Every request is timed and bounded.
class Context {
 public:
  using Ask = std::function<cli::Result<Answer>(Context&)>;

  Context(tool::Session& of, std::vector<std::string> words)
      : session(of), names(std::move(words)), until_(of.deadline()) {}

  tool::Session& session;
  const std::vector<std::string> names;

  // Connects for `operations`; a second call changes nothing. Bad usage must be found before: with
  // --wait, errors from here on may be transient, those from before are not.
  cli::Result<void> connect(std::initializer_list<client::Operation> operations);

  // One request: `method` of client::Admin with `args` and the deadline.
  template <typename Method, typename... Args>
  auto ask(Method method, const Args&... args) {
    const cli::Deadline started = cli::Clock::now();
    auto answer = (admin_.get()->*method)(args..., until_);
    request_ms_max_ = std::max(request_ms_max_, cli::to_ms(cli::Clock::now() - started));
    return answer;
  }

  // Runs `ask` once and adds the metric request_ms_max.
  cli::Result<Answer> look(const Ask& ask);

  // Asks again until there is an answer that violates and misses nothing and fulfils every
  // --expect, at most for `wait`; the last answer or error is returned. An error before the
  // connection ends it at once.
  cli::Result<Answer> ask_until_it_holds(const Ask& ask, cli::Duration wait);

  // What keeps clients from work, in place of what was found before: what stops everything, or
  // null.
  const client::Trouble* diagnose();
  // And what keeps groups from it.
  void diagnose_coordinator();

  // What was found goes into the result, and, as warnings, to people.
  void publish_troubles(bool with_warnings) const;

  // One event for the history that --history names; without it, nothing.
  void record(history::Kind kind, const client::Position& position, const std::string& group,
              history::Outcome outcome, std::int64_t began_ns) {
    recorder_.append(kind, position, group, outcome, began_ns);
  }
  cli::Result<void> close_history() { return recorder_.close(); }

  // When the request now being prepared must have ended.
  cli::Deadline until() const { return until_; }

 private:
  bool holds(const Answer& answer) const;
  cli::Deadline half_time() const;
  void wait_for_a_broker();

  std::unique_ptr<client::Admin> admin_;
  std::vector<client::Trouble> troubles_;
  Recorder recorder_;
  cli::Deadline until_;
  cli::Deadline wait_until_{};  // the epoch: not waiting
  double request_ms_max_ = 0;
};

}  // namespace ks::admin
