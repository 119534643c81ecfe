#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "lib/admin/commands.h"

namespace ks::admin {
namespace {

using client::ClusterInfo;

// What a broker says of the cluster, in words that can be compared: "broker 1" is "at host:9092",
// "orders[0]" is "led by 1, in sync on 1,2,3". The controller is left out: a KRaft broker names
// any.
using View = std::map<std::string, std::string>;

std::string in_words(const client::PartitionInfo& partition) {
  std::set<std::int32_t> in_sync(partition.isr.begin(), partition.isr.end());
  std::string ids;
  for (const std::int32_t id : in_sync) ids += (ids.empty() ? "" : ",") + std::to_string(id);
  return "led by " + std::to_string(partition.leader) + ", in sync on " + ids;
}

View in_words(const ClusterInfo& cluster) {
  View view;
  for (const auto& broker : cluster.brokers) {
    view["broker " + std::to_string(broker.id)] = "at " + broker.address;
  }
  for (const auto& topic : cluster.topics) {
    for (const auto& partition : topic.partitions) {
      view[client::TopicPartition{topic.name, partition.id}.text()] = in_words(partition);
    }
  }
  return view;
}

// A client that knows no other broker has to ask this one.
cli::Result<ClusterInfo> ask_alone(const Context& context, const std::string& address) {
  const tool::Session& session = context.session;
  auto admin =
      client::make_admin({{address}, session.profile.librdkafka, session.implementation, {}});
  if (!admin) return tl::make_unexpected(admin.error());
  return (*admin)->describe_cluster(context.until());
}

// A line for each thing that the two tell differently.
std::vector<std::string> differences(const std::string& one, const View& first,
                                     const std::string& other, const View& second) {
  std::set<std::string> things;
  for (const View* view : {&first, &second}) {
    for (const auto& entry : *view) things.insert(entry.first);
  }
  const auto told = [](const View& view, const std::string& thing) {
    const auto found = view.find(thing);
    return found == view.end() ? "unknown" : found->second;
  };
  std::vector<std::string> out;
  for (const std::string& thing : things) {
    const std::string to_one = told(first, thing);
    const std::string to_other = told(second, thing);
    if (to_one == to_other) continue;
    std::string line = thing;
    line.append(" is ").append(to_one).append(" to ").append(one);
    out.push_back(line.append(", ").append(to_other).append(" to ").append(other));
  }
  return out;
}

std::vector<std::string> addresses_of(const ClusterInfo& cluster) {
  std::set<std::string> addresses;
  for (const auto& broker : cluster.brokers) addresses.insert(broker.address);
  return {addresses.begin(), addresses.end()};
}

}  // namespace

cli::Result<Answer> compare_views(Context& context) {
  if (context.session.implementation != client::Implementation::kWire) {
    return cli::fail("librdkafka asks whichever broker it likes", "view", "use --client wire");
  }
  if (auto ok = context.connect({client::Operation::kMetadata}); !ok) {
    return tl::make_unexpected(ok.error());
  }
  auto addresses = context.names;
  if (addresses.empty()) {
    const auto cluster = context.ask(&client::Admin::describe_cluster);
    if (!cluster) return tl::make_unexpected(cluster.error());
    addresses = addresses_of(*cluster);
  }
  Answer answer{{{"asked", "brokers", "topics", "differences"}, {}}, {}, {}, {}};
  View reference;
  std::string referee;
  double silent = 0;
  double differing = 0;
  for (const std::string& address : addresses) {
    const auto cluster = ask_alone(context, address);
    if (!cluster) {
      silent += 1;
      answer.violation = "a broker's view cannot be asked: " + cluster.error().message();
      continue;
    }
    const View view = in_words(*cluster);
    if (referee.empty()) std::tie(referee, reference) = std::pair(address, view);
    const auto found = differences(referee, reference, address, view);
    if (!found.empty() && answer.violation.empty()) {
      answer.violation = "the brokers' views differ: " + found.front();
    }
    differing += static_cast<double>(found.size());
    answer.table.rows.push_back(
        {address, cluster->brokers.size(), cluster->topics.size(), Json(found)});
  }
  answer.metrics = {{"views", static_cast<double>(addresses.size())},
                    {"views_missing", silent},
                    {"differences", differing}};
  if (addresses.size() < 2) {
    answer.missing = "only one broker can be asked: there is nothing to compare its view with";
  }
  return answer;
}

}  // namespace ks::admin
