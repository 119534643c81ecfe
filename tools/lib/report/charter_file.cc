// One charter file's text to a Charter: the reader of reports/schema/charter-v1.json.

#include <algorithm>
#include <charconv>
#include <chrono>
#include <map>
#include <set>

#include "lib/cli/yaml.h"
#include "lib/report/charter.h"
#include "lib/report/pattern.h"
#include "lib/report/text.h"

namespace ks::report {
namespace {

using cli::assign;
using cli::Result;
using Field = cli::YamlField;
using Fields = std::map<std::string, Field>;

constexpr std::string_view kWordCharacters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";

bool is_word(const std::string& text) {
  return !text.empty() && text.find_first_not_of(kWordCharacters) == std::string::npos;
}

template <typename T>
bool read_number(std::string_view text, T& out) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  return error == std::errc() && end == text.data() + text.size() && !text.starts_with('-');
}

bool is_date(const std::string& text) {
  int year = 0;
  unsigned month = 0, day = 0;
  return text.size() == 10 && text[4] == '-' && text[7] == '-' &&
         read_number(text.substr(0, 4), year) && read_number(text.substr(5, 2), month) &&
         read_number(text.substr(8, 2), day) &&
         std::chrono::year_month_day(std::chrono::year(year), std::chrono::month(month),
                                     std::chrono::day(day))
             .ok();
}

// "0-9" or "3"; not served where it is neither.
wire::VersionRange parse_versions(std::string_view text) {
  wire::VersionRange range;
  const std::size_t dash = text.find('-');
  const bool good =
      read_number(text.substr(0, dash), range.min) &&
      (dash == std::string_view::npos || read_number(text.substr(dash + 1), range.max));
  if (!good) return {};
  if (dash == std::string_view::npos) range.max = range.min;
  return range;
}

class CharterReader : public cli::YamlReader {
 public:
  using YamlReader::YamlReader;

  Result<void> read(const YAML::Node& root, Charter& charter) const;

 private:
  using Keys = std::initializer_list<std::string_view>;

  Result<Fields> keys(const Field& parent, Keys required, Keys optional) const;
  Result<std::string> line(const Field& field) const;
  Result<std::string> word(const Field& field) const;
  Result<std::string> date(const Field& field) const;
  Result<std::string> pattern(const Field& field) const;
  Result<std::string> client(const Field& field) const;
  Result<CheckRef> evidence(const Field& item) const;
  Result<std::vector<CheckRef>> evidences(const Field& list) const;
  Result<std::optional<PromisedApi>> api(const Field& parent, const Fields& keys) const;
  Result<Coverage> coverage(const Field& item) const;
  Result<Promise> promise(const Field& item) const;
  Result<Gap> gap(const Field& item) const;

  // The items of a list that may not be empty.
  Result<std::vector<Field>> some(const Field& list) const;

