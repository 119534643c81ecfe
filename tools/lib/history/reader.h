#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/history/event.h"
#include "lib/history/writer.h"

namespace ks::history {

// One file of a history folder.
struct FileSummary {
  std::filesystem::path path;
  Head head;
  std::string host;
  std::uint64_t events = 0;
  bool closed = false;                // ended cleanly; false: its writer was killed or still runs
  std::optional<cli::Error> problem;  // damage: file and offset; what comes after is not read
};

// Called for each event, in the order of the file; times are wall clock.
using Visit = std::function<void(const FileSummary& file, const Event& event)>;

// Reads every *.ksh of the folder, in the order of their names. Damaged files are read up to the
// damage. An error only where the folder itself cannot be read.
cli::Result<std::vector<FileSummary>> read_folder(const std::filesystem::path& folder, Names& names,
                                                  const Visit& visit);

}  // namespace ks::history
