#include "lib/scenario/embedded.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <thread>

#include "lib/cli/file.h"
#include "lib/cli/project.h"
#include "lib/cli/signals.h"
#include "lib/target/process.h"
#include "lib/target/wait.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::Result;

constexpr const char* kScript = "gates/lib/scenario_cluster.sh";

constexpr auto kLongest = std::chrono::minutes(10);  // where it has to be fetched first
constexpr auto kGrace = std::chrono::minutes(1);     // to take back what it began

// Runs it to its end; a signal is passed on, and it then takes back what it began. So it does when
// it takes too long, which is an error.
Result<int> run(const std::vector<std::string>& argv, const fs::path& log,
                const std::function<void()>& meanwhile) {
  const target::Fd out(::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
  if (out.get() < 0) return cli::fail("cannot write", log.string(), cli::system_error(errno));
  const auto pid = target::spawn({argv, out.get()});
  if (!pid) return tl::make_unexpected(pid.error());
  cli::Deadline deadline = cli::Clock::now() + kLongest;
  bool is_late = false;
  bool is_told = false;
  while (true) {
    if (const auto status = target::poll_child(*pid)) {
      if (!is_late) return *status;
      return cli::fail("no Apache Kafka within 10 minutes", log.string(), "see its last lines");
    }
    const bool is_over = cli::Clock::now() >= deadline;
    if (is_told && is_over) ::kill(-*pid, SIGKILL);
    if (!is_told && (is_over || cli::stop_signal() != 0)) {
      is_late = is_over;
      is_told = true;
      deadline = cli::Clock::now() + kGrace;
      ::kill(-*pid, SIGTERM);
    }
    meanwhile();
    std::this_thread::sleep_for(target::kPollInterval);
  }
}

std::string last_line(const fs::path& log) {
  const auto text = cli::read_file(log);
  if (!text) return {};
  const std::size_t end = text->find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const std::size_t begin = text->find_last_of('\n', end);
  return text->substr(begin == std::string::npos ? 0 : begin + 1, end - begin);
}

}  // namespace

Result<void> EmbeddedKafka::start(const Kind& kind, const fs::path& log, cli::Progress& progress) {
  script_ = cli::find_in_project(kScript);
  if (script_.empty())
    return cli::fail("no script", kScript, "set KS_HOME to the project's folder");
  log_ = log;
  const fs::path root = script_.parent_path().parent_path().parent_path();
  folder_ = root / "build" / "embedded" / ("run-" + std::to_string(::getpid()));
  ::setenv("KS_OWNER_PID", std::to_string(::getpid()).c_str(), 1);
  progress.begin("starting Apache Kafka", kLongest);
  const auto status =
      run({script_.string(), "up", folder_.string(), std::to_string(kind.nodes),
           kind.is_proxied ? "proxied" : "direct", kind.has_principals ? "principals" : "anybody"},
          log, [&] { progress.tick(); });
  progress.clear();
  if (!status) return tl::make_unexpected(status.error());
  if (*status != 0) {
    return cli::fail("Apache Kafka does not start: " + last_line(log), log.string());
  }
  const auto variables = cli::read_file(folder_ / "environment");
  if (!variables) return tl::make_unexpected(variables.error());
  for (std::size_t begin = 0; begin < variables->size();) {
    const std::size_t end = variables->find('\n', begin);
    const std::string line = variables->substr(begin, end - begin);
    environment_[line.substr(0, line.find('='))] = line.substr(line.find('=') + 1);
    begin = end == std::string::npos ? variables->size() : end + 1;
  }
  return {};
}

EmbeddedKafka::~EmbeddedKafka() {
  if (folder_.empty()) return;
  const cli::StopSignalsHeld held;
  const auto patient = target::spawn({{script_.string(), "down", folder_.string()}});
  if (!patient) return;
  const cli::Deadline deadline = cli::Clock::now() + std::chrono::minutes(1);
  while (!target::poll_child(*patient) && cli::Clock::now() < deadline) {
    std::this_thread::sleep_for(target::kPollInterval);
  }
}

}  // namespace ks::scenario
