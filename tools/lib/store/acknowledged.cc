#include "lib/store/acknowledged.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>

#include "lib/audit/audit.h"
#include "lib/cli/file.h"
#include "lib/cli/hash.h"
#include "lib/history/reader.h"
#include "lib/tool/record.h"

namespace ks::store {
namespace {

using Bytes = std::optional<std::string_view>;
using Json = nlohmann::json;

std::uint64_t mix(std::uint64_t hash, const Bytes& bytes) {
  hash = cli::fnv1a(hash, bytes ? 1 : 0);
  for (const char c : bytes.value_or("")) hash = cli::fnv1a(hash, static_cast<unsigned char>(c));
  return hash;
}

std::uint64_t hash_of(bool has_key, const Bytes& key, bool has_value, const Bytes& value) {
  std::uint64_t hash = cli::kFnv1aBasis;
  if (has_key) hash = mix(hash, key);
  if (has_value) hash = mix(hash, value);
  return hash;
}

std::uint64_t file_run() { return history::run_hash("acknowledged records of a file"); }

}  // namespace

// ---- a history ----------------------------------------------------------------------------------

cli::Result<void> HistoryAcks::give(const std::filesystem::path& folder, const std::string& topic,
                                    history::Names& names, verify::Checker& checker) {
  auto opened = history::Folder::open(folder);
  if (!opened) return tl::make_unexpected(opened.error());
  std::vector<verify::Writer> writers;
  for (const history::FileSummary& file : opened->files()) {
    writers.push_back(audit::writer_of(file));
    clocks_ = std::max(clocks_, writers.back().clock + 1);
  }
  files_ = static_cast<std::uint32_t>(writers.size());
  const std::uint32_t id = names.id(topic);
  opened->read(names, [&](const history::FileSummary& file, const history::Event& event) {
    const bool is_attempt =
        event.kind == history::Kind::kReserve || event.kind == history::Kind::kSend;
    if (!is_attempt || event.name != id) return;
    if (event.kind == history::Kind::kSend && event.partition >= 0) {
      partitions_.insert(event.partition);
    }
    checker.add(writers[file.number], event);
  });
  for (const history::FileSummary& file : opened->files()) {
    if (file.problem) missing_.push_back(file.problem->message());
  }
  return {};
}

history::Stamped HistoryAcks::identify(const client::ConsumedRecord& record) const {
  return tool::identify(record);
}

// ---- a file -------------------------------------------------------------------------------------

cli::Result<void> AckedFile::give(const std::filesystem::path& path, const std::string& topic,
                                  history::Names& names, verify::Checker& checker) {
  std::ifstream file(path);
  if (!file) return cli::fail("cannot read", path.string(), cli::system_error(errno));
  files_ = clocks_ = 1;
  const verify::Writer writer{.run = file_run()};
  history::Event event;
  event.kind = history::Kind::kSend;
  event.name = names.id(topic);
  std::string text;
  for (int line_number = 1; std::getline(file, text); ++line_number) {
    const auto acked = parse(text);
    if (!acked) {
      return cli::fail(
          "not an acknowledged record", path.string() + ":" + std::to_string(line_number),
          R"(write it like {"topic": "orders", "partition": 0, "offset": 7, "value": "x"})");
    }
    if (!acked->topic.empty() && acked->topic != topic) continue;
    partitions_.insert(acked->partition);
    event.partition = acked->partition;
    event.offset = acked->line.offset;
    event.time_ns = static_cast<std::int64_t>(event.sequence);
    checker.add(writer, event);
    lines_[acked->partition].push_back(acked->line);
    lines_[acked->partition].back().sequence = event.sequence++;
  }
  for (auto& [partition, lines] : lines_) std::ranges::sort(lines, {}, &Line::offset);
  return {};
}

std::optional<AckedFile::Acked> AckedFile::parse(const std::string& text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  const Json partition = json.value("partition", Json());
  const Json offset = json.value("offset", Json());
  const Json topic = json.value("topic", Json(""));
  if (!partition.is_number_unsigned() || !offset.is_number_unsigned() || !topic.is_string()) {
    return std::nullopt;
  }
  Acked out{topic, partition.get<std::int32_t>(), {}};
  out.line.offset = offset.get<std::int64_t>();
  Bytes bytes[2];
  bool* has[2] = {&out.line.has_key, &out.line.has_value};
  for (int i = 0; i < 2; ++i) {
    const auto found = json.find(i == 0 ? "key" : "value");
    *has[i] = found != json.end();
    if (!*has[i] || found->is_null()) continue;
    if (!found->is_string()) return std::nullopt;
    bytes[i] = found->get_ref<const std::string&>();
  }
  out.line.hash = hash_of(out.line.has_key, bytes[0], out.line.has_value, bytes[1]);
  return out;
}

history::Stamped AckedFile::identify(const client::ConsumedRecord& record) const {
  const auto lines = lines_.find(record.partition);
  if (lines == lines_.end()) return {};
  const auto [first, last] =
      std::ranges::equal_range(lines->second, record.offset, {}, &Line::offset);
  for (auto line = first; line != last; ++line) {
    if (line->hash == hash_of(line->has_key, record.key, line->has_value, record.value)) {
      return {history::Integrity::kIntact, {file_run(), 0, line->sequence, 0}};
    }
  }
  return {};
}

}  // namespace ks::store
