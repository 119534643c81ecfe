#include "lib/cli/clock.h"
#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/version.h"
#include "lib/report/run.h"
#include "lib/runs/command.h"
#include "lib/target/identity.h"
#include "lib/target/profile.h"

namespace ks::runs {
namespace {

namespace po = cli::po;

po::options_description options() {
  po::options_description options("Options of begin");
  auto add = options.add_options();
  add("stage", po::value<std::string>(), "pr, main, release, performance or delivery");
  add("profile", po::value<std::string>(), "environment, profiles/NAME.yaml or a path");
  add("run-id", po::value<std::string>(), "identity of the run; default: the folder's name");
  add("check", po::value<std::string>(), "in a run folder that is there: this check begins");
  add("client", po::value<std::string>(), "client it runs with; default: none");
  add("identity", po::value<std::string>(), "result of 'ks-admin identify': who answers");
  add("charter", po::value<std::string>(), kCharterHelp);
  add("scenarios", po::value<std::string>(),
      "a run of scenarios, no gate: file with the list of them, as run.json has it");
  add("only", po::value<std::vector<std::string>>(),
      "of a validation this check alone (repeatable)");
  add("demand", po::value<std::vector<std::string>>(),
      "a check that runs only where it is asked for (repeatable): it is required then");
  add("full-time", "the checks run for as long as a release decision needs");
  return options;
}

// The broker that answered, as ks-admin identify found it.
cli::Result<void> take_identity(const std::string& file, report::Run& run) {
  const auto identity = report::read_result(file);
  if (!identity) return tl::make_unexpected(identity.error());
  run.broker = identity->broker;
  const auto& data = identity->data;
  if (data.is_object() && data.contains("cluster_id") && data["cluster_id"].is_string()) {
    run.cluster_id = data["cluster_id"];
  }
  run.kafscale_gate = run.target == "kafscale" && run.broker.product == target::kKafScale;
  return {};
}

cli::Result<void> take_scenarios(const std::string& file, report::Run& run) {
  const auto text = cli::read_file(file);
  if (!text) return tl::make_unexpected(text.error());
  const auto json = nlohmann::ordered_json::parse(*text, nullptr, false);
  try {
    for (const auto& scenario : json) run.scenarios.push_back(report::scenario_from_json(scenario));
  } catch (const nlohmann::ordered_json::exception& error) {
    return cli::fail(std::string("not a list of scenarios: ") + error.what(), file);
  }
  if (run.scenarios.empty()) return cli::fail("no scenario", file);
  // Each runs with one client, whichever the profile's are.
  run.clients = report::clients_of(run.scenarios);
  return {};
}

// Whoever leaves out checks of a gate has no gate.
cli::Result<void> take_only(const po::variables_map& options, report::Run& run) {
  run.only = cli::option_or<std::vector<std::string>>(options, "only", {});
  if (run.only.empty()) return {};
  if (!is_validation(run.stage)) {
    return cli::fail("the release gate's stages have no parts", "--only",
                     "run gates/checks/" + run.only.front() + ".sh by itself");
  }
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  for (const std::string& name : run.only) {
    if (!checks_beside(*manifest, run.stage, {name}).empty()) continue;
    return cli::fail("no check '" + name + "' of " + std::string(to_string(run.stage)), "--only",
                     "see gates/stages.json");
  }
  return {};
}

// A charter that cannot be read is better known before the checks than after them.
cli::Result<void> try_charter(const po::variables_map& options, const std::string& target) {
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  const auto charter = load_charter(options, *manifest, target);
  if (!charter) return tl::make_unexpected(charter.error());
  return {};
}

cli::Result<void> begin_run(const std::filesystem::path& dir, const po::variables_map& options) {
  const auto stage = report::parse_stage(text_option(options, "stage"));
  if (!stage) return tl::make_unexpected(stage.error());
  const auto profile = target::load_profile(text_option(options, "profile"));
  if (!profile) return tl::make_unexpected(profile.error());

  report::Run run;
  const std::string id_of_environment = cli::environment("KS_RUN_ID");
  run.run_id =
      text_option(options, "run-id", id_of_environment.empty() ? name_of(dir) : id_of_environment);
  run.stage = *stage;
  run.target = target::to_string(profile->target);
  run.profile = profile->name;
  run.brokers = profile->brokers;
  run.clients = profile->clients;
  if (auto ok = take_only(options, run); !ok) return ok;
  run.full_time = options.count("full-time") != 0;
  for (const auto& [name, seconds] : profile->durations) {
    run.durations_s[name] = static_cast<std::int64_t>(seconds);
  }
  if (const auto url = profile->store.find("url"); url != profile->store.end()) {
    run.store = url->second;
  }
  run.metrics_url = profile->metrics_url;
  run.demanded = cli::option_or<std::vector<std::string>>(options, "demand", {});
  run.started_at_ns = cli::wall_ns();
  run.machine = report::this_machine();
  run.toolkit = cli::version();
  run.commit = cli::environment("KS_COMMIT");
  run.seed = cli::environment("KS_SEED");
  if (const std::string file = text_option(options, "identity"); !file.empty()) {
    if (auto ok = take_identity(file, run); !ok) return tl::make_unexpected(ok.error());
  }
  if (const std::string file = text_option(options, "scenarios"); !file.empty()) {
    if (auto ok = take_scenarios(file, run); !ok) return ok;
  } else if (auto ok = try_charter(options, run.target); !ok) {
    return ok;
  }
  return report::begin_run(dir, run);
}

cli::Result<cli::ExitStatus> begin(const po::variables_map& options) {
  const auto dir = only_folder(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto begun =
      options.count("check") != 0 ? begin_check(*dir, options) : begin_run(*dir, options);
  if (!begun) return tl::make_unexpected(begun.error());
  return cli::ExitStatus::kPassed;
}

}  // namespace

Command begin_command() { return {options(), begin}; }

}  // namespace ks::runs
