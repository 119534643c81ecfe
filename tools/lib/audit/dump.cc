#include "lib/audit/dump.h"

#include <array>
#include <nlohmann/json.hpp>

#include "lib/history/identity.h"
#include "lib/history/reader.h"

namespace ks::audit {
namespace {

using history::Event;
using history::Kind;
using Json = nlohmann::ordered_json;

constexpr std::array<const char*, history::kLastKind + 1> kKinds{"",
                                                                 "reserve",
                                                                 "send",
                                                                 "poll",
                                                                 "read",
                                                                 "assign",
                                                                 "revoke",
                                                                 "seek",
                                                                 "commit",
                                                                 "offset-fetch",
                                                                 "end-offset",
                                                                 "fault-begin",
                                                                 "fault-confirmed",
                                                                 "fault-healed",
                                                                 "drain",
                                                                 "high-watermark"};
constexpr std::array<const char*, 3> kOutcomes{"ok", "failed", "unknown"};
constexpr std::array<const char*, 3> kIntegrities{"intact", "corrupt", "foreign"};

template <std::size_t N>
Json word(const std::array<const char*, N>& words, std::size_t number) {
  return number < N ? Json(words[number]) : Json(number);
}

bool has_outcome(Kind kind) {
  return kind == Kind::kSend || kind == Kind::kCommit || kind == Kind::kOffsetFetch ||
         kind == Kind::kEndOffset;
}

// What an event does not have is left out.
Json to_json(const history::FileSummary& file, const Event& event, const history::Names& names) {
  const auto number = static_cast<std::size_t>(event.kind);
  Json out{{"event", word(kKinds, number)}, {"time_ns", event.time_ns}};
  if (event.invoke_ns != 0) out["invoke_ns"] = event.invoke_ns;
  const bool is_fault = event.kind == Kind::kFaultBegin || event.kind == Kind::kFaultConfirmed ||
                        event.kind == Kind::kFaultHealed;
  if (event.name != 0) out[is_fault ? "fault" : "topic"] = names.text(event.name);
  if (event.group != 0) out["group"] = names.text(event.group);
  if (event.partition >= 0) out["partition"] = event.partition;
  if (event.offset >= 0) out["offset"] = event.offset;
  if (has_outcome(event.kind)) {
    out["outcome"] = word(kOutcomes, static_cast<std::size_t>(event.outcome));
  }
  if (event.kind == Kind::kRead) out["integrity"] = word(kIntegrities, event.integrity);
  const bool has_identity = event.kind == Kind::kSend || event.kind == Kind::kReserve ||
                            (event.kind == Kind::kRead && event.integrity == 0);  // 0: intact
  if (has_identity) {
    const std::uint64_t run =
        event.kind == Kind::kRead ? event.run : history::run_hash(file.head.run_id);
    out["producer"] = event.producer;
    out["sequence"] = event.sequence;
    if (event.kind != Kind::kReserve) {
      out["uuid"] = history::uuid({run, event.producer, event.sequence, 0});
    }
  }
  if (event.kind == Kind::kReserve || event.kind == Kind::kPoll) out["count"] = event.count;
  if (event.error_code != 0) out["error_code"] = event.error_code;
  out["actor"] = event.actor;
  out["file"] = file.path.filename().string();
  return out;
}

}  // namespace

cli::Result<void> dump_folder(const std::filesystem::path& folder,
                              const std::function<void(const std::string& line)>& print) {
  auto opened = history::Folder::open(folder);
  if (!opened) return tl::make_unexpected(opened.error());
  history::Names names;
  opened->read(names, [&](const history::FileSummary& file, const Event& event) {
    print(to_json(file, event, names).dump(-1, ' ', false, Json::error_handler_t::replace));
  });
  for (const history::FileSummary& file : opened->files()) {
    if (file.problem) return tl::make_unexpected(*file.problem);
  }
  return {};
}

}  // namespace ks::audit
