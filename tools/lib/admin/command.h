#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "lib/admin/context.h"

namespace ks::admin {

// One command of an executable.
struct Command {
  std::string_view words;  // "topics create"
  std::string_view names;  // what follows, for the error: "NAME..."
  std::size_t fewest_names = 0;
  std::size_t most_names = 0;
  std::vector<std::string_view> options;  // of those that not every command has
  bool only_asks = false;                 // --wait may repeat it
  bool records = false;                   // --history keeps what it sees
  cli::Result<Answer> (*run)(Context&) = nullptr;
};

inline constexpr std::size_t kAnyNumber = static_cast<std::size_t>(-1);

// Finds the command that session.words begin with, checks names and options, runs it (again and
// again with --wait), prints its table and fills the result.
cli::Result<void> run_command(std::span<const Command> commands, tool::Session& session);

// An executable that has `commands`, which must outlive it; adds the options of every command.
tool::Spec spec_of(std::string name, std::string synopsis, std::string about,
                   cli::po::options_description options, std::span<const Command> commands);

}  // namespace ks::admin
