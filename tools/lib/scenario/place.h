#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lib/scenario/scenario.h"
#include "lib/target/profile.h"

// Where a scenario runs: flags, then the environment, then the file, then its folder's
// profiles.json, then the profile.
namespace ks::scenario {

// What the command line says; empty: nothing.
struct PlaceOptions {
  std::string profile;
  std::string brokers;
};

// An entry of KAF6's profiles.json.
struct FolderProfile {
  std::vector<std::string> brokers;
  std::string metrics_url;
};

struct FolderProfiles {
  std::string default_profile;
  std::map<std::string, FolderProfile> profiles;
};

inline constexpr const char* kFolderProfiles = "profiles.json";

// What is wrong with it names file, line and field.
cli::Result<FolderProfiles> parse_folder_profiles(const Document& document);

// Those beside a scenario file; none where there is no such file.
cli::Result<FolderProfiles> folder_profiles_of(const std::filesystem::path& scenario_file);

// What the executables have to be told: variables of the environment, of which those with an empty
// value are to be unset.
struct Place {
  std::map<std::string, std::string> environment;
  target::Profile profile;   // as they will see it
  bool is_embedded = false;  // its brokers are still to be started
};

// `generated` is a folder for the profile of an entry that only profiles.json has.
cli::Result<Place> place_of(const Scenario& scenario, const PlaceOptions& options,
                            const std::filesystem::path& generated);

// Sets variables for as long as it lives, and puts back what was there.
class ScopedEnvironment {
 public:
  explicit ScopedEnvironment(const std::map<std::string, std::string>& values);
  ~ScopedEnvironment();
  ScopedEnvironment(const ScopedEnvironment&) = delete;
  ScopedEnvironment& operator=(const ScopedEnvironment&) = delete;

 private:
  std::map<std::string, std::string> before_;
};

}  // namespace ks::scenario
