#include <algorithm>

#include "lib/admin/commands.h"
#include "lib/admin/pairs.h"
#include "lib/cli/redact.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::ConfigEntry;
using client::ConfigResource;
using client::Operation;
using Entries = std::vector<ConfigEntry>;
using Settings = std::vector<cli::SettingArg>;

// Brokers learn of a change from their controller: reading back may need a moment.
constexpr cli::DurationArg kReadBackWait{std::chrono::seconds(5)};

struct Resource {
  ConfigResource kind = ConfigResource::kTopic;
  std::string name;
  std::string text() const {
    return (kind == ConfigResource::kTopic ? "topic " : "broker ") + name;
  }
};

// The first two names: "topic NAME" or "broker ID".
cli::Result<Resource> parse_resource(const std::vector<std::string>& names) {
  if (names[0] == "topic") return Resource{ConfigResource::kTopic, names[1]};
  if (names[0] != "broker") {
    return cli::fail("unknown resource '" + names[0] + "'", "configs", "give topic or broker");
  }
  if (!cli::parse_count(names[1])) {
    return cli::fail("not a broker id '" + names[1] + "'", "configs", "give its number");
  }
  return Resource{ConfigResource::kBroker, names[1]};
}

cli::Result<Pairs> expected_configs(const tool::Session& session) {
  return to_pairs(session.option<Settings>("expect-config", {}), "--expect-config");
}

const ConfigEntry* find_entry(const Entries& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const ConfigEntry& e) { return e.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

// What of `expected` does not hold, in words; empty where it holds.
std::string mismatch(const Entries& entries, const std::string& name, const std::string& expected) {
  const ConfigEntry* entry = find_entry(entries, name);
  const std::string seen = entry == nullptr ? "not there" : "'" + entry->value + "'";
  if (entry != nullptr && entry->value == expected) return {};
  return "config " + name + " is " + seen + ", expected '" + expected + "'";
}

cli::Result<Answer> judge(const Resource& resource, const Entries& entries, const Pairs& expected) {
  Answer answer;
  double mismatched = 0;
  for (const auto& [name, value] : expected) {
    const ConfigEntry* entry = find_entry(entries, name);
    if (entry != nullptr && entry->is_sensitive) {
      return cli::fail("config " + name + " is sensitive, its value is not told", resource.text(),
                       "it cannot be expected");
    }
    const std::string wrong = mismatch(entries, name, value);
    if (wrong.empty()) continue;
    mismatched += 1;
    if (answer.violation.empty()) answer.violation = wrong + ": " + resource.text();
  }
  answer.metrics = {{"configs_mismatched", mismatched}};
  return answer;
}

void add_row(const ConfigEntry& entry, Table& table) {
  const std::string value = entry.is_sensitive ? std::string(cli::kRedacted) : entry.value;
  table.rows.push_back(
      {entry.name, value, entry.is_default, entry.is_read_only, entry.is_sensitive});
}

const std::vector<std::string> kColumns{"config", "value", "default", "read_only", "sensitive"};

// What must be sent along so that it stays: AlterConfigs replaces the whole set.
cli::Result<Pairs> settings_to_keep(const Resource& resource, const Entries& current,
                                    const Pairs& changes) {
  Pairs kept;
  for (const ConfigEntry& entry : current) {
    if (entry.is_default || entry.is_read_only || changes.count(entry.name) != 0) continue;
    if (entry.is_sensitive) {
      return cli::fail("altering would lose the sensitive setting " + entry.name, resource.text(),
                       "give its value, too");
    }
    kept[entry.name] = entry.value;
  }
  return kept;
}

// What was changed, as the broker tells it now, against `expected`.
cli::Result<Answer> read_back(Context& context, const Resource& resource, const Pairs& changes,
                              Pairs expected) {
  const auto entries = context.ask(&Admin::describe_configs, resource.kind, resource.name);
  if (!entries) return tl::make_unexpected(entries.error());
  Table table{kColumns, {}};
  for (const ConfigEntry& entry : *entries) {
    if (changes.count(entry.name) == 0) continue;
    add_row(entry, table);
    if (entry.is_sensitive) expected.erase(entry.name);
  }
  auto answer = judge(resource, *entries, expected);
  if (answer) answer->table = std::move(table);
  return answer;
}

}  // namespace

cli::Result<Answer> describe_configs(Context& context) {
  const auto resource = parse_resource(context.names);
  if (!resource) return tl::make_unexpected(resource.error());
  const auto expected = expected_configs(context.session);
  if (!expected) return tl::make_unexpected(expected.error());
  if (auto ok = context.connect({Operation::kDescribeConfigs}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  auto entries = context.ask(&Admin::describe_configs, resource->kind, resource->name);
  if (!entries) return tl::make_unexpected(entries.error());
  std::sort(entries->begin(), entries->end(),
            [](const ConfigEntry& a, const ConfigEntry& b) { return a.name < b.name; });
  auto answer = judge(*resource, *entries, *expected);
  if (!answer) return answer;
  answer->table.columns = kColumns;
  double changed = 0;
  for (const ConfigEntry& entry : *entries) {
    add_row(entry, answer->table);
    changed += entry.is_default ? 0 : 1;
  }
  answer->metrics["configs"] = static_cast<double>(entries->size());
  answer->metrics["configs_not_default"] = changed;
  return answer;
}

cli::Result<Answer> alter_configs(Context& context) {
  const auto resource = parse_resource(context.names);
  if (!resource) return tl::make_unexpected(resource.error());
  const auto changes = parse_pairs(std::span(context.names).subspan(2), "configs alter");
  if (!changes) return tl::make_unexpected(changes.error());
  auto expected = expected_configs(context.session);
  if (!expected) return tl::make_unexpected(expected.error());
  expected->insert(changes->begin(), changes->end());  // what was asked for explicitly stays
  if (auto ok = context.connect({Operation::kDescribeConfigs, Operation::kAlterConfigs}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const auto current = context.ask(&Admin::describe_configs, resource->kind, resource->name);
  if (!current) return tl::make_unexpected(current.error());
  const auto kept = settings_to_keep(*resource, *current, *changes);
  if (!kept) return tl::make_unexpected(kept.error());
  Pairs all = *changes;
  all.insert(kept->begin(), kept->end());
  if (auto ok = context.ask(&Admin::alter_configs, resource->kind, resource->name, all); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const auto look = [&](Context& again) -> cli::Result<Answer> {
    auto answer = read_back(again, *resource, *changes, *expected);
    if (!answer) return answer;
    answer->metrics["configs"] = static_cast<double>(changes->size());
    answer->metrics["configs_kept"] = static_cast<double>(kept->size());
    return answer;
  };
  return context.ask_until_it_holds(look, context.session.option("wait", kReadBackWait).value);
}

}  // namespace ks::admin
