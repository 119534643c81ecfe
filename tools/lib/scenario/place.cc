#include "lib/scenario/place.h"

#include <cstdlib>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/project.h"
#include "lib/scenario/rules.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;
using cli::environment;
using cli::Result;

constexpr const char* kDefaultProfile = "local-service";

void set_variable(const std::string& name, const std::string& value) {
  if (value.empty()) {
    ::unsetenv(name.c_str());
  } else {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

std::string list_of(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

bool is_own_profile(const std::string& name) {
  if (name.find('/') != std::string::npos) return true;
  std::error_code ignored;
  return fs::exists(cli::find_in_project("profiles") / (name + ".yaml"), ignored);
}

// A profile that only profiles.json knows becomes a file, so that every executable can read it.
Result<std::string> write_profile(const std::string& name, const FolderProfile& entry,
                                  const fs::path& folder) {
  Json brokers(entry.brokers);
  std::string text = "target: kafscale\nbrokers: " + brokers.dump() + "\n";
  if (!entry.metrics_url.empty()) text += "metrics_url: " + Json(entry.metrics_url).dump() + "\n";
  const fs::path file = fs::absolute(folder) / (name + ".yaml");
  if (auto ok = cli::write_file(file, text); !ok) return tl::make_unexpected(ok.error());
  return file.string();
}

struct Choice {
  std::string profile;
  bool by_file = true;  // or nobody
};

Choice choose_profile(const Scenario& scenario, const PlaceOptions& options,
                      const FolderProfiles& folder) {
  std::string name = options.profile;
  if (name.empty()) name = environment("K6_PROFILE");
  if (name.empty() && environment("K6_TARGET") == "kafka" && scenario.profile.empty()) {
    name = "kafka-local";
  }
  if (!name.empty()) return {name, name == scenario.profile};
  name = scenario.profile.empty() ? folder.default_profile : scenario.profile;
  return {name.empty() ? kDefaultProfile : name, true};
}

}  // namespace

Result<FolderProfiles> parse_folder_profiles(const Document& document) {
  Complainer complainer(document);
  FolderProfiles out;
  const auto first = [&]() -> Result<FolderProfiles> {
    return tl::make_unexpected(complainer.take().front().error(document.file));
  };
  const Json& root = document.data;
  if (!root.is_object() || !root.contains("profiles") || !root.at("profiles").is_object()) {
    complainer.add("", "'profiles' is missing", "write {\"profiles\": {NAME: {\"brokers\": […]}}}");
    return first();
  }
  for (const auto& [name, entry] : root.at("profiles").items()) {
    const std::string at = below("/profiles", name);
    FolderProfile& profile = out.profiles[name];
    try {
      profile.brokers = entry.at("brokers").get<std::vector<std::string>>();
      profile.metrics_url = entry.value("metrics_url", "");
    } catch (const Json::exception&) {
      complainer.add(at, "not brokers (a list) and a metrics_url (a text)");
      return first();
    }
    if (name.find('/') != std::string::npos) complainer.add(at, "a name with a slash");
  }
  out.default_profile =
      root.value("default_profile", Json("")).is_string() ? root.value("default_profile", "") : "";
  if (!out.default_profile.empty() && !out.profiles.contains(out.default_profile) &&
      !is_own_profile(out.default_profile)) {
    complainer.add("/default_profile", "no such profile '" + out.default_profile + "'");
  }
  if (!complainer.empty()) return first();
  return out;
}

Result<FolderProfiles> folder_profiles_of(const fs::path& scenario_file) {
  const fs::path file = scenario_file.parent_path() / kFolderProfiles;
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return FolderProfiles{};
  const auto document = read_document(file);
  if (!document) return tl::make_unexpected(document.error());
  return parse_folder_profiles(*document);
}

Result<Place> place_of(const Scenario& scenario, const PlaceOptions& options,
                       const fs::path& generated) {
  const auto folder = folder_profiles_of(scenario.file);
  if (!folder) return tl::make_unexpected(folder.error());
  const Choice choice = choose_profile(scenario, options, *folder);
  Place place;
  auto& variables = place.environment;
  variables["K6_PROFILE"] = choice.profile;
  std::string brokers = options.brokers.empty() ? environment("KS_BROKERS") : options.brokers;
  if (brokers.empty() && choice.by_file) brokers = list_of(scenario.brokers);
  if (const auto entry = folder->profiles.find(choice.profile); entry != folder->profiles.end()) {
    if (brokers.empty()) brokers = list_of(entry->second.brokers);
    if (environment("KS_METRICS_URL").empty() && !entry->second.metrics_url.empty()) {
      variables["KS_METRICS_URL"] = entry->second.metrics_url;
    }
    if (!is_own_profile(choice.profile)) {
      const auto file = write_profile(choice.profile, entry->second, generated);
      if (!file) return tl::make_unexpected(file.error());
      variables["K6_PROFILE"] = *file;
    }
  }
  if (!brokers.empty()) variables["KS_BROKERS"] = brokers;
  const ScopedEnvironment scope(variables);
  auto profile = target::load_profile("");
  if (!profile) return tl::make_unexpected(profile.error());
  place.profile = std::move(*profile);
  place.is_embedded = place.profile.name == "embedded" && place.profile.brokers.empty();
  return place;
}

ScopedEnvironment::ScopedEnvironment(const std::map<std::string, std::string>& values) {
  for (const auto& [name, value] : values) {
    before_[name] = environment(name.c_str());
    set_variable(name, value);
  }
}

ScopedEnvironment::~ScopedEnvironment() {
  for (const auto& [name, value] : before_) set_variable(name, value);
}

}  // namespace ks::scenario
