#include "lib/audit/cdc_input.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>

#include "lib/cli/file.h"

namespace ks::audit {
namespace {

using Json = nlohmann::json;
using verify::CdcEvent;
using verify::CdcInput;
using verify::CdcWorkerEvent;

// Each line is given as JSON; what it throws of nlohmann's makes the line malformed.
cli::Result<void> each_line(std::string_view text, const std::string& file, const char* what,
                            const std::function<void(const Json&)>& take) {
  std::size_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty()) continue;
    try {
      take(Json::parse(line));
    } catch (const Json::exception&) {
      return cli::fail(std::string("not ") + what, file + ":" + std::to_string(number));
    }
  }
  return {};
}

CdcWorkerEvent::Kind kind_of(const std::string& event) {
  if (event == "start") return CdcWorkerEvent::Kind::kStart;
  if (event == "kill") return CdcWorkerEvent::Kind::kKill;
  if (event == "stop") return CdcWorkerEvent::Kind::kStop;
  if (event == "gone") return CdcWorkerEvent::Kind::kGone;
  throw Json::out_of_range::create(0, "event", nullptr);
}

verify::CdcChange change_of(const Json& json) {
  const std::string op = json.at("op");
  if (op != "c" && op != "u" && op != "d") throw Json::out_of_range::create(0, "op", nullptr);
  return {json.at("table"), json.at("id"), op.front(), json.at("value")};
}

void take_diary_line(const Json& line, CdcInput& input) {
  const std::string event = line.at("event");
  if (event != "committed") {
    input.worker.push_back({kind_of(event), line.at("time_ms")});
    return;
  }
  verify::CdcCommit commit{line.at("time_ms"), line.at("lsn"), {}};
  for (const Json& change : line.at("changes")) commit.changes.push_back(change_of(change));
  input.commits.push_back(std::move(commit));
}

// What a converter with schemas writes has the event one level deeper.
Json unwrapped(const std::string& payload) {
  Json json = Json::parse(payload);
  return json.contains("schema") && json.contains("payload") ? json.at("payload") : json;
}

// Created, updated, deleted, or read by a snapshot. Debezium has others, such as "t" for a table
// that was emptied: what nobody asked for, and no tombstone.
char event_op(const std::string& op) {
  for (const char* known : {"c", "u", "d", "r"}) {
    if (op == known) return op.front();
  }
  throw Json::out_of_range::create(0, "op", nullptr);
}

// Throws where it is none.
void take_change_event(const std::string& payload, CdcEvent& event) {
  const Json json = unwrapped(payload);
  const std::string op = json.at("op");
  const Json& row = json.at(op == "d" ? "before" : "after");
  CdcEvent out = event;
  out.table = json.at("source").at("table");
  out.lsn = json.at("source").at("lsn");
  out.time_ms = json.at("ts_ms");
  out.id = row.at("id");
  out.value = op == "d" ? 0 : row.at("value").get<std::int64_t>();
  out.op = event_op(op);
  event = std::move(out);
}

CdcEvent event_of(const Json& line) {
  const std::string topic = line.at("topic");
  CdcEvent event;
  event.table = topic.substr(topic.rfind('.') + 1);
  event.partition = line.at("partition");
  event.offset = line.at("offset");
  event.time_ms = line.at("ts");
  const Json& payload = line.at("payload");
  if (payload.is_null()) {
    event.op = CdcEvent::kTombstone;
    return event;
  }
  try {
    take_change_event(payload, event);
  } catch (const Json::exception&) {
    event.op = CdcEvent::kForeign;
  }
  return event;
}

// Where a worker resumes: behind the last commit that it is done with. An offset that was deleted
// is the log's beginning.
std::int64_t position_of(const Json& payload) {
  if (payload.is_null()) return 0;
  const Json offset = unwrapped(payload);
  for (const char* name : {"lsn_commit", "lsn_proc"}) {
    if (const auto found = offset.find(name); found != offset.end() && found->is_number()) {
      return *found;
    }
  }
  return offset.at("lsn");
}

}  // namespace

cli::Result<void> parse_cdc_diary(std::string_view text, const std::string& file, CdcInput& input) {
  return each_line(text, file, "a line of a diary",
                   [&](const Json& line) { take_diary_line(line, input); });
}

cli::Result<void> parse_cdc_events(std::string_view text, const std::string& file,
                                   CdcInput& input) {
  return each_line(text, file, "a record of ks-consume -J",
                   [&](const Json& line) { input.events.push_back(event_of(line)); });
}

cli::Result<void> parse_cdc_offsets(std::string_view text, const std::string& file,
                                    CdcInput& input) {
  return each_line(text, file, "an offset of Debezium's, as ks-consume -J has it",
                   [&](const Json& line) {
                     input.offsets.push_back({line.at("ts"), position_of(line.at("payload"))});
                   });
}

cli::Result<CdcInput> read_cdc(const CdcFiles& files) {
  CdcInput input;
  using Parse = cli::Result<void> (*)(std::string_view, const std::string&, CdcInput&);
  const auto read = [&](const std::filesystem::path& path, Parse parse) -> cli::Result<void> {
    const auto text = cli::read_file(path);
    if (!text) return tl::make_unexpected(text.error());
    return parse(*text, path.string(), input);
  };
  if (auto ok = read(files.diary, parse_cdc_diary); !ok) return tl::make_unexpected(ok.error());
  for (const auto& path : files.events) {
    if (auto ok = read(path, parse_cdc_events); !ok) return tl::make_unexpected(ok.error());
  }
  if (auto ok = read(files.offsets, parse_cdc_offsets); !ok) return tl::make_unexpected(ok.error());
  return input;
}

}  // namespace ks::audit
