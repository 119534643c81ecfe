#include "lib/scenario/suite.h"

#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "lib/cli/file.h"
#include "lib/cli/folder.h"
#include "lib/scenario/place.h"
#include "lib/scenario/read.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::Result;

// A part of files' names: letters, digits, _ and -.
std::string check_name(std::string name) {
  for (char& c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '-') c = '_';
  }
  return name;
}

// Reads one file; what is wrong with it is a complaint of the suite.
Result<void> add_file(const fs::path& path, Suite& suite) {
  const auto text = cli::read_file(path);
  if (!text) return tl::make_unexpected(text.error());
  const std::string sum = sha256(*text);
  suite.checksums += sum + "  " + path.string() + "\n";
  const auto document = read_document(path);
  if (!document) {
    suite.complaints.push_back(document.error());
    return {};
  }
  if (path.filename() == kFolderProfiles) {
    const auto profiles = parse_folder_profiles(*document);
    if (!profiles) suite.complaints.push_back(profiles.error());
    return {};
  }
  auto reading = read_scenario(*document);
  if (!reading) return tl::make_unexpected(reading.error());
  for (const Complaint& complaint : reading->complaints) {
    suite.complaints.push_back(complaint.error(path.string()));
  }
  if (!reading->complaints.empty()) return {};
  const std::string check = check_name(reading->scenario.name);
  suite.files.push_back({path, sum, check, std::move(reading->scenario)});
  return {};
}

void find_same_names(Suite& suite) {
  std::map<std::string, fs::path> first;
  for (const SuiteFile& file : suite.files) {
    const auto [found, is_new] = first.emplace(file.check, file.path);
    if (is_new) continue;
    suite.complaints.push_back({file.path.string() + ":1: name: '" + file.check + "' is that of " +
                                    found->second.string() + ", too",
                                {},
                                "give each a name of its own"});
  }
}

bool has_scenario_name(const fs::path& path) {
  const std::string extension = path.extension().string();
  const bool has_ending = extension == ".yaml" || extension == ".yml" || extension == ".json";
  return has_ending && !path.filename().string().starts_with('.');
}

Result<std::vector<fs::path>> all_files_of(const fs::path& folder) {
  const auto entries = cli::entries_in(folder);
  if (!entries) return tl::make_unexpected(entries.error());
  std::vector<fs::path> files;
  for (const fs::path& path : *entries) {
    if (!has_scenario_name(path)) continue;
    std::error_code error;
    const bool is_file = fs::is_regular_file(path, error);
    // A suite does not leave out what it cannot see.
    if (error) return cli::fail("cannot read", path.string(), error.message());
    if (is_file) files.push_back(path);
  }
  return files;
}

}  // namespace

std::string sha256(const std::string& content) {
  constexpr std::size_t kBytes = 32;
  unsigned char digest[kBytes];
  std::size_t size = 0;
  EVP_Q_digest(nullptr, "SHA256", nullptr, content.data(), content.size(), digest, &size);
  std::string out;
  for (const unsigned char byte : digest) {
    constexpr const char* kDigits = "0123456789abcdef";
    out += kDigits[byte >> 4];
    out += kDigits[byte & 0xf];
  }
  return out;
}

Result<std::vector<fs::path>> files_of(const fs::path& folder) {
  auto files = all_files_of(folder);
  if (!files) return files;
  std::erase_if(*files, [](const fs::path& path) { return path.filename() == kFolderProfiles; });
  if (files->empty()) {
    return cli::fail("no scenario files", folder.string(), "give a folder of .yaml or .json files");
  }
  return files;
}

Result<Suite> read_suite(const std::vector<fs::path>& paths) {
  Suite suite;
  for (const fs::path& path : paths) {
    std::error_code ignored;
    std::vector<fs::path> files{path};
    if (fs::is_directory(path, ignored)) {
      if (const auto some = files_of(path); !some) return tl::make_unexpected(some.error());
      auto all = all_files_of(path);
      if (!all) return tl::make_unexpected(all.error());
      files = std::move(*all);
    }
    for (const fs::path& file : files) {
      if (auto ok = add_file(file, suite); !ok) return tl::make_unexpected(ok.error());
    }
  }
  find_same_names(suite);
  return suite;
}

}  // namespace ks::scenario