  // The items of a list, no two of them with the same id.
  template <typename T>
  Result<std::vector<T>> all(const Field& list,
                             Result<T> (CharterReader::*one)(const Field&) const) const;
};

// The keys of an item, under their own names.
Result<Fields> CharterReader::keys(const Field& parent, Keys required, Keys optional) const {
  const auto entries = fields(parent);
  if (!entries) return tl::make_unexpected(entries.error());
  Fields out;
  for (const Field& entry : *entries) {
    const std::string name =
        parent.key.empty() ? entry.key : entry.key.substr(parent.key.size() + 1);
    if (std::ranges::find(required, name) == required.end() &&
        std::ranges::find(optional, name) == optional.end()) {
      return error(entry, "unknown key",
                   "reports/schema/charter-v1.json lists those that there are");
    }
    out.emplace(name, entry);
  }
  for (const std::string_view name : required) {
    if (out.count(std::string(name)) == 0) {
      return error(parent, std::string(name) + " is missing", "add it");
    }
  }
  return out;
}

Result<std::string> CharterReader::line(const Field& field) const {
  auto value = text(field);
  if (!value) return value;
  if (value->find_first_not_of(" \t\n") == std::string::npos) {
    return error(field, "empty", "say it in words");
  }
  return one_line(*value);
}

Result<std::string> CharterReader::word(const Field& field) const {
  auto value = text(field);
  if (value && !is_word(*value)) {
    return error(field, "not a word of letters, digits, '.', '_' and '-'", "write one");
  }
  return value;
}

Result<std::string> CharterReader::date(const Field& field) const {
  auto value = text(field);
  if (value && !is_date(*value)) return error(field, "not a date", "write it like 2026-12-31");
  return value;
}

Result<std::string> CharterReader::pattern(const Field& field) const {
  auto value = text(field);
  if (!value) return value;
  if (value->empty()) return error(field, "empty", "leave it out to accept any reason");
  const auto ok = check_pattern(*value);
  if (!ok) return error(field, ok.error().what, "write one as for grep -E");
  return value;
}

// Empty for all.
Result<std::string> CharterReader::client(const Field& field) const {
  auto value = word(field);
  if (value && *value == "all") value->clear();
  return value;
}

// A check's name, or check and client.
Result<CheckRef> CharterReader::evidence(const Field& item) const {
  CheckRef ref;
  ref.line = item.mark.line + 1;
  if (item.value.IsScalar()) {
    if (auto ok = assign(ref.check, word(item)); !ok) return tl::make_unexpected(ok.error());
    return ref;
  }
  const auto found = keys(item, {"check", "client"}, {});
  if (!found) return tl::make_unexpected(found.error());
  auto ok = assign(ref.check, word(found->at("check")));
  if (ok) ok = assign(ref.client, client(found->at("client")));
  if (!ok) return tl::make_unexpected(ok.error());
  return ref;
}

Result<std::vector<Field>> CharterReader::some(const Field& list) const {
  auto out = items(list);
  if (out && out->empty()) return error(list, "an empty list", "name a check of gates/stages.json");
  return out;
}

Result<std::vector<CheckRef>> CharterReader::evidences(const Field& list) const {
  const auto fields = some(list);
  if (!fields) return tl::make_unexpected(fields.error());
  std::vector<CheckRef> out;
  for (const Field& item : *fields) {
    auto ref = evidence(item);
    if (!ref) return tl::make_unexpected(ref.error());
    out.push_back(std::move(*ref));
  }
  return out;
}

Result<std::optional<PromisedApi>> CharterReader::api(const Field& parent,
                                                      const Fields& keys) const {
  const auto name = keys.find("api"), versions = keys.find("versions");
  if (name == keys.end() && versions == keys.end()) return std::nullopt;
  if (name == keys.end() || versions == keys.end()) {
    return error(parent, "api and versions go together", "give both, or none");
  }
  const auto words = text(name->second), range = text(versions->second);
  if (!words) return tl::make_unexpected(words.error());
  if (!range) return tl::make_unexpected(range.error());
  const wire::Api* known = wire::find_api(*words);
  if (known == nullptr) {
    return error(name->second, "unknown API '" + *words + "'",
                 "write it as the protocol guide does, like ListOffsets");
  }
  PromisedApi out{known->key, std::string(known->name), parse_versions(*range)};
  if (!out.versions.served()) {
    return error(versions->second, "not a range of versions", "write it like 0-9, or 3");
  }
  return out;
}

Result<Promise> CharterReader::promise(const Field& item) const {
  const auto found = keys(item, {"id", "promise", "evidence"}, {"api", "versions"});
  if (!found) return tl::make_unexpected(found.error());
  Promise out;
  auto ok = assign(out.id, word(found->at("id")));
  if (ok) ok = assign(out.text, line(found->at("promise")));
  if (ok) ok = assign(out.evidence, evidences(found->at("evidence")));
  if (ok) ok = assign(out.api, api(item, *found));
  if (!ok) return tl::make_unexpected(ok.error());
  return out;
}

Result<Coverage> CharterReader::coverage(const Field& item) const {
  const auto found = keys(item, {"check", "client"}, {"step", "matches"});
  if (!found) return tl::make_unexpected(found.error());
  Coverage out;
  out.of.line = item.mark.line + 1;
  auto ok = assign(out.of.check, word(found->at("check")));
  if (ok) ok = assign(out.of.client, client(found->at("client")));
  if (ok && found->count("step") != 0) ok = assign(out.step, word(found->at("step")));
  if (ok && found->count("matches") != 0) ok = assign(out.pattern, pattern(found->at("matches")));
  if (!ok) return tl::make_unexpected(ok.error());
  return out;
}

Result<Gap> CharterReader::gap(const Field& item) const {
  const auto found = keys(item, {"id", "covers", "reason", "owner", "expires"}, {});
  if (!found) return tl::make_unexpected(found.error());
  Gap out;
  auto ok = assign(out.id, word(found->at("id")));
  if (ok) ok = assign(out.reason, line(found->at("reason")));
  if (ok) ok = assign(out.owner, line(found->at("owner")));
  if (ok) ok = assign(out.expires, date(found->at("expires")));
  if (!ok) return tl::make_unexpected(ok.error());
  const auto covers = some(found->at("covers"));
  if (!covers) return tl::make_unexpected(covers.error());
  for (const Field& covered : *covers) {
    auto one = coverage(covered);
    if (!one) return tl::make_unexpected(one.error());
    out.covers.push_back(std::move(*one));
  }
  return out;
}

template <typename T>
Result<std::vector<T>> CharterReader::all(const Field& list,
                                          Result<T> (CharterReader::*one)(const Field&)
                                              const) const {
  const auto fields = items(list);
  if (!fields) return tl::make_unexpected(fields.error());
  std::vector<T> out;
  std::set<std::string> ids;
  for (const Field& item : *fields) {
    auto read = (this->*one)(item);
    if (!read) return tl::make_unexpected(read.error());
    if (!ids.insert(read->id).second) {
      return error(item, "id '" + read->id + "' twice", "give each an id of its own");
    }
    out.push_back(std::move(*read));
  }
  return out;
}

Result<void> CharterReader::read(const YAML::Node& root, Charter& charter) const {
  const auto found = keys({"", root.Mark(), root}, {"promises", "gaps"}, {});
  if (!found) return tl::make_unexpected(found.error());
  auto ok = assign(charter.promises, all(found->at("promises"), &CharterReader::promise));
  if (ok) ok = assign(charter.gaps, all(found->at("gaps"), &CharterReader::gap));
  return ok;
}

}  // namespace

Result<Charter> parse_charter(const std::string& text, const std::string& file) {
  const CharterReader reader(file);
  Charter charter;
  charter.file = file;
  const auto read =
      reader.parse(text, [&](const YAML::Node& root) { return reader.read(root, charter); });
  if (read) return charter;
  cli::Error bad = read.error();
  if (bad.action.empty()) bad.action = "reports/schema/charter-v1.json says what it has to be";
  return tl::make_unexpected(bad);
}

}  // namespace ks::report
