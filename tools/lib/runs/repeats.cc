#include "lib/report/repeats.h"

#include <algorithm>
#include <iostream>
#include <map>

#include "lib/cli/list.h"
#include "lib/cli/log.h"
#include "lib/report/histograms.h"
#include "lib/report/text.h"
#include "lib/runs/command.h"
#include "lib/target/profile.h"

namespace ks::runs {
namespace {

namespace fs = std::filesystem;
namespace po = cli::po;
using cli::Result;
using report::Status;
using Words = std::vector<std::string>;

po::options_description options() {
  po::options_description options("Options of repeats");
  auto add = options.add_options();
  add("check", po::value<std::string>(), "whose steps they are; default: KS_CHECK");
  add("client", po::value<std::string>(), "client it ran with; default: none");
  add("step", po::value<std::string>(), "name of this step; default: KS_STEP");
  add("steps", po::value<Words>(),
      "the same step of each run, NAME_1,NAME_2,NAME_3; repeatable, for what ran beside: a figure "
      "that an earlier one has, too, gets NAME_ in front");
  add("limit", po::value<Words>(),
      "'metric op value' that must hold, where the profile's limits have no other (repeatable)");
  add("expect", po::value<Words>(), "'metric op value' that must hold (repeatable)");
  add("json", po::value<std::string>(), "file for the result");
  return options;
}

// NAME of NAME_1.
std::string stem_of(const std::string& step) { return step.substr(0, step.rfind('_')); }

// A list for each --steps, each with as many runs.
Result<std::vector<Words>> families_of(const po::variables_map& options) {
  std::vector<Words> out;
  for (const std::string& text : cli::option_or<Words>(options, "steps", {})) {
    out.push_back(cli::split_list(text));
    if (out.back().size() != out.front().size()) {
      return cli::fail("not as many runs as before", "--steps " + text, "name one of each run");
    }
  }
  if (!out.empty()) return out;
  return cli::fail("no steps to compare", "--steps", "write --steps run_1,run_2,run_3");
}

// What each run came to: the figures of all its steps.
struct Repetitions {
  std::vector<report::Metrics> runs;
  report::Histograms histograms;  // of all runs together
  std::map<std::string, std::string>
      owners;  // figure -> NAME of the steps NAME_1, NAME_2 that have it
  std::map<std::string, std::string> unsound;  // the same names -> why one of them proves nothing
};

// The first of the families that has a figure owns its name; of the others it has theirs in front.
void take_step(const report::Result& step, const std::string& stem, std::size_t run,
               Repetitions& out) {
  for (const auto& [metric, value] : step.metrics) {
    const bool is_taken = out.owners.try_emplace(metric, stem).first->second != stem;
    std::string name = is_taken ? stem + "_" : "";
    name += metric;
    out.owners.try_emplace(name, stem);
    out.runs[run][name] = value;
  }
  report::merge_histograms(step, out.histograms);
  if (step.status == Status::kInconclusive || step.status == Status::kError) {
    out.unsound.try_emplace(stem, step.step + ": " + step.reason);
  }
}

Result<Repetitions> read_repetitions(const fs::path& dir, const report::Result& own,
                                     const std::vector<Words>& families) {
  Repetitions out;
  out.runs.resize(families.front().size());
  for (const Words& family : families) {
    for (std::size_t i = 0; i < family.size(); ++i) {
      const auto step = report::read_result(dir / result_file(own.check, own.client, family[i]));
      if (!step) return tl::make_unexpected(step.error());
      take_step(*step, stem_of(family.front()), i, out);
    }
  }
  return out;
}

Result<std::vector<report::Expectation>> expected(const po::variables_map& options) {
  std::vector<report::Expectation> out;
  const auto take = [&](const char* option) -> Result<void> {
    for (const std::string& text : cli::option_or<Words>(options, option, {})) {
      auto expectation = report::parse_expectation(text);
      if (!expectation) return tl::make_unexpected(expectation.error());
      out.push_back(std::move(*expectation));
    }
    return {};
  };
  if (auto ok = take("limit"); !ok) return tl::make_unexpected(ok.error());
  const auto profile = target::load_profile("");
  if (!profile) return tl::make_unexpected(profile.error());
  report::take_limits(profile->limits, out);
  if (auto ok = take("expect"); !ok) return tl::make_unexpected(ok.error());
  return out;
}

// Whose figure a metric of the result is: "latency_ms_p95_median" is latency_ms_p95's. Empty:
// unknown.
std::string owner_of(const std::string& metric, const Repetitions& read) {
  if (const auto own = read.owners.find(metric); own != read.owners.end()) return own->second;
  const auto of_all = read.owners.find(metric.substr(0, metric.rfind('_')));
  return of_all == read.owners.end() ? "" : of_all->second;
}

// What was not measured in each run, or by steps that prove nothing, neither holds nor is violated.
void judge(std::vector<report::Expectation> expectations, const Repetitions& read,
           report::Result& result) {
  const auto why_not = [&](const report::Expectation& e) -> std::string {
    const auto unsound = read.unsound.find(owner_of(e.metric, read));
    if (unsound != read.unsound.end()) return unsound->second;
    return result.metrics.contains(e.metric) ? "" : e.metric + " was not measured in each run";
  };
  for (const report::Expectation& e : expectations) {
    if (const std::string why = why_not(e); !why.empty()) {
      result.lower_to(Status::kInconclusive, std::string(why));
    }
  }
  std::erase_if(expectations, [&](const auto& e) { return !why_not(e).empty(); });
  report::apply(expectations, result);
}

void print(const std::vector<report::Repeated>& figures) {
  for (const report::Repeated& figure : figures) {
    std::cout << figure.metric << "\tmedian " << report::format_number(figure.median) << "\tcv "
              << report::format_number(figure.cv) << "\tof";
    for (const double value : figure.values) std::cout << " " << report::format_number(value);
    for (const std::size_t run : figure.outliers) std::cout << "\toutlier: run " << run;
    std::cout << "\n";
  }
}

Result<cli::ExitStatus> repeats(const po::variables_map& options) {
  const auto dir = only_folder(options);
  if (!dir) return tl::make_unexpected(dir.error());
  const auto run = report::read_run(*dir);
  if (!run) return tl::make_unexpected(run.error());
  auto result = own_result(options, *run);
  if (!result) return tl::make_unexpected(result.error());
  result->step = text_option(options, "step", result->step);
  const auto families = families_of(options);
  if (!families) return tl::make_unexpected(families.error());
  const auto expectations = expected(options);
  if (!expectations) return tl::make_unexpected(expectations.error());
  const auto read = read_repetitions(*dir, *result, *families);
  if (!read) return tl::make_unexpected(read.error());

  const auto figures = report::repeated_figures(read->runs);
  result->metrics["runs"] = static_cast<double>(read->runs.size());
  report::add_repeated(figures, result->metrics);
  report::put_histograms(read->histograms, *result);
  for (const report::Repeated& figure : figures) {
    result->data["repeats"].push_back(report::to_json(figure));
  }
  judge(*expectations, *read, *result);
  print(figures);
  if (const std::string json = text_option(options, "json"); !json.empty()) {
    if (auto ok = report::write_result(json, *result); !ok) return tl::make_unexpected(ok.error());
  }
  if (result->status != Status::kPass) cli::log_error(result->reason);
  return report::exit_status(result->status);
}

}  // namespace

Command repeats_command() { return {options(), repeats}; }

}  // namespace ks::runs
