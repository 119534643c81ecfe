#include <unistd.h>

#include <iostream>

#include "lib/cli/output.h"
#include "lib/cli/project.h"
#include "lib/cli/units.h"
#include "lib/scenario/commands.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;

void print_list(const std::vector<SuiteFile>& files) {
  for (std::size_t i = 0; i < files.size(); ++i) {
    const Scenario& scenario = files[i].scenario;
    cli::print(std::to_string(i + 1) + "\t" + scenario.name + "\t" + scenario.title + "\n");
  }
}

// What is typed; nothing at the end of input, which also is how somebody declines.
cli::Result<std::size_t> ask(std::size_t count) {
  while (true) {
    cli::print("Which? 1-" + std::to_string(count) + ": ");
    if (auto ok = cli::flush_output(); !ok) return tl::make_unexpected(ok.error());
    std::string line;
    if (!std::getline(std::cin, line))
      return cli::fail("nothing chosen", "select", "type a number");
    const auto number = cli::parse_count(line);
    if (number && *number >= 1 && *number <= count) return *number - 1;
    cli::print("'" + line + "' is none of them.\n");
  }
}

}  // namespace

Ended select_command(const cli::po::variables_map& options, const std::vector<std::string>& words) {
  if (words.size() > 1) return cli::fail("give one folder", "select", "see --help");
  const fs::path folder =
      words.empty() ? cli::find_in_project("gates/scenarios") : fs::path(words.front());
  if (folder.empty()) return cli::fail("no folder", "gates/scenarios", "give one, or set KS_HOME");
  if (::isatty(STDIN_FILENO) == 0) {
    return cli::fail("no terminal to choose in", "select",
                     "use ks-run run FILE, with a file of " + folder.string());
  }
  auto suite = read_suite({folder});
  if (!suite) return tl::make_unexpected(suite.error());
  if (!suite->complaints.empty()) return tell_complaints(*suite);
  print_list(suite->files);
  const auto chosen = ask(suite->files.size());
  if (!chosen) return tl::make_unexpected(chosen.error());
  const auto one = read_suite({suite->files[*chosen].path});
  if (!one) return tl::make_unexpected(one.error());
  return run_files(*one, options);
}

}  // namespace ks::scenario
