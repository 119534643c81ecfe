#include "lib/scenario/steps.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "lib/cli/file.h"
#include "lib/cli/signals.h"
#include "lib/runs/command.h"
#include "lib/target/process.h"
#include "lib/target/wait.h"
#include "lib/tool/tool.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using report::Status;

// From the request to end until it is killed: a member has a group to leave, a fault to heal.
constexpr auto kLastWords = std::chrono::seconds(15);
constexpr int kTerminated = 128 + SIGTERM;

void set_environment(const CheckPlace& place, const std::string& step) {
  const std::pair<const char*, std::string> values[] = {{"KS_RUN_DIR", place.run_folder.string()},
                                                        {"KS_RUN_ID", place.run_id},
                                                        {"KS_CHECK", place.check},
                                                        {"KS_TITLE", place.title},
                                                        {"KS_STAGE", "pr"},
                                                        {"KS_STEP", step}};
  for (const auto& [name, value] : values) ::setenv(name, value.c_str(), 1);
  ::unsetenv("KS_CLIENT");  // each step is told its own
}

// What the tool said last itself, rather than its data.
std::string last_word(const std::string& tool, const fs::path& log) {
  const auto text = cli::read_file(log);
  if (!text) return "no output";
  std::string word;
  std::string last;
  for (std::size_t begin = 0; begin < text->size();) {
    const std::size_t end = std::min(text->find('\n', begin), text->size());
    const std::string line = text->substr(begin, end - begin);
    if (line.starts_with(tool + ": ")) word = line;
    if (!line.empty()) last = line;
    begin = end + 1;
  }
  return word.empty() ? (last.empty() ? "no output" : last) : word;
}

cli::Result<pid_t> spawn(std::vector<std::string> argv, const fs::path& log, int flags) {
  const target::Fd out(::open(log.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0644));
  if (out.get() < 0) return cli::fail("cannot write", log.string(), cli::system_error(errno));
  argv.front() = sibling(argv.front()).string();
  return target::spawn({std::move(argv), out.get()});
}

}  // namespace

fs::path CheckPlace::result(const std::string& step) const {
  return run_folder / runs::result_file(check, client, step);
}

fs::path CheckPlace::log(const std::string& step) const {
  return run_folder / report::kLogsDir /
         runs::result_file(check, client, step).filename().replace_extension(".log");
}

fs::path sibling(const std::string& name) {
  std::error_code ignored;
  return fs::read_symlink("/proc/self/exe", ignored).parent_path() / name;
}

cli::Result<Step> Step::start(StepPlan plan, const CheckPlace& place) {
  Step step(std::move(plan), place);
  std::error_code ignored;
  const fs::path result = place.result(step.name());
  fs::remove(result, ignored);  // of an earlier attempt
  set_environment(place, step.name());
  std::vector<std::string> argv = step.plan_.argv;
  argv.insert(argv.end(), {"--json", result.string()});
  const auto pid = spawn(std::move(argv), place.log(step.name()), O_TRUNC);
  if (!pid) return tl::make_unexpected(pid.error());
  step.pid_ = *pid;
  step.overdue_ = cli::Clock::now() + step.plan_.bound;
  return step;
}

bool Step::poll() {
  if (ended_) return true;
  if (const auto status = target::poll_child(pid_)) {
    ended_ = true;
    take_result(*status);
    return true;
  }
  if (!is_stopped_ && cli::Clock::now() >= overdue_) {
    is_overdue_ = true;
    stop();
  }
  if (cli::Clock::now() >= kill_at_) kill();
  return false;
}

void Step::stop() {
  if (ended_ || is_stopped_) return;
  is_stopped_ = true;
  kill_at_ = cli::Clock::now() + kLastWords;
  ::kill(-pid_, SIGTERM);
}

void Step::kill() {
  if (!ended_) ::kill(-pid_, SIGKILL);
}

void Step::take_result(int exit_status) {
  const std::string& tool = plan_.argv.front();
  const fs::path file = place_.result(name());
  const auto own = report::read_result(file);
  const bool is_killed = exit_status >= 128 && !(is_stopped_ && exit_status == kTerminated);
  if (!own && is_stopped_ && !is_overdue_ && exit_status == kTerminated) {
    static_cast<void>(record(place_, name(), Status::kInconclusive, "interrupted at its start"));
  } else if (!own || is_killed) {
    const std::string how = is_overdue_ ? "was not done within its bound, " +
                                              cli::format_duration(plan_.bound) + ", and killed"
                                        : "ended with status " + std::to_string(exit_status);
    const std::string why = own ? "" : " and no result: " + last_word(tool, place_.log(name()));
    static_cast<void>(record(place_, name(), Status::kError, tool + " " + how + why));
  } else if (is_overdue_) {
    const std::string reason =
        "not done within its bound, " + cli::format_duration(plan_.bound) + "; " + own->reason;
    report::Result late = *own;
    late.status = report::worst(late.status, Status::kInconclusive);
    late.reason = reason;
    static_cast<void>(report::write_result(file, late));
  }
  // What could be written is what counts; what could not is missed at the check's end.
  if (auto result = report::read_result(file)) {
    result_ = std::move(*result);
  } else {
    result_.lower_to(Status::kError, "its result cannot be read: " + result.error().message());
  }
}

cli::Result<report::Result> run_step(const StepPlan& plan, const CheckPlace& place,
                                     const std::function<void()>& meanwhile) {
  auto step = Step::start(plan, place);
  if (!step) return tl::make_unexpected(step.error());
  while (!step->poll()) {
    if (cli::stop_signal() != 0) step->stop();
    meanwhile();
    std::this_thread::sleep_for(target::kPollInterval);
  }
  return step->result();
}

cli::Result<int> run_errand(const std::vector<std::string>& argv, const CheckPlace& place,
                            Duration bound) {
  set_environment(place, "errand");
  const auto pid = spawn(argv, place.log("errands"), O_APPEND);
  if (!pid) return tl::make_unexpected(pid.error());
  const cli::Deadline deadline = cli::Clock::now() + bound;
  std::optional<int> status;
  // Also after a signal: what is undone then must not stay half done.
  while (!(status = target::poll_child(*pid)) && cli::Clock::now() < deadline) {
    std::this_thread::sleep_for(target::kPollInterval);
  }
  if (status) return *status;
  ::kill(-*pid, SIGKILL);
  while (!target::poll_child(*pid)) std::this_thread::sleep_for(target::kPollInterval);
  return cli::fail("not done in time", argv[0] + " " + argv[1],
                   "see " + place.log("errands").string());
}

cli::Result<void> record(const CheckPlace& place, const std::string& step, Status status,
                         const std::string& reason) {
  report::Result result = tool::new_result(place.run_id);
  result.check = place.check;
  result.step = step;
  result.client = place.client;
  result.title = place.title;
  result.stage = "pr";
  result.tool = "ks-run";
  result.lower_to(status, reason);
  return report::write_result(place.result(step), result);
}

}  // namespace ks::scenario
