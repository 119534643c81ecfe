#include <algorithm>
#include <cstdlib>
#include <random>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/project.h"
#include "lib/cli/signals.h"
#include "lib/report/run.h"
#include "lib/scenario/commands.h"
#include "lib/scenario/conduct.h"
#include "lib/scenario/embedded.h"
#include "lib/scenario/place.h"
#include "lib/tool/tool.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::environment;
using cli::Result;
using Words = std::vector<std::string>;

constexpr Duration kReportTime = std::chrono::minutes(5);

// A file, and where it is to run.
struct Turn {
  const SuiteFile* file = nullptr;
  Place place;
  std::string client;
};

class SuiteRun {
 public:
  SuiteRun(const Suite& suite, const po::variables_map& options)
      : suite_(suite), options_(options) {}

  Ended run() {
    if (auto ok = open_folder(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = plan_turns(); !ok) {
      std::error_code ignored;
      fs::remove_all(dir_, ignored);  // nothing is in it that anybody could use
      return tl::make_unexpected(ok.error());
    }
    if (auto ok = start_embedded(); !ok) return tl::make_unexpected(ok.error());
    if (auto ok = begin(); !ok) return tl::make_unexpected(ok.error());
    for (const Turn& turn : turns_) {
      if (cli::stop_signal() != 0) break;
      if (auto ok = take(turn); !ok) return tl::make_unexpected(ok.error());
    }
    return report();
  }

 private:
  std::string text(const char* name, const std::string& otherwise = "") const {
    return cli::option_or<std::string>(options_, name, otherwise);
  }

  Result<void> open_folder() {
    const std::string id = environment("KS_RUN_ID");
    run_id_ = text("run-id", id.empty() ? tool::new_run_id() : id);
    // It is part of names of folders, topics and groups.
    constexpr const char* kPlain =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    if (run_id_.find_first_not_of(kPlain) != std::string::npos) {
      return cli::fail("not a run id '" + run_id_ + "'", "--run-id",
                       "use letters, digits, _ and -");
    }
    const std::string reports = environment("KS_REPORTS");
    const fs::path home = reports.empty() ? cli::find_in_project("reports") : fs::path(reports);
    if (home.empty()) return cli::fail("no folder for reports", "reports", "set KS_REPORTS");
    std::error_code error;
    dir_ = fs::absolute(home, error) / run_id_;
    if (fs::exists(dir_ / report::kRunFile, error)) {
      return cli::fail("a run is already in", dir_.string(), "choose another --run-id");
    }
    fs::create_directories(dir_ / report::kLogsDir, error);
    if (error) return cli::fail("cannot make", dir_.string(), error.message());
    if (environment("KS_SEED").empty()) {
      ::setenv("KS_SEED", std::to_string(std::random_device{}() % 100'000).c_str(), 1);
    }
    return {};
  }

  Result<void> plan_turns() {
    const PlaceOptions chosen{text("profile"), text("brokers")};
    const std::string client = text("client", environment("KS_CLIENT"));
    for (const SuiteFile& file : suite_.files) {
      auto place = place_of(file.scenario, chosen, dir_ / report::kLogsDir);
      if (!place) return tl::make_unexpected(place.error());
      std::string own = client.empty() ? file.scenario.client : client;
      if (own.empty()) own = "librdkafka";
      if (const auto known = client::parse_implementation(own); !known) {
        return cli::fail(known.error().what, "--client", known.error().action);
      }
      turns_.push_back({&file, std::move(*place), std::move(own)});
    }
    return {};
  }

  Result<void> start_embedded() {
    constexpr int kSeveral = 3;
    EmbeddedKafka::Kind kind;
    bool is_wanted = false;
    for (const Turn& turn : turns_) {
      if (!turn.place.is_embedded) continue;
      is_wanted = true;
      kind.has_principals = kind.has_principals || turn.file->scenario.needs_principals();
      // Others take over from a broker that is down; and the profile has a proxy before each of
      // three.
      for (const Fault& fault : turn.file->scenario.faults) {
        kind.nodes = kSeveral;
        kind.is_proxied = kind.is_proxied || !fault.is_of_brokers();
      }
    }
    if (!is_wanted) return {};
    const auto log = dir_ / report::kLogsDir / "embedded.log";
    if (auto ok = kafka_.start(kind, log, progress_); !ok) return ok;
    for (Turn& turn : turns_) {
      if (!turn.place.is_embedded) continue;
      for (const auto& [name, value] : kafka_.environment()) turn.place.environment[name] = value;
      const ScopedEnvironment scope(turn.place.environment);
      auto profile = target::load_profile("");
      if (!profile) return tl::make_unexpected(profile.error());
      turn.place.profile = std::move(*profile);
    }
    return {};
  }

  Result<void> begin() {
    Json list = Json::array();
    for (const Turn& turn : turns_) {
      const target::Profile& profile = turn.place.profile;
      const report::ScenarioRef scenario{turn.file->check,
                                         turn.file->scenario.title,
                                         turn.file->path.string(),
                                         turn.file->sha256,
                                         profile.name,
                                         std::string(target::to_string(profile.target)),
                                         turn.client,
                                         profile.brokers};
      list.push_back(report::to_json(scenario));
    }
    const fs::path file = dir_ / report::kLogsDir / "scenarios.json";
    if (auto ok = cli::write_file(file, list.dump(2) + "\n"); !ok) return ok;
    if (auto ok = cli::write_file(dir_ / "suite.sha256", suite_.checksums); !ok) return ok;
    const ScopedEnvironment scope(turns_.front().place.environment);
    const Words argv{"ks-report", "begin", dir_.string(), "--stage",    "pr",
                     "--run-id",  run_id_, "--scenarios", file.string()};
    return report_errand(argv);
  }

  // Its own words, where it fails.
  Result<void> report_errand(const Words& argv) {
    const CheckPlace place = place_of_run();
    const auto status = run_errand(argv, place, kReportTime);
    if (!status) return tl::make_unexpected(status.error());
    if (*status == 0) return {};
    return cli::fail("ks-report " + argv[1] + " ended with status " + std::to_string(*status),
                     place.log("errands").string(), "it tells why");
  }

  CheckPlace place_of_run() const { return {dir_, run_id_, "run", "none", ""}; }

  Result<void> take(const Turn& turn) {
    const ScopedEnvironment scope(turn.place.environment);
    const target::Profile& profile = turn.place.profile;
    Conduct conduct{{dir_, run_id_, turn.file->check, turn.client, turn.file->scenario.title},
                    turn.file->sha256,
                    profile.name,
                    profile.brokers,
                    profile.metrics_url,
                    next_producer_,
                    &progress_};
    for (const Traffic& traffic : turn.file->scenario.traffic)
      next_producer_ += producers_of(traffic);
    const auto outcomes = scenario::conduct(turn.file->scenario, conduct);
    progress_.clear();
    if (!outcomes) return tl::make_unexpected(outcomes.error());
    for (const Outcome& outcome : *outcomes) print_outcome(turn.file->check, outcome);
    return cli::flush_output();
  }

  void print_outcome(const std::string& check, const Outcome& outcome) const {
    if (options_.count("quiet") != 0 || text("json") == "-") return;
    const bool is_judged = !outcome.actual.empty() && outcome.status != report::Status::kError;
    const std::string detail =
        is_judged ? outcome.actual + " (" + outcome.expected + ")" : outcome.reason;
    cli::print(std::string(report::to_string(outcome.status)) + "\t" + check + "\t" + outcome.name +
               "\t" + detail + "\n");
  }

  Ended report() {
    Words end{"ks-report", "end", dir_.string()};
    const int signal = cli::stop_signal();
    if (signal != 0) {
      end.insert(end.end(), {"--interrupted", "signal " + std::to_string(signal)});
    }
    if (auto ok = report_errand(end); !ok) return tl::make_unexpected(ok.error());
    const fs::path summary = dir_ / "summary.json";
    const auto status = run_errand({"ks-report", "merge", dir_.string(), "--latest", "--quiet"},
                                   place_of_run(), kReportTime);
    if (!status) return tl::make_unexpected(status.error());
    const auto written = cli::read_file(summary);
    if (!written) {
      return cli::fail(
          "there is no report: ks-report merge ended with status " + std::to_string(*status),
          place_of_run().log("errands").string(), "it tells why");
    }
    if (const std::string json = text("json"); !json.empty()) {
      if (auto ok = cli::write_file(json, *written); !ok) return tl::make_unexpected(ok.error());
    }
    tell(Json::parse(*written));
    return signal != 0 ? 128 + signal : *status;
  }

  void tell(const Json& summary) const {
    for (const Json& reason : summary.at("reasons")) cli::log_error(reason.get<std::string>());
    const std::string decision = summary.at("decision");
    if (text("json") != "-" && options_.count("quiet") == 0) {
      cli::print(summary.at("verdict").get<std::string>() + "\t" + decision + "\t" +
                 (dir_ / "report.html").string() + "\n");
    }
  }

  const Suite& suite_;
  const po::variables_map& options_;
  cli::Progress progress_;
  EmbeddedKafka kafka_;
  std::string run_id_;
  fs::path dir_;
  std::vector<Turn> turns_;
  std::uint64_t next_producer_ = 0;
};

}  // namespace

int tell_complaints(const Suite& suite) {
  for (const cli::Error& complaint : suite.complaints) cli::log_error(complaint.message());
  return static_cast<int>(cli::ExitStatus::kCannotRun);
}

Ended run_files(const Suite& suite, const po::variables_map& options) {
  if (!suite.complaints.empty()) return tell_complaints(suite);
  return SuiteRun(suite, options).run();
}

Ended run_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one scenario file", "run", "see --help");
  std::error_code ignored;
  if (fs::is_directory(words.front(), ignored)) {
    return cli::fail("a folder and no file", words.front(), "use ks-run suite");
  }
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  if (suite->files.empty() && suite->complaints.empty()) {
    return cli::fail("no scenario", words.front(), "give a scenario file");
  }
  return run_files(*suite, options);
}

Ended suite_command(const po::variables_map& options, const Words& words) {
  if (words.size() != 1) return cli::fail("give one folder", "suite", "see --help");
  std::error_code ignored;
  if (!fs::is_directory(words.front(), ignored)) {
    return cli::fail("not a folder", words.front(), "use ks-run run for a file");
  }
  const auto suite = read_suite({words.front()});
  if (!suite) return tl::make_unexpected(suite.error());
  return run_files(*suite, options);
}

}  // namespace ks::scenario
