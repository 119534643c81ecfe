#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "lib/admin/commands.h"
#include "lib/admin/pairs.h"
#include "lib/target/wait.h"

namespace ks::admin {
namespace {

using client::Admin;
using client::Operation;
using client::PartitionInfo;
using client::TopicInfo;

constexpr std::uint64_t kMostPartitions = 1'000'000;
constexpr int kMostReplicas = 32767;

cli::Result<std::int32_t> partitions_option(const tool::Session& session, std::uint64_t otherwise) {
  const std::uint64_t count = session.option<cli::CountArg>("partitions", {otherwise}).value;
  if (count == 0 || count > kMostPartitions) {
    return cli::fail("number of partitions out of range", "--partitions " + std::to_string(count),
                     "give 1 to " + std::to_string(kMostPartitions));
  }
  return static_cast<std::int32_t>(count);
}

cli::Result<std::int32_t> replication_option(const tool::Session& session) {
  const auto text = session.option<std::string>("replication-factor", "1");
  std::int32_t factor = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), factor);
  const bool whole = code == std::errc{} && end == text.data() + text.size();
  if (!whole || factor < -1 || factor == 0 || factor > kMostReplicas) {
    return cli::fail("not a replication factor '" + text + "'", "--replication-factor",
                     "give a number from 1, or -1 for the broker's default");
  }
  return factor;
}

bool lacks_leader(const PartitionInfo& partition) { return partition.leader < 0; }

bool is_under_replicated(const PartitionInfo& partition) {
  return partition.isr.size() < partition.replicas.size();
}

// The first of its replicas is the one that is meant to lead.
bool is_led_by_another(const PartitionInfo& partition) {
  return !partition.replicas.empty() && partition.leader != partition.replicas.front();
}

// Both kinds of listing count the same things.
report::Metrics count(const std::vector<TopicInfo>& topics) {
  report::Metrics metrics{{"topics", static_cast<double>(topics.size())},
                          {"partitions", 0},
                          {"partitions_without_leader", 0},
                          {"partitions_led_by_another", 0},
                          {"partitions_under_replicated", 0}};
  std::set<std::int32_t> leaders;
  for (const TopicInfo& topic : topics) {
    for (const PartitionInfo& partition : topic.partitions) {
      if (!lacks_leader(partition)) leaders.insert(partition.leader);
      metrics["partitions"] += 1;
      metrics["partitions_without_leader"] += lacks_leader(partition) ? 1 : 0;
      metrics["partitions_led_by_another"] += is_led_by_another(partition) ? 1 : 0;
      metrics["partitions_under_replicated"] += is_under_replicated(partition) ? 1 : 0;
    }
  }
  metrics["leaders"] = static_cast<double>(leaders.size());
  return metrics;
}

