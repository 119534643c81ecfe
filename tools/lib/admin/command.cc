#include "lib/admin/command.h"

#include <algorithm>
#include <sstream>

#include "lib/cli/signals.h"

namespace ks::admin {
namespace {

using Words = std::vector<std::string>;

constexpr const char* kSeeHelp = "see --help";

Words split(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), std::istream_iterator<std::string>()};
}

bool begins_with(const Words& words, const Words& start) {
  return words.size() >= start.size() && std::equal(start.begin(), start.end(), words.begin());
}

std::string join(const Words& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ", ") + word;
  return out;
}

// What could have been meant: the second words where the first is known, else all first words.
cli::Result<const Command*> unknown_command(std::span<const Command> commands, const Words& words) {
  Words firsts;
  Words seconds;
  for (const Command& command : commands) {
    const Words parts = split(command.words);
    if (firsts.empty() || firsts.back() != parts[0]) firsts.push_back(parts[0]);
    if (!words.empty() && parts[0] == words[0] && parts.size() > 1) seconds.push_back(parts[1]);
  }
  if (words.empty()) return cli::fail("no command", "give one of " + join(firsts), kSeeHelp);
  if (seconds.empty()) {
    return cli::fail("unknown command '" + words[0] + "'", "give one of " + join(firsts), kSeeHelp);
  }
  const std::string what = words.size() == 1
                               ? "incomplete command '" + words[0] + "'"
                               : "unknown command '" + words[0] + " " + words[1] + "'";
  return cli::fail(what, "give one of " + join(seconds), kSeeHelp);
}

cli::Result<const Command*> find_command(std::span<const Command> commands, const Words& words) {
  for (const Command& command : commands) {
    if (begins_with(words, split(command.words))) return &command;
  }
  return unknown_command(commands, words);
}

cli::Result<void> check_names(const Command& command, const Words& names) {
  const std::string words(command.words);
  if (names.size() < command.fewest_names) {
    return cli::fail("'" + words + "' needs more words", words + " " + std::string(command.names),
                     kSeeHelp);
  }
  if (names.size() > command.most_names) {
    return cli::fail("'" + words + "' does not take '" + names[command.most_names] + "'", {},
                     kSeeHelp);
  }
  if (std::find(names.begin(), names.end(), "") != names.end()) {
    return cli::fail("a name is empty", words, kSeeHelp);
  }
  return {};
}

// An option that has no effect on a command would let a gate believe that it has one.
cli::Result<void> check_options(std::span<const Command> commands, const Command& command,
                                const tool::Session& session) {
  for (const Command& other : commands) {
    for (const std::string_view option : other.options) {
      const bool belongs = std::find(command.options.begin(), command.options.end(), option) !=
                           command.options.end();
      if (!belongs && session.has(std::string(option).c_str())) {
        return cli::fail("option '--" + std::string(option) + "' does not go with '" +
                             std::string(command.words) + "'",
                         {}, kSeeHelp);
      }
    }
  }
  if (!session.history_dir.empty() && !command.records) {
    return cli::fail("'" + std::string(command.words) + "' has nothing to record", "--history");
  }
  return {};
}

void publish(Answer& answer, bool as_json, tool::Session& session) {
  for (const std::string& line : as_json ? json_lines(answer.table) : text_lines(answer.table)) {
    session.print(line);
  }
  session.result.data = answer.data.is_null() ? to_json(answer.table) : std::move(answer.data);
  session.result.metrics.merge(answer.metrics);
  // Where the wait was interrupted, what is demanded may still have come.
  if (!answer.violation.empty() && cli::stop_signal() == 0) {
    session.result.lower_to(report::Status::kFail, std::move(answer.violation));
  }
  if (!answer.missing.empty()) {
    session.result.lower_to(report::Status::kInconclusive, std::move(answer.missing));
  }
}

}  // namespace

cli::Result<void> run_command(std::span<const Command> commands, tool::Session& session) {
  const auto command = find_command(commands, session.words);
  if (!command) return tl::make_unexpected(command.error());
  const auto skipped = static_cast<std::ptrdiff_t>(split((*command)->words).size());
  const Words names(session.words.begin() + skipped, session.words.end());
  if (auto ok = check_names(**command, names); !ok) return ok;
  if (auto ok = check_options(commands, **command, session); !ok) return ok;
  const auto as_json = tool::wants_json(session);
  if (!as_json) return tl::make_unexpected(as_json.error());

  Context context(session, names);
  const cli::Duration wait = session.option<cli::DurationArg>("wait", {}).value;
  auto answer = session.has("wait") && (*command)->only_asks
                    ? context.ask_until_it_holds((*command)->run, wait)
                    : context.look((*command)->run);
  auto closed = context.close_history();
  // A failure has one line, which tells of what stopped it.
  context.publish_troubles(answer && answer->violation.empty());
  if (!answer) return tl::make_unexpected(answer.error());
  publish(*answer, *as_json, session);
  return closed;
}

tool::Spec spec_of(std::string name, std::string synopsis, std::string about,
                   cli::po::options_description options, std::span<const Command> commands) {
  options.add_options()("format", cli::po::value<std::string>(),
                        "table (default) or json: one object a row");
  return {std::move(name),
          std::move(synopsis),
          std::move(about),
          options,
          std::chrono::seconds(30),
          true,
          [commands](tool::Session& session) { return run_command(commands, session); }};
}

}  // namespace ks::admin
