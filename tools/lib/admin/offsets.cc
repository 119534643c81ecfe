#include <optional>

#include "lib/admin/commands.h"
#include "lib/admin/selection.h"

namespace ks::admin {
namespace {

using client::Operation;
using client::TopicPartition;
using Kind = OffsetWord::Kind;

// -o, or nothing: both ends.
cli::Result<std::optional<OffsetWord>> read_offset(const tool::Session& session) {
  if (!session.has("offset")) return std::nullopt;
  const auto word = parse_offset(session.option<std::string>("offset", ""));
  if (!word) return tl::make_unexpected(word.error());
  if (word->kind == Kind::kNumber) {
    return cli::fail("'list' does not look up an offset by its number", "-o",
                     "give beginning, end or s@MILLISECONDS");
  }
  return *word;
}

cli::Result<Answer> list_both_ends(Context& context, const std::vector<TopicPartition>& places) {
  Answer answer{{{"topic", "partition", "earliest", "latest"}, {}}, {}, {}, {}};
  for (const TopicPartition& at : places) {
    const auto earliest = ask_offset(context, at, {Kind::kEarliest, 0});
    if (!earliest) return tl::make_unexpected(earliest.error());
    const auto latest = ask_offset(context, at, {Kind::kLatest, 0});
    if (!latest) return tl::make_unexpected(latest.error());
    answer.table.rows.push_back({at.topic, at.partition, *earliest, *latest});
    answer.metrics["records"] += static_cast<double>(*latest - *earliest);
    measure(answer.metrics, "earliest", *earliest);
    measure(answer.metrics, "latest", *latest);
  }
  return answer;
}

cli::Result<Answer> list_one_place(Context& context, const std::vector<TopicPartition>& places,
                                   const OffsetWord& word) {
  Answer answer{{{"topic", "partition", "offset"}, {}}, {{"partitions_past_end", 0}}, {}, {}};
  for (const TopicPartition& at : places) {
    const auto offset = ask_offset(context, at, word);
    if (!offset) return tl::make_unexpected(offset.error());
    const bool is_past_end = *offset == client::kEnd;  // no record is that young
    const Json shown = is_past_end ? Json(nullptr) : Json(*offset);
    answer.table.rows.push_back({at.topic, at.partition, shown});
    answer.metrics["partitions_past_end"] += is_past_end ? 1 : 0;
    if (!is_past_end) measure(answer.metrics, "offset", *offset);
  }
  return answer;
}

}  // namespace

cli::Result<Answer> list_offsets(Context& context) {
  const auto selection = read_selection(context.session, Group::kNotNeeded);
  if (!selection) return tl::make_unexpected(selection.error());
  const auto word = read_offset(context.session);
  if (!word) return tl::make_unexpected(word.error());
  if (auto ok = context.connect({Operation::kListOffsets}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const auto places = find_partitions(context, *selection);
  if (!places) return tl::make_unexpected(places.error());
  auto answer = *word ? list_one_place(context, *places, **word) : list_both_ends(context, *places);
  if (answer) answer->metrics["partitions"] = static_cast<double>(places->size());
  return answer;
}

}  // namespace ks::admin
