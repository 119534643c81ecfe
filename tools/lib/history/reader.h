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
  std::size_t number = 0;  // among the folder's files
  Head head;
  std::string host;
  std::size_t clock = 0;  // files of one boot of one machine share a clock
  std::uint64_t events = 0;
  bool closed = false;                // ended cleanly; false: its writer was killed or still runs
  std::optional<cli::Error> problem;  // damage: file and offset; what comes after is not read
};

using Visit = std::function<void(const FileSummary& file, const Event& event)>;

// The *.ksh files of a folder.
class Folder {
 public:
  // Reads the files' heads. Damage is a file's `problem`; an error is that the folder cannot be
  // read.
  static cli::Result<Folder> open(const std::filesystem::path& path);
  Folder(Folder&&) noexcept;
  Folder& operator=(Folder&&) noexcept;
  ~Folder();

  const std::vector<FileSummary>& files() const { return files_; }

  // Gives every event, of all files together in the order of time (what is of the same nanosecond
  // in the order of the files' names); times are wall clock, of the files that share a clock exact
  // to each other. A damaged file ends at the damage.
  void read(Names& names, const Visit& visit);

 private:
  class Cursor;
  Folder();

  std::vector<FileSummary> files_;  // by name
  std::vector<std::unique_ptr<Cursor>> cursors_;
};

}  // namespace ks::history
