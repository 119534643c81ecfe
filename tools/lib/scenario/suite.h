#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "lib/scenario/scenario.h"

namespace ks::scenario {

// A scenario file that was read and found right.
struct SuiteFile {
  std::filesystem::path path;
  std::string sha256;
  std::string check;  // its scenario's name, as run folders take it
  Scenario scenario;
};

struct Suite {
  std::vector<SuiteFile> files;
  std::vector<cli::Error> complaints;  // about files that are not right
  // "SHA256  FILE" of each file, as sha256sum has it; also of profiles.json.
  std::string checksums;
};

// Reads files and the scenario files of folders (*.yaml, *.yml, *.json, by name; profiles.json is
// none). Errors: a file or folder that cannot be read at all, a folder without scenarios.
cli::Result<Suite> read_suite(const std::vector<std::filesystem::path>& paths);

// The scenario files of a folder, by name.
cli::Result<std::vector<std::filesystem::path>> files_of(const std::filesystem::path& folder);

// SHA-256 in hexadecimal.
std::string sha256(const std::string& content);

}  // namespace ks::scenario
