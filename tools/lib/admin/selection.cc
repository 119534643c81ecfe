#include "lib/admin/selection.h"

#include <algorithm>

#include "lib/client/partitions.h"

namespace ks::admin {

using client::TopicPartition;

cli::Result<Selection> read_selection(const tool::Session& session, Group group) {
  Selection selection;
  selection.topic = session.option<std::string>("topic", "");
  if (selection.topic.empty()) return cli::fail("no topic given", {}, "use -t TOPIC");
  selection.group = session.option<std::string>("group", "");
  if (group == Group::kNeeded && selection.group.empty()) {
    return cli::fail("no group given", {}, "use -G GROUP");
  }
  auto partitions = cli::partitions_option(session.options, "partition");
  if (!partitions) return tl::make_unexpected(partitions.error());
  selection.partitions = std::move(*partitions);
  return selection;
}

cli::Result<std::vector<TopicPartition>> find_partitions(Context& context,
                                                         const Selection& selection) {
  const auto cluster = context.ask(&client::Admin::describe_cluster);
  if (!cluster) return tl::make_unexpected(cluster.error());
  return client::find_partitions(*cluster, selection.topic, selection.partitions);
}

cli::Result<std::int64_t> ask_offset(Context& context, const TopicPartition& at,
                                     const OffsetWord& word) {
  using Kind = OffsetWord::Kind;
  if (word.kind == Kind::kNumber) return word.value;
  const std::int64_t began_ns = cli::monotonic_ns();
  const std::int64_t time = word.kind == Kind::kEarliest ? client::kBeginning
                            : word.kind == Kind::kLatest ? client::kEnd
                                                         : word.value;
  auto offset = context.ask(&client::Admin::list_offset, at, time);
  if (offset && word.kind == Kind::kLatest) {
    context.record(history::Kind::kEndOffset, {at, *offset}, {}, history::Outcome::kOk, began_ns);
  }
  return offset;
}

void measure(report::Metrics& metrics, const std::string& name, std::int64_t value) {
  const auto number = static_cast<double>(value);
  const auto lowest = metrics.emplace(name + "_min", number).first;
  lowest->second = std::min(lowest->second, number);
  const auto highest = metrics.emplace(name + "_max", number).first;
  highest->second = std::max(highest->second, number);
  metrics[name + "_sum"] += number;
}

}  // namespace ks::admin
