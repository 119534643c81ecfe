#include "lib/wire/schema.h"

#include <algorithm>
#include <charconv>
#include <deque>
#include <limits>
#include <map>
#include <mutex>
#include <stdexcept>

namespace ks::wire {
namespace {

// A line for each message and, indented by two more than what it belongs to, for each field.
constexpr std::string_view kTable =
#include "lib/wire/messages/table.inc"
    ;

// Takes what comes before `end` off the front of `text`, and `end` with it.
std::string_view take(std::string_view& text, char end) {
  const std::size_t size = text.find(end);
  const std::string_view taken = text.substr(0, size);
  text.remove_prefix(size == std::string_view::npos ? text.size() : size + 1);
  return taken;
}

// What is not a digit ends it.
template <typename T>
T number(std::string_view text) {
  T value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

// "3", "0-9", or "3+" for 3 to `latest`.
VersionRange range(std::string_view text, std::int16_t latest) {
  const auto first = number<std::int16_t>(text);
  if (text.ends_with('+')) return {first, latest};
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return {first, first};
  return {first, number<std::int16_t>(text.substr(dash + 1))};
}

Type type(std::string_view name) {
  static constexpr std::array<std::string_view, 12> kNames = {
      "bool",    "int8", "int16",  "uint16", "int32",   "int64",
      "float64", "uuid", "string", "bytes",  "records", "struct"};
  return static_cast<Type>(std::ranges::find(kNames, name) - kNames.begin());
}

// `text` is empty where a type's own beginning is the default.
Value default_value(const FieldSchema& field, std::string_view text) {
  if (text == "null") return nullptr;
  if (field.is_array) return Value::array({});
  switch (field.type) {
    case Type::kBool:
      return text == "true";
    case Type::kFloat64:
      return number<double>(text);
    case Type::kUuid:
      return Uuid{};
    case Type::kString:
      return "";
    case Type::kRecords:
      if (field.nullable.served()) return nullptr;
      return Value::bytes({});
    case Type::kBytes:
      return Value::bytes({});
    case Type::kStruct: {
      Value::Struct fields;
      for (const FieldSchema& each : field.fields)
        fields.emplace_back(each.name, each.default_value);
      return fields;
    }
    default:
      return number<std::int64_t>(text);
  }
}

// The fields at the front of `lines` that are indented by `depth` or more.
std::vector<FieldSchema> parse_fields(std::string_view& lines, std::size_t depth,
                                      std::int16_t latest) {
  std::vector<FieldSchema> fields;
  while (lines.find_first_not_of(' ') == depth) {
    std::string_view line = take(lines, '\n').substr(depth);
    FieldSchema& field = fields.emplace_back();
    field.name = take(line, ' ');
    std::string_view type_name = take(line, ' ');
    field.is_array = type_name.starts_with("[]");
    field.type = type(type_name.substr(field.is_array ? 2 : 0));
    field.versions = range(take(line, ' '), latest);
    std::string_view default_text;
    while (!line.empty()) {
      const std::string_view word = take(line, ' ');
      if (word == "tag") field.tag = number<int>(take(line, ' '));
      if (word == "nullable") field.nullable = range(take(line, ' '), latest);
      if (word == "default") default_text = take(line, ' ');
      if (word == "ignorable") field.ignorable = true;
      if (word == "inflexible") field.inflexible = true;
    }
    field.fields = parse_fields(lines, depth + 2, latest);
    field.default_value = default_value(field, default_text);
  }
  return fields;
}

// A message of which only the head is read before somebody wants the fields.
struct Entry {
  MessageSchema schema;
  std::string_view field_lines;
  std::once_flag parsed;

  const MessageSchema* message() {
    std::call_once(parsed,
                   [this] { schema.fields = parse_fields(field_lines, 2, schema.versions.max); });
    return &schema;
  }
};

MessageSchema parse_head(std::string_view line) {
  MessageSchema message;
  message.name = take(line, ' ');
  while (!line.empty()) {
    const std::string_view word = take(line, ' ');
    const std::string_view value = take(line, ' ');
    if (word == "key") message.api_key = ApiKey{number<std::int16_t>(value)};
    if (word == "versions") message.versions = range(value, -1);
    if (word == "flexible") message.flexible = range(value, message.versions.max);
    if (word == "unstable") message.unstable = range(value, message.versions.max);
  }
  return message;
}

// The unstable versions are the first or the last.
VersionRange stable(const MessageSchema& message) {
  VersionRange stable = message.versions;
  if (!message.unstable.served()) return stable;
  if (message.unstable.min == stable.min) {
    stable.min = static_cast<std::int16_t>(message.unstable.max + 1);
  } else {
    stable.max = static_cast<std::int16_t>(message.unstable.min - 1);
  }
  return stable;
}

class Table {
 public:
  Table() {
    std::string_view text = kTable;
    take(text, '\n');  // says who wrote it
    while (!text.empty()) {
      Entry& entry = entries_.emplace_back();
      entry.schema = parse_head(take(text, '\n'));
      const std::size_t size = fields_size(text);
      entry.field_lines = text.substr(0, size);
      text.remove_prefix(size);
      index(entry);
    }
  }

  Entry* find(std::string_view name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }
  const std::vector<Api>& apis() const { return apis_; }

 private:
  static std::size_t fields_size(std::string_view text) {
    std::size_t at = 0;
    while (at < text.size() && text[at] == ' ') at = text.find('\n', at) + 1;
    return at;
  }

  void index(Entry& entry) {
    const MessageSchema& message = entry.schema;
    by_name_[message.name] = &entry;
    constexpr std::string_view kRequest = "Request";
    if (message.api_key < ApiKey{0} || !message.name.ends_with(kRequest)) return;
    const std::string_view name = message.name.substr(0, message.name.size() - kRequest.size());
    apis_.push_back({message.api_key, name, message.versions, stable(message)});
  }

  std::deque<Entry> entries_;  // they never move
  std::map<std::string_view, Entry*> by_name_;
  std::vector<Api> apis_;
};

Table& table() {
  static Table table;
  return table;
}

}  // namespace

std::string VersionRange::text() const {
  if (!served()) return "none";
  if (min == max) return std::to_string(min);
  return std::to_string(min) + "-" + std::to_string(max);
}

bool FieldSchema::is_default(const Value& value) const {
  const auto* given = value.get_if<Value::Struct>();
  if (given == nullptr || is_array || default_value.is_null()) return value == default_value;
  return std::ranges::all_of(*given, [this](const Value::Field& each) {
    const auto known = std::ranges::find(fields, each.name, &FieldSchema::name);
    return known != fields.end() && known->is_default(each.value);
  });
}

std::string MessageSchema::name_at(std::int16_t version) const {
  return std::string(name) + " v" + std::to_string(version);
}

const FieldSchema& tagged_fields_schema() {
  static const FieldSchema kSchema = [] {
    std::string_view lines =
        "  _tagged_fields []struct 0+\n"
        "    tag int64 0+\n"
        "    data bytes 0+\n";
    return parse_fields(lines, 2, std::numeric_limits<std::int16_t>::max()).front();
  }();
  return kSchema;
}

const std::vector<Api>& all_apis() { return table().apis(); }

const Api* find_api(ApiKey key) {
  const std::vector<Api>& apis = all_apis();
  const auto found = std::ranges::lower_bound(apis, key, {}, &Api::key);
  return found == apis.end() || found->key != key ? nullptr : &*found;
}

const Api* find_api(std::string_view name) {
  const auto found = std::ranges::find(all_apis(), name, &Api::name);
  return found == all_apis().end() ? nullptr : &*found;
}

std::string api_name(std::int16_t key) {
  const Api* api = find_api(ApiKey{key});
  return api == nullptr ? "api " + std::to_string(key) : std::string(api->name);
}

const MessageSchema* find_message(std::string_view name) {
  Entry* entry = table().find(name);
  return entry == nullptr ? nullptr : entry->message();
}

const MessageSchema* find_request(ApiKey key) {
  const Api* api = find_api(key);
  return api == nullptr ? nullptr : find_message(std::string(api->name) + "Request");
}

const MessageSchema* find_response(ApiKey key) {
  const Api* api = find_api(key);
  return api == nullptr ? nullptr : find_message(std::string(api->name) + "Response");
}

}  // namespace ks::wire