// The topics of the cluster, by name; with names given, those of them that exist.
cli::Result<std::vector<TopicInfo>> ask_topics(Context& context) {
  if (auto ok = context.connect({Operation::kMetadata}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  auto cluster = context.ask(&Admin::describe_cluster);
  if (!cluster) return tl::make_unexpected(cluster.error());
  std::vector<TopicInfo> topics = std::move(cluster->topics);
  const auto& names = context.names;
  if (!names.empty()) {
    std::erase_if(topics, [&](const TopicInfo& topic) {
      return std::find(names.begin(), names.end(), topic.name) == names.end();
    });
  }
  std::sort(topics.begin(), topics.end(),
            [](const TopicInfo& a, const TopicInfo& b) { return a.name < b.name; });
  return topics;
}

// Whether the leader serves the partition: Metadata may name one that does not know of it yet. Who
// sent several batches there at once could have the later ones taken and the first refused.
std::string why_not_served(Context& context, const client::TopicPartition& at) {
  const auto end = context.ask(&Admin::list_offset, at, client::kEnd);
  return end ? "" : "its leader does not serve " + at.text() + ": " + end.error().what;
}

// What keeps the named topics from use, such as "Metadata does not show topic orders"; empty: each
// partition has a leader that serves it.
cli::Result<std::string> missing(Context& context) {
  const auto topics = ask_topics(context);
  if (!topics) return tl::make_unexpected(topics.error());
  for (const std::string& name : context.names) {
    const auto topic = std::ranges::find(*topics, name, &TopicInfo::name);
    if (topic == topics->end()) return "Metadata does not show topic " + name;
    if (topic->partitions.empty()) return "Metadata shows no partition of " + name;
    for (const PartitionInfo& partition : topic->partitions) {
      const client::TopicPartition at{name, partition.id};
      if (lacks_leader(partition)) return "Metadata shows no leader of " + at.text();
      if (auto why = why_not_served(context, at); !why.empty()) return why;
    }
  }
  return "";
}

}  // namespace

cli::Result<Answer> list_topics(Context& context) {
  const auto topics = ask_topics(context);
  if (!topics) return tl::make_unexpected(topics.error());
  Answer answer{{{"topic", "partitions", "replication_factor"}, {}}, count(*topics), {}, {}};
  for (const TopicInfo& topic : *topics) {
    std::size_t replicas = 0;
    for (const PartitionInfo& p : topic.partitions)
      replicas = std::max(replicas, p.replicas.size());
    answer.table.rows.push_back({topic.name, topic.partitions.size(), replicas});
  }
  return answer;
}

cli::Result<Answer> describe_topics(Context& context) {
  const auto topics = ask_topics(context);
  if (!topics) return tl::make_unexpected(topics.error());
  for (const std::string& name : context.names) {
    const bool exists = std::any_of(topics->begin(), topics->end(),
                                    [&](const TopicInfo& topic) { return topic.name == name; });
    if (!exists) return cli::fail("unknown topic", name, "'topics list' shows those that exist");
  }
  Answer answer{{{"topic", "partition", "leader", "replicas", "isr"}, {}}, count(*topics), {}, {}};
  for (const TopicInfo& topic : *topics) {
    for (const PartitionInfo& p : topic.partitions) {
      const Json leader = lacks_leader(p) ? Json(nullptr) : Json(p.leader);
      answer.table.rows.push_back({topic.name, p.id, leader, p.replicas, p.isr});
    }
  }
  return answer;
}

cli::Result<Answer> create_topics(Context& context) {
  const auto partitions = partitions_option(context.session, 1);
  if (!partitions) return tl::make_unexpected(partitions.error());
  const auto replication = replication_option(context.session);
  if (!replication) return tl::make_unexpected(replication.error());
  const auto configs =
      to_pairs(context.session.option<std::vector<cli::SettingArg>>("config", {}), "--config");
  if (!configs) return tl::make_unexpected(configs.error());
  if (auto ok = context.connect({Operation::kCreateTopics, Operation::kMetadata}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  Answer answer{{{"topic", "partitions", "replication_factor"}, {}}, {}, {}, {}};
  for (const std::string& name : context.names) {
    const client::NewTopic topic{name, *partitions, *replication, *configs};
    if (auto done = context.ask(&Admin::create_topic, topic); !done) {
      return tl::make_unexpected(with_done(done.error(), answer.table));
    }
    const Json factor = *replication < 0 ? Json("default") : Json(*replication);
    answer.table.rows.push_back({name, *partitions, factor});
  }
  answer.metrics = {{"topics", static_cast<double>(context.names.size())},
                    {"partitions", static_cast<double>(context.names.size()) * *partitions}};
  // CreateTopics is answered when the controller knows the topic; a broker shows it a moment later,
  // and whoever created it wants to use it.
  std::string lacks;
  const auto are_ready = [&] {
    const auto now = missing(context);
    if (now) {
      lacks = *now;
    } else if (lacks.empty()) {  // the last of many tries ends with the time
      lacks = now.error().message();
    }
    return now && now->empty();
  };
  if (!target::wait_until(are_ready, context.until())) answer.violation = "created, but " + lacks;
  return answer;
}

cli::Result<Answer> add_partitions(Context& context) {
  if (!context.session.has("partitions")) {
    return cli::fail("how many partitions shall there be?", "topics add-partitions",
                     "give --partitions TOTAL");
  }
  const auto total = partitions_option(context.session, 0);
  if (!total) return tl::make_unexpected(total.error());
  if (auto ok = context.connect({Operation::kCreatePartitions}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  const std::string& name = context.names.front();
  if (auto done = context.ask(&Admin::set_partitions, name, *total); !done) {
    return tl::make_unexpected(done.error());
  }
  return Answer{{{"topic", "partitions"}, {{name, *total}}},
                {{"topics", 1.0}, {"partitions", static_cast<double>(*total)}},
                {},
                {}};
}

}  // namespace ks::admin
