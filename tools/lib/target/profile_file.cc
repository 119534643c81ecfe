// One profile file's text to a Profile: the reader of reports/schema/profile-v1.json.

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "lib/cli/redact.h"
#include "lib/cli/units.h"
#include "lib/cli/yaml.h"
#include "lib/target/profile.h"
#include "lib/wire/address.h"

namespace ks::target {
namespace {

using cli::assign;
using cli::Result;
using Field = cli::YamlField;

class ProfileReader : public cli::YamlReader {
 public:
  using YamlReader::YamlReader;

  Result<void> read(const YAML::Node& root, Profile& profile) const;

 private:
  Result<void> read_field(const Field& field, Profile& profile) const;
  Result<void> read_target(const Field& field, TargetKind& out) const;
  Result<std::map<std::string, std::string>> text_map(const Field& field) const;
  Result<std::map<std::string, double>> number_map(const Field& field) const;
  Result<std::string> url(const Field& field) const;
  Result<std::vector<std::string>> urls(const Field& field) const;
  Result<std::vector<std::string>> brokers(const Field& field) const;
  Result<std::map<std::string, double>> durations(const Field& field) const;
  Result<std::vector<std::string>> clients(const Field& field) const;
  Result<Driver> driver(const Field& field) const;
  Result<std::map<std::string, std::string>> driver_commands(const Field& field) const;
  Result<Toxiproxies> toxiproxy(const Field& field) const;
  Result<std::map<std::string, std::string>> store(const Field& field) const;
  Result<std::optional<Principals>> principals(const Field& field) const;
  Result<std::map<std::string, std::string>> principal(const Field& field) const;
};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

template <std::size_t N>
std::string one_of(const std::array<std::string_view, N>& list) {
  std::string out = "not one of";
  for (const std::string_view word : list) out.append(" ").append(word);
  return out;
}

constexpr std::array<std::string_view, 3> kClients{"librdkafka", "wire", "java"};
constexpr std::array<std::string_view, 5> kDriverKinds{"none", "process", "compose", "kubectl",
                                                       "commands"};

Result<std::map<std::string, std::string>> ProfileReader::text_map(const Field& field) const {
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  std::map<std::string, std::string> out;
  for (const Field& entry : *entries) {
    const auto value = text(entry);
    if (!value) return tl::make_unexpected(value.error());
    const std::string name = entry.key.substr(field.key.size() + 1);
    if (cli::is_secret_name(name)) cli::add_secret(*value);
    out[name] = *value;
  }
  return out;
}

Result<std::map<std::string, double>> ProfileReader::number_map(const Field& field) const {
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  std::map<std::string, double> out;
  for (const Field& entry : *entries) {
    // A quoted "5" is a text to every YAML reader, so it is to this one.
    const bool quoted = entry.value.Tag() == "!";
    const auto value = cli::parse_number(entry.value.IsScalar() ? entry.value.Scalar() : "");
    if (quoted || !value) return error(entry, "not a number");
    out[entry.key.substr(field.key.size() + 1)] = *value;
  }
  return out;
}

Result<std::map<std::string, double>> ProfileReader::durations(const Field& field) const {
  auto out = number_map(field);
  if (!out) return out;
  for (const auto& [name, seconds] : *out) {
    if (std::ranges::find(kFaultDurations, name) == kFaultDurations.end()) {
      return error(field, "unknown key '" + name + "'");
    }
    if (seconds < 1 || seconds != std::floor(seconds)) {
      return error(field, "'" + name + "' is not a whole number of seconds from 1");
    }
  }
  return out;
}

Result<std::map<std::string, std::string>> ProfileReader::store(const Field& field) const {
  auto out = text_map(field);
  if (!out) return out;
  for (const auto& [name, value] : *out) {
    if (std::ranges::find(kStoreSettings, name) == kStoreSettings.end()) {
      return error(field, "unknown key '" + name + "'");
    }
    if (name == "endpoint" && !value.starts_with("http://") && !value.starts_with("https://")) {
      return error(field, "'endpoint' is not http:// or https://");
    }
  }
  return out;
}

Result<void> ProfileReader::read_target(const Field& field, TargetKind& out) const {
  const auto word = text(field);
  if (!word) return tl::make_unexpected(word.error());
  if (*word != "kafscale" && *word != "kafka") return error(field, "not one of kafscale kafka");
  out = *word == "kafka" ? TargetKind::kKafka : TargetKind::kKafscale;
  return {};
}

Result<std::string> ProfileReader::url(const Field& field) const {
  auto value = text(field);
  if (!value) return value;
  cli::add_secrets_of(*value);
  if (!value->starts_with("http://") && !value->starts_with("https://")) {
    return error(field, "not an http or https URL");
  }
  return value;
}

Result<std::vector<std::string>> ProfileReader::urls(const Field& field) const {
  auto values = texts(field);
  if (!values) return values;
  for (const YAML::Node& item : field.value) {
    if (auto value = url({field.key, item.Mark(), item}); !value)
      return tl::make_unexpected(value.error());
  }
  return values;
}

Result<std::vector<std::string>> ProfileReader::brokers(const Field& field) const {
  auto values = texts(field);
  if (!values) return values;
  for (const std::string& value : *values) {
    const auto address = wire::parse_address(value);
    if (!address) return error(field, address.error().what);
  }
  return values;
}

Result<std::vector<std::string>> ProfileReader::clients(const Field& field) const {
  auto values = texts(field);
  if (!values) return values;
  if (values->empty()) return error(field, "an empty list");
  std::set<std::string> seen;
  for (const std::string& value : *values) {
    if (!contains(kClients, value)) return error(field, one_of(kClients));
    if (!seen.insert(value).second) return error(field, "'" + value + "' twice");
  }
  return values;
}

Result<std::map<std::string, std::string>> ProfileReader::driver_commands(
    const Field& field) const {
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  for (const Field& entry : *entries) {
    const std::string verb = entry.key.substr(field.key.size() + 1);
    if (!contains(kCommandVerbs, verb)) return error(entry, one_of(kCommandVerbs));
  }
  return text_map(field);
}

Result<Driver> ProfileReader::driver(const Field& field) const {
  static const std::map<std::string, std::string Driver::*> kTexts{
      {"driver.kind", &Driver::kind},         {"driver.dir", &Driver::dir},
      {"driver.file", &Driver::file},         {"driver.env_file", &Driver::env_file},
      {"driver.project", &Driver::project},   {"driver.context", &Driver::context},
      {"driver.workload", &Driver::workload}, {"driver.namespace", &Driver::name_space}};
  static const std::map<std::string, std::vector<std::string> Driver::*> kLists{
      {"driver.services", &Driver::services}, {"driver.id_variables", &Driver::id_variables}};
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  Driver out;
  for (const Field& entry : *entries) {
    Result<void> read;
    if (const auto found = kTexts.find(entry.key); found != kTexts.end()) {
      read = assign(out.*(found->second), text(entry));
    } else if (const auto list = kLists.find(entry.key); list != kLists.end()) {
      read = assign(out.*(list->second), texts(entry));
    } else if (entry.key == "driver.commands") {
      read = assign(out.commands, driver_commands(entry));
    } else if (entry.key == "driver.brokers") {
      read = assign(out.brokers, brokers(entry));
    } else {
      return error(entry, "unknown key");
    }
    if (!read) return tl::make_unexpected(read.error());
    if (!contains(kDriverKinds, out.kind)) return error(entry, one_of(kDriverKinds));
  }
  if (!field.value["kind"]) return error(field, "kind is missing");
  return out;
}

Result<Toxiproxies> ProfileReader::toxiproxy(const Field& field) const {
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  Toxiproxies out;
  for (const Field& entry : *entries) {
    Result<void> read;
    if (entry.key == "toxiproxy.api_url") {
      read = assign(out.api_url, url(entry));
    } else if (entry.key == "toxiproxy.object_store") {
      read = assign(out.object_store, texts(entry));
    } else if (entry.key == "toxiproxy.brokers") {
      read = assign(out.brokers, texts(entry));
    } else if (entry.key == "toxiproxy.clients") {
      read = assign(out.clients, texts(entry));
    } else {
      return error(entry, "unknown key");
    }
    if (!read) return tl::make_unexpected(read.error());
  }
  return out;
}

Result<std::map<std::string, std::string>> ProfileReader::principal(const Field& field) const {
  auto properties = text_map(field);
  // Without any it would be whoever the others are.
  if (properties && properties->empty()) return error(field, "no property");
  return properties;
}

Result<std::optional<Principals>> ProfileReader::principals(const Field& field) const {
  const auto entries = fields(field);
  if (!entries) return tl::make_unexpected(entries.error());
  Principals out;
  for (const Field& entry : *entries) {
    Result<void> read;
    if (entry.key == "principals.allowed") {
      read = assign(out.allowed, principal(entry));
    } else if (entry.key == "principals.denied") {
      read = assign(out.denied, principal(entry));
    } else if (entry.key == "principals.brokers") {
      read = assign(out.brokers, brokers(entry));
    } else {
      return error(entry, "unknown key");
    }
    if (!read) return tl::make_unexpected(read.error());
  }
  if (out.allowed.empty()) return error(field, "allowed is missing");
  if (out.denied.empty()) return error(field, "denied is missing");
  return std::optional(std::move(out));
}

Result<void> ProfileReader::read_field(const Field& field, Profile& profile) const {
  if (field.key == "target") return read_target(field, profile.target);
  if (field.key == "brokers") return assign(profile.brokers, brokers(field));
  if (field.key == "clients") return assign(profile.clients, clients(field));
  if (field.key == "metrics_url") return assign(profile.metrics_url, url(field));
  if (field.key == "health_urls") return assign(profile.health_urls, urls(field));
  if (field.key == "driver") return assign(profile.driver, driver(field));
  if (field.key == "limits") return assign(profile.limits, number_map(field));
  if (field.key == "durations") return assign(profile.durations, durations(field));
  if (field.key == "librdkafka") return assign(profile.librdkafka, text_map(field));
  if (field.key == "toxiproxy") return assign(profile.toxiproxy, toxiproxy(field));
  if (field.key == "principals") return assign(profile.principals, principals(field));
  if (field.key == "store") return assign(profile.store, store(field));
  return error(field, "unknown key");
}

Result<void> ProfileReader::read(const YAML::Node& root, Profile& profile) const {
  const auto entries = fields({"", root.Mark(), root});
  if (!entries) return tl::make_unexpected(entries.error());
  for (const Field& field : *entries) {
    if (auto read = read_field(field, profile); !read) return read;
  }
  for (const char* required : {"target", "brokers"}) {
    if (!root[required]) {
      return error(root.Mark(), std::string("key '") + required + "' is missing");
    }
  }
  return {};
}

}  // namespace

Result<Profile> parse_profile(const std::string& text, const std::string& file) {
  const ProfileReader reader(file);
  Profile profile;
  const auto read =
      reader.parse(text, [&](const YAML::Node& root) { return reader.read(root, profile); });
  if (!read) return tl::make_unexpected(read.error());
  return profile;
}

}  // namespace ks::target
