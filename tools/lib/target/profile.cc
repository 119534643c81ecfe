#include "lib/target/profile.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "lib/cli/environment.h"
#include "lib/cli/file.h"
#include "lib/cli/project.h"
#include "lib/cli/redact.h"
#include "lib/wire/address.h"

namespace ks::target {
namespace {

namespace fs = std::filesystem;
using cli::environment;
using cli::Result;

constexpr const char* kDefaultProfile = "local-service";
constexpr const char* kKafkaProfile = "kafka-local";
constexpr const char* kCharter = "charter";  // lies beside them, and is none

std::vector<std::string> split_at_commas(const std::string& list) {
  std::vector<std::string> out;
  for (std::size_t begin = 0; begin <= list.size();) {
    const std::size_t end = std::min(list.find(',', begin), list.size());
    if (end > begin) out.push_back(list.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

std::string profiles_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string name = entry.path().stem().string();
    if (entry.path().extension() == ".yaml" && name != kCharter) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  std::string out;
  for (const std::string& name : names) out += (out.empty() ? "" : ", ") + name;
  return out;
}

std::string chosen_profile(const std::string& flag) {
  if (!flag.empty()) return flag;
  if (std::string name = environment("K6_PROFILE"); !name.empty()) return name;
  return environment("K6_TARGET") == "kafka" ? kKafkaProfile : kDefaultProfile;
}

struct ProfileFile {
  std::string label;  // as errors show it: short, and the same on every machine
  std::string text;
};

Result<ProfileFile> read_profile_file(const std::string& name) {
  if (name.find('/') != std::string::npos) {
    auto text = cli::read_file(name);
    if (!text) return tl::make_unexpected(text.error());
    return ProfileFile{name, std::move(*text)};
  }
  const std::string label = "profiles/" + name + ".yaml";
  const fs::path folder = cli::find_in_project("profiles");
  const fs::path path = folder / (name + ".yaml");
  std::error_code ignored;
  if (folder.empty() || !fs::exists(path, ignored)) {
    const std::string known = profiles_in(folder);
    return cli::fail("no such profile", label,
                     known.empty() ? "set KS_HOME to the project's folder" : "there are " + known);
  }
  auto text = cli::read_file(path);
  if (!text) return cli::fail(text.error().what, label, text.error().action);
  return ProfileFile{label, std::move(*text)};
}

Result<void> apply_target(const std::string& wanted, Profile& profile) {
  if (wanted.empty() || wanted == to_string(profile.target)) return {};
  if (wanted == "kafka") {
    profile.target = TargetKind::kKafka;
    return {};
  }
  if (wanted != "kafscale") {
    return cli::fail("unknown target '" + wanted + "'", "K6_TARGET", "choose kafscale or kafka");
  }
  return cli::fail("a kafka profile cannot be tested as kafscale",
                   "K6_TARGET=kafscale with profile " + profile.name,
                   "unset K6_TARGET or choose a kafscale profile");
}

// The addresses in a variable of the environment; nothing where it is not set.
Result<std::vector<std::string>> addresses_in(const char* variable) {
  const auto list = environment(variable);
  if (list.empty()) return std::vector<std::string>();
  const auto addresses = wire::parse_addresses(list);
  if (!addresses) return cli::fail(addresses.error().what, variable, addresses.error().action);
  return wire::texts(*addresses);
}

Result<void> apply_addresses(Profile& profile) {
  auto brokers = addresses_in("KS_BROKERS");
  if (!brokers) return tl::make_unexpected(brokers.error());
  auto of_principals = addresses_in("KS_PRINCIPAL_BROKERS");
  if (!of_principals) return tl::make_unexpected(of_principals.error());
  if (!brokers->empty()) {
    profile.brokers = std::move(*brokers);
    profile.driver.brokers.clear();  // of another environment
    if (profile.principals) profile.principals->brokers.clear();
  }
  if (profile.principals && !of_principals->empty()) {
    profile.principals->brokers = std::move(*of_principals);
  }
  return {};
}

Result<void> apply_environment(Profile& profile) {
  if (auto applied = apply_addresses(profile); !applied) return applied;
  if (const auto url = environment("KS_METRICS_URL"); !url.empty()) {
    cli::add_secrets_of(url);
    profile.metrics_url = url;
  }
  if (const auto list = environment("KS_HEALTH_URLS"); !list.empty()) {
    cli::add_secrets_of(list);
    profile.health_urls = split_at_commas(list);
  }
  if (const auto dir = environment("KS_DRIVER_DIR"); !dir.empty()) profile.driver.dir = dir;
  if (const auto url = environment("KS_TOXIPROXY"); !url.empty()) {
    cli::add_secrets_of(url);
    profile.toxiproxy.api_url = url;
  }
  if (const auto url = environment("KS_STORE"); !url.empty()) profile.store["url"] = url;
  return {};
}

}  // namespace

std::string_view to_string(TargetKind kind) {
  return kind == TargetKind::kKafka ? "kafka" : "kafscale";
}

Result<Profile> load_profile(const std::string& flag) {
  const std::string name = chosen_profile(flag);
  const auto file = read_profile_file(name);
  if (!file) return tl::make_unexpected(file.error());
  auto profile = parse_profile(file->text, file->label);
  if (!profile) return profile;
  profile->name = fs::path(name).stem().string();
  if (auto applied = apply_target(environment("K6_TARGET"), *profile); !applied) {
    return tl::make_unexpected(applied.error());
  }
  if (auto applied = apply_environment(*profile); !applied) {
    return tl::make_unexpected(applied.error());
  }
  return profile;
}

}  // namespace ks::target
