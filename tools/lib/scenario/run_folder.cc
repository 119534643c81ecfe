#include "lib/scenario/run_folder.h"

#include <cstdlib>
#include <random>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/project.h"
#include "lib/tool/tool.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::environment;
using cli::Result;
using Words = std::vector<std::string>;

constexpr Duration kReportTime = std::chrono::minutes(5);

std::string text(const po::variables_map& options, const char* name,
                 const std::string& otherwise = "") {
  return cli::option_or<std::string>(options, name, otherwise);
}

bool is_told(const po::variables_map& options) {
  return options.count("quiet") == 0 && text(options, "json") != "-";
}

// Its own words, where it fails.
Result<void> report_errand(const RunHome& home, const Words& argv) {
  const CheckPlace place = home.place();
  const auto status = run_errand(argv, place, kReportTime);
  if (!status) return tl::make_unexpected(status.error());
  if (*status == 0) return {};
  return cli::fail("ks-report " + argv[1] + " ended with status " + std::to_string(*status),
                   place.log("errands").string(), "it tells why");
}

void tell(const RunHome& home, const po::variables_map& options, const Json& summary) {
  for (const Json& reason : summary.at("reasons")) cli::log_error(reason.get<std::string>());
  if (!is_told(options)) return;
  const std::string decision = summary.at("decision");
  cli::print(summary.at("verdict").get<std::string>() + "\t" + decision + "\t" +
             (home.dir / "report.html").string() + "\n");
}

}  // namespace

Result<std::string> run_id_of(const po::variables_map& options) {
  const std::string id = environment("KS_RUN_ID");
  std::string run_id = text(options, "run-id", id.empty() ? tool::new_run_id() : id);
  // It is part of names of folders, topics and groups.
  constexpr const char* kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
  if (run_id.find_first_not_of(kPlain) == std::string::npos) return run_id;
  return cli::fail("not a run id '" + run_id + "'", "--run-id", "use letters, digits, _ and -");
}

Result<RunHome> open_run_home(const po::variables_map& options) {
  auto run_id = run_id_of(options);
  if (!run_id) return tl::make_unexpected(run_id.error());
  const std::string reports = environment("KS_REPORTS");
  const fs::path root = reports.empty() ? cli::find_in_project("reports") : fs::path(reports);
  if (root.empty()) return cli::fail("no folder for reports", "reports", "set KS_REPORTS");
  std::error_code error;
  RunHome home{*run_id, fs::absolute(root, error) / *run_id};
  if (fs::exists(home.dir / report::kRunFile, error)) {
    return cli::fail("a run is already in", home.dir.string(), "choose another --run-id");
  }
  fs::create_directories(home.dir / report::kLogsDir, error);
  if (error) return cli::fail("cannot make", home.dir.string(), error.message());
  if (environment("KS_SEED").empty()) {
    ::setenv("KS_SEED", std::to_string(std::random_device{}() % 100'000).c_str(), 1);
  }
  return home;
}

Result<std::string> client_of(const Scenario& scenario, const target::Profile& profile,
                              const po::variables_map& options) {
  std::string own = text(options, "client", environment("KS_CLIENT"));
  if (own.empty()) own = scenario.client;
  // A profile may name other clients, too, for the gates to judge.
  for (const std::string& each : profile.clients) {
    if (own.empty() && client::parse_implementation(each)) own = each;
  }
  if (own.empty()) own = "librdkafka";
  if (const auto known = client::parse_implementation(own); !known) {
    return cli::fail(known.error().what, "--client", known.error().action);
  }
  return own;
}

Result<void> begin_run(const RunHome& home, const std::vector<report::ScenarioRef>& scenarios,
                       const std::string& checksums) {
  Json list = Json::array();
  for (const report::ScenarioRef& scenario : scenarios) list.push_back(report::to_json(scenario));
  const fs::path file = home.dir / report::kLogsDir / "scenarios.json";
  if (auto ok = cli::write_file(file, list.dump(2) + "\n"); !ok) return ok;
  if (auto ok = cli::write_file(home.dir / "suite.sha256", checksums); !ok) return ok;
  return report_errand(home, {"ks-report", "begin", home.dir.string(), "--stage", "pr", "--run-id",
                              home.run_id, "--scenarios", file.string()});
}

void print_outcome(const po::variables_map& options, const std::string& check,
                   const Outcome& outcome) {
  if (!is_told(options)) return;
  const bool is_judged = !outcome.actual.empty() && outcome.status != report::Status::kError;
  const std::string detail =
      is_judged ? outcome.actual + " (" + outcome.expected + ")" : outcome.reason;
  cli::print(std::string(report::to_string(outcome.status)) + "\t" + check + "\t" + outcome.name +
             "\t" + detail + "\n");
}

Ended report_run(const RunHome& home, const po::variables_map& options, int signal) {
  Words end{"ks-report", "end", home.dir.string()};
  if (signal != 0) {
    end.insert(end.end(), {"--interrupted", "signal " + std::to_string(signal)});
  }
  if (auto ok = report_errand(home, end); !ok) return tl::make_unexpected(ok.error());
  const auto status = run_errand({"ks-report", "merge", home.dir.string(), "--latest", "--quiet"},
                                 home.place(), kReportTime);
  if (!status) return tl::make_unexpected(status.error());
  const auto written = cli::read_file(home.dir / "summary.json");
  if (!written) {
    return cli::fail(
        "there is no report: ks-report merge ended with status " + std::to_string(*status),
        home.place().log("errands").string(), "it tells why");
  }
  if (const std::string json = text(options, "json"); !json.empty()) {
    if (auto ok = cli::write_file(json, *written); !ok) return tl::make_unexpected(ok.error());
  }
  tell(home, options, Json::parse(*written));
  return signal != 0 ? 128 + signal : *status;
}

}  // namespace ks::scenario
