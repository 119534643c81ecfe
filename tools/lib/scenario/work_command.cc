#include <unistd.h>

#include <csignal>
#include <thread>

#include "lib/cli/clock.h"
#include "lib/cli/signals.h"
#include "lib/scenario/conduct.h"
#include "lib/scenario/place.h"
#include "lib/scenario/run_folder.h"
#include "lib/scenario/worker_report.h"
#include "lib/target/wait.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using Words = std::vector<std::string>;

std::string text(const po::variables_map& options, const char* name) {
  return cli::option_or<std::string>(options, name, "");
}

// Who gave the part holds the other end of our standard input: when that ends, nobody waits for us
// any more, and nobody else would end us.
void end_with_standard_input() {
  std::thread([] {
    char ignored[256];
    while (::read(STDIN_FILENO, ignored, sizeof ignored) > 0) {
    }
    ::kill(::getpid(), SIGTERM);
  }).detach();
}

// Milliseconds since 1970, or as results have their times.
Result<std::int64_t> start_of(const po::variables_map& options) {
  const std::string given = text(options, "start-at");
  if (given.empty()) return 0;
  constexpr std::int64_t kNsPerMs = 1'000'000;
  constexpr std::int64_t kLongestNs = 3'600'000'000'000;
  const auto count = cli::parse_count(given);
  const auto time = count ? Result<std::int64_t>(static_cast<std::int64_t>(*count) * kNsPerMs)
                          : cli::parse_rfc3339(given);
  if (time && *time - cli::wall_ns() <= kLongestNs) return *time;
  return cli::fail(time ? "more than an hour away '" + given + "'" : "not a time '" + given + "'",
                   "--start-at", "give milliseconds since 1970, or 2026-01-31T12:00:00.000Z");
}

void wait_until(std::int64_t start_ns) {
  while (cli::stop_signal() == 0) {
    const std::int64_t left_ns = start_ns - cli::wall_ns();
    if (left_ns <= 0) return;
    std::this_thread::sleep_for(
        std::min<Duration>(std::chrono::nanoseconds(left_ns), target::kPollInterval));
  }
}

Result<fs::path> open_worker_folder(const po::variables_map& options, const WorkerReport& report) {
  const std::string given = text(options, "output");
  if (given.empty()) return cli::fail("no folder for what comes of it", "--output", "give -o DIR");
  std::error_code error;
  fs::path dir = fs::absolute(given, error);
  if (fs::exists(dir / kWorkerFile, error)) {
    return cli::fail("a worker is or was already in", dir.string(),
                     "each part of a run is done once; use another folder for another");
  }
  fs::create_directories(dir / report::kLogsDir, error);
  if (error) return cli::fail("cannot make", dir.string(), error.message());
  if (auto ok = write_worker_report(dir, report); !ok) return tl::make_unexpected(ok.error());
  return dir;
}

Ended do_file(const SuiteFile& file, const po::variables_map& options) {
  if (options.count("shard") == 0) return cli::fail("no part", "--shard", "give i/N");
  const Shard shard = cli::option_or<Shard>(options, "shard", {});
  const auto run_id = run_id_of(options);
  if (!run_id) return tl::make_unexpected(run_id.error());
  const auto start_ns = start_of(options);
  if (!start_ns) return tl::make_unexpected(start_ns.error());
  WorkerReport report = new_worker_report(*run_id, shard);
  report.sha256 = file.sha256;
  report.due_ns = *start_ns;
  const auto dir = open_worker_folder(options, report);
  if (!dir) return tl::make_unexpected(dir.error());
  auto place = place_of(file.scenario, {text(options, "profile"), text(options, "brokers")}, *dir);
  if (!place) return tl::make_unexpected(place.error());
  auto client = client_of(file.scenario, place->profile, options);
  if (!client) return tl::make_unexpected(client.error());
  report.client = *client;
  const ScopedEnvironment scope(place->environment);
  wait_until(*start_ns);
  report.began_ns = cli::wall_ns();
  if (auto ok = write_worker_report(*dir, report); !ok) return tl::make_unexpected(ok.error());
  cli::Progress progress;
  const Conduct conduct{{*dir, *run_id, file.check, *client, file.scenario.title},
                        file.sha256,
                        place->profile.name,
                        place->profile.brokers,
                        place->profile.metrics_url,
                        0,
                        &progress,
                        shard};
  Result<std::string> done;
  if (cli::stop_signal() == 0) done = do_part(in_fleet(file.scenario, shard.count), conduct);
  report.signal = cli::stop_signal();
  if (!done) report.failure = done.error().message();
  report.ended_ns = cli::wall_ns();
  if (auto ok = write_worker_report(*dir, report); !ok) return tl::make_unexpected(ok.error());
  if (!done) return tl::make_unexpected(done.error());
  return report.signal == 0 ? 0 : 128 + report.signal;
}

}  // namespace

Ended work_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one scenario file", "work", "see --help");
  if (options.count("until-eof") != 0) end_with_standard_input();
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  if (!suite->complaints.empty()) return tell_complaints(*suite);
  if (suite->files.size() != 1) return cli::fail("not one scenario", words.front(), "give a file");
  return do_file(suite->files.front(), options);
}

}  // namespace ks::scenario
