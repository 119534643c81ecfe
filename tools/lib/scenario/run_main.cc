#include "lib/scenario/run_main.h"

#include <algorithm>
#include <array>
#include <sstream>

#include "lib/cli/caught.h"
#include "lib/cli/log.h"
#include "lib/cli/output.h"
#include "lib/cli/signals.h"
#include "lib/cli/version.h"
#include "lib/scenario/commands.h"

namespace ks::scenario {
namespace {

namespace po = cli::po;
using cli::ExitStatus;

constexpr const char* kAbout =
    R"(usage: ks-run run FILE [options]
       ks-run suite DIR [options]
       ks-run validate FILE|DIR... [-o FILE]
       ks-run select [DIR] [options]
       ks-run init [FILE]
       ks-run prepare FILE --workers N [options]
       ks-run work FILE --shard i/N --run-id ID -o DIR [options]
       ks-run judge RUN
       ks-run clock -- COMMAND...

run       runs a scenario file: topics, traffic, faults and checks; the exit status is the verdict:
          0 pass, 1 a check was violated, 2 it could not run, 3 too little evidence
suite     runs every scenario file of a folder, one after the other, each on its own profile, in
          one run folder, whose page has a tab for each profile
validate  says what is wrong with files, each with line and field; else prints their SHA-256 as
          sha256sum does
select    lists the scenario files of a folder (gates/scenarios) and runs the chosen one
init      writes an example with comments, to FILE or stdout

Of a fleet (gates/fleet.sh does all of it):
prepare   makes a run folder and the topics; prints the folder. Status 3: it went wrong, judge tells how
work      does one part of the traffic, and leaves a folder that belongs to RUN/workers/i
judge     merges the workers' folders, reads everything back once, and judges as run does
clock     how far a clock is away that COMMAND tells, nanoseconds for each line; --serve: answers so

A file says where it runs: profile, brokers. Flags win over the environment (K6_PROFILE, KS_BROKERS),
which wins over the file. Fields and checks: README.md, reports/schema/scenario-v1.json.

  ks-run init mine.yaml && ks-run validate mine.yaml && ks-run run mine.yaml --profile embedded
  ks-run suite gates/scenarios -b localhost:9092
)";

po::options_description options() {
  po::options_description options("Options");
  auto add = options.add_options();
  add("brokers,b", po::value<std::string>(), "bootstrap addresses, host:port[,host:port]");
  add("profile", po::value<std::string>(), "environment, profiles/NAME.yaml or a path");
  add("client", po::value<std::string>(),
      "client of what names none: librdkafka or wire (the first of the profile's)");
  add("run-id", po::value<std::string>(), "identity of this run");
  add("json", po::value<std::string>(), "write the summary to a file, or - for stdout");
  add("output,o", po::value<std::string>(),
      "validate: write the SHA-256 list to this file; work: the folder");
  add("workers", po::value<cli::CountArg>(), "prepare: how many workers there will be");
  add("shard", po::value<cli::ShardArg>(), "work: i/N, the i-th of N parts");
  add("start-at", po::value<std::string>(),
      "work: begin then (milliseconds since 1970, or RFC 3339)");
  add("until-eof", "work: end where standard input ends");
  add("interrupted", po::value<cli::CountArg>(), "judge: the signal that ended the fleet");
  add("serve", "clock: answer lines with this machine's wall clock");
  add("quiet,q", "only errors on stderr");
  add("verbose,v", "more on stderr");
  add("help,h", "this text");
  add("version", "the toolkit's version");
  return options;
}

struct Named {
  const char* name;
  Command command;
};
constexpr std::array kCommands{
    Named{"run", run_command},           Named{"suite", suite_command},
    Named{"validate", validate_command}, Named{"select", select_command},
    Named{"init", init_command},         Named{"prepare", prepare_command},
    Named{"work", work_command},         Named{"judge", judge_command},
    Named{"clock", clock_command}};

Ended run(int argc, const char* const* argv) {
  const auto options = cli::parse_command_line(argc, argv, scenario::options());
  if (!options) return tl::make_unexpected(options.error());
  if (options->count("help") != 0) {
    std::ostringstream text;
    text << kAbout << "\n" << scenario::options();
    cli::print(text.str());
    return static_cast<int>(ExitStatus::kPassed);
  }
  if (options->count("version") != 0) {
    cli::print(cli::program() + " " + std::string(cli::version()) + "\n");
    return static_cast<int>(ExitStatus::kPassed);
  }
  if (options->count("quiet") != 0) cli::set_verbosity(cli::Verbosity::kQuiet);
  if (options->count("verbose") != 0) cli::set_verbosity(cli::Verbosity::kVerbose);
  auto words = cli::option_or<std::vector<std::string>>(*options, "word", {});
  const auto* const named = std::ranges::find_if(
      kCommands, [&](const Named& each) { return !words.empty() && words.front() == each.name; });
  if (named == kCommands.end()) {
    return cli::fail(
        words.empty() ? "no command given" : "unknown command '" + words.front() + "'", {},
        "choose run, suite, validate, select, init, prepare, work, judge or clock; see --help");
  }
  words.erase(words.begin());
  cli::catch_stop_signals();
  cli::catch_hangup();
  return named->command(*options, words);
}

}  // namespace

int run_main(int argc, const char* const* argv) {
  cli::set_program("ks-run");
  Ended ended = cli::caught([&] { return run(argc, argv); });
  const auto flushed = cli::flush_output();
  if (ended && !flushed) ended = tl::make_unexpected(flushed.error());
  if (ended) return *ended;
  cli::log_error(ended.error().message());
  if (cli::stop_signal() != 0) return 128 + cli::stop_signal();
  return static_cast<int>(ExitStatus::kCannotRun);
}

}  // namespace ks::scenario
