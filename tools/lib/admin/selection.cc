#include "lib/admin/selection.h"

#include <algorithm>
#include <limits>

namespace ks::admin {
namespace {

using client::TopicInfo;
using client::TopicPartition;

cli::Result<std::vector<std::int32_t>> read_partitions(const tool::Session& session) {
  std::vector<std::int32_t> out;
  for (const std::string& text : session.option<std::vector<std::string>>("partition", {})) {
    const auto id = cli::parse_count(text);
    if (!id || *id > std::numeric_limits<std::int32_t>::max()) {
      return cli::fail("not a partition '" + text + "'", "-p", "give its number, from 0");
    }
    out.push_back(static_cast<std::int32_t>(*id));
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end()) {
    return cli::fail("a partition is given twice", "-p");
  }
  return out;
}

}  // namespace

cli::Result<Selection> read_selection(const tool::Session& session, Group group) {
  Selection selection;
  selection.topic = session.option<std::string>("topic", "");
  if (selection.topic.empty()) return cli::fail("no topic given", {}, "use -t TOPIC");
  selection.group = session.option<std::string>("group", "");
  if (group == Group::kNeeded && selection.group.empty()) {
    return cli::fail("no group given", {}, "use -G GROUP");
  }
  auto partitions = read_partitions(session);
  if (!partitions) return tl::make_unexpected(partitions.error());
  selection.partitions = std::move(*partitions);
  return selection;
}

cli::Result<std::vector<TopicPartition>> find_partitions(Context& context,
                                                         const Selection& selection) {
  const auto cluster = context.ask(&client::Admin::describe_cluster);
  if (!cluster) return tl::make_unexpected(cluster.error());
  const auto topic = std::find_if(cluster->topics.begin(), cluster->topics.end(),
                                  [&](const TopicInfo& t) { return t.name == selection.topic; });
  if (topic == cluster->topics.end()) return cli::fail("unknown topic", selection.topic);
  std::vector<std::int32_t> there;
  for (const client::PartitionInfo& partition : topic->partitions) there.push_back(partition.id);
  std::sort(there.begin(), there.end());
  std::vector<TopicPartition> out;
  for (const std::int32_t id : selection.partitions.empty() ? there : selection.partitions) {
    const TopicPartition at{selection.topic, id};
    if (!std::binary_search(there.begin(), there.end(), id)) {
      return cli::fail("unknown partition", at.text(),
                       "the topic has " + std::to_string(there.size()));
    }
    out.push_back(at);
  }
  return out;
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
