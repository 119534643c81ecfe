#include "lib/runs/command.h"

#include <algorithm>
#include <cctype>
#include <string_view>
#include <system_error>
#include <vector>

#include "lib/cli/environment.h"
#include "lib/cli/folder.h"
#include "lib/cli/log.h"
#include "lib/cli/project.h"
#include "lib/tool/tool.h"

namespace ks::runs {

namespace fs = std::filesystem;
namespace po = cli::po;

namespace {

// Names become part of a file's name, between dots; only a client's may have some, of its version.
std::string file_part(std::string name, std::string_view further = "") {
  for (char& c : name) {
    const bool plain = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
    if (!plain && further.find(c) == std::string_view::npos) c = '_';
  }
  return name;
}

}  // namespace

std::string text_option(const po::variables_map& options, const char* name,
                        const std::string& otherwise) {
  return cli::option_or<std::string>(options, name, otherwise);
}

cli::Result<fs::path> only_folder(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (words.size() != 1) return cli::fail("give one run folder", {}, "see --help");
  return fs::path(words.front());
}

cli::Result<std::vector<fs::path>> named_folders(const po::variables_map& options) {
  const auto words = cli::option_or<std::vector<std::string>>(options, "word", {});
  if (!words.empty()) return std::vector<fs::path>(words.begin(), words.end());
  const std::string reports = cli::environment("KS_REPORTS");
  const fs::path folder = reports.empty() ? cli::find_in_project("reports") : fs::path(reports);
  if (folder.empty()) return cli::fail("no folder of runs", {}, "name one, or set KS_REPORTS");
  return std::vector<fs::path>{folder};
}

cli::Result<report::Manifest> load_manifest(const po::variables_map& options) {
  constexpr const char* kName = "gates/stages.json";
  const std::string given = text_option(options, "stages");
  const fs::path path = given.empty() ? cli::find_in_project(kName) : fs::path(given);
  if (path.empty()) return cli::fail("no list of checks", kName, "give --stages or set KS_HOME");
  return report::read_manifest(path);
}

cli::Result<report::Charter> load_charter(const po::variables_map& options,
                                          const report::Manifest& manifest,
                                          const std::string& target) {
  const std::string given = text_option(options, "charter");
  const bool is_named = !given.empty() || !cli::environment("KS_CHARTER").empty();
  if (target != "kafscale" && !is_named) return report::Charter{};
  auto charter = report::load_charter(given);
  if (!charter) return charter;
  if (auto ok = check_gaps(*charter, manifest); !ok) return tl::make_unexpected(ok.error());
  return charter;
}

cli::Result<report::Summary> judge_runs(const std::vector<fs::path>& dirs, const fs::path& out,
                                        const po::variables_map& options) {
  const auto evidence = report::read_evidence(dirs);
  if (!evidence) return tl::make_unexpected(evidence.error());
  return judge_evidence(*evidence, out, options);
}

cli::Result<report::Summary> judge_evidence(const report::Evidence& evidence, const fs::path& out,
                                            const po::variables_map& options) {
  const auto manifest = load_manifest(options);
  if (!manifest) return tl::make_unexpected(manifest.error());
  const auto charter = load_charter(options, *manifest, evidence.front().run.target);
  if (!charter) return tl::make_unexpected(charter.error());
  return report::summarize(*manifest, evidence, out, name_of(out), *charter);
}

bool is_run_folder(const fs::path& dir) {
  std::error_code ignored;
  return fs::exists(dir / report::kRunFile, ignored);
}

cli::Result<std::vector<fs::path>> run_folders_in(const fs::path& dir) {
  if (is_run_folder(dir)) return std::vector{dir};
  auto out = cli::entries_in(dir);
  if (!out) return out;
  std::erase_if(*out, [](const fs::path& entry) {
    std::error_code ignored;
    return fs::is_symlink(entry, ignored) || !is_run_folder(entry);
  });
  return out;
}

std::string name_of(const fs::path& dir) {
  std::error_code ignored;
  return fs::weakly_canonical(dir, ignored).filename().string();
}

cli::Result<report::Result> own_result(const po::variables_map& options, const report::Run& run) {
  report::Result result = tool::new_result(run.run_id);
  result.check = text_option(options, "check", result.check);
  result.client = text_option(options, "client", result.client);
  if (result.check.empty()) return cli::fail("give the name of the check", "--check");
  result.stage = report::to_string(run.stage);
  result.target = run.target;
  result.profile = run.profile;
  result.brokers = run.brokers;
  result.broker = run.broker;
  result.tool = cli::program();
  if (const report::ScenarioRef* const scenario = run.scenario(result.check)) {
    result.target = scenario->target;
    result.profile = scenario->profile;
    result.title = scenario->title;
  }
  return result;
}

fs::path result_file(const std::string& check, const std::string& client, const std::string& step) {
  return fs::path(report::kResultsDir) /
         (file_part(check) + "." + file_part(client, ".") + "." + file_part(step) + ".json");
}

}  // namespace ks::runs
