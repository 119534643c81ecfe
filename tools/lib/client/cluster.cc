#include "lib/client/cluster.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

using wire::ApiKey;
using wire::Value;

wire::Address to_address(const Value& host, const Value& port) {
  return {std::string(host.as_string()), static_cast<std::uint16_t>(port.as_int())};
}

std::vector<std::int32_t> node_ids(const Value& ids) {
  std::vector<std::int32_t> out;
  for (const Value& id : ids.items()) out.push_back(static_cast<std::int32_t>(id.as_int()));
  return out;
}

PartitionMetadata to_partition(const Value& from) {
  PartitionMetadata out;
  out.error_code = static_cast<std::int16_t>(from["error_code"].as_int());
  out.leader = static_cast<std::int32_t>(from["leader_id"].as_int());
  out.leader_epoch = static_cast<std::int32_t>(from["leader_epoch"].as_int());
  out.replicas = node_ids(from["replica_nodes"]);
  out.isr = node_ids(from["isr_nodes"]);
  return out;
}

TopicMetadata to_topic(const Value& from) {
  TopicMetadata out;
  out.error_code = static_cast<std::int16_t>(from["error_code"].as_int());
  out.is_internal = from["is_internal"].as_bool();
  out.id = from["topic_id"].as_uuid();
  for (const Value& partition : from["partitions"].items()) {
    out.partitions[static_cast<std::int32_t>(partition["partition_index"].as_int())] =
        to_partition(partition);
  }
  return out;
}

Value metadata_request(const std::set<std::string>& topics, bool create) {
  Value::Array list;
  for (const std::string& name : topics) list.push_back({{"name", name}});
  return {{"topics", topics.empty() ? Value() : Value(std::move(list))},  // null: every topic
          {"allow_auto_topic_creation", create}};
}

}  // namespace

cli::Result<std::vector<wire::Address>> bootstrap_of(const Config& config) {
  std::vector<wire::Address> out;
  for (const std::string& text : config.brokers) {
    auto address = wire::parse_address(text);
    if (!address) return tl::make_unexpected(address.error());
    out.push_back(std::move(*address));
  }
  return out;
}

Cluster::Cluster(wire::Loop& loop, std::vector<wire::Address> bootstrap, WireOptions options)
    : loop_(loop), bootstrap_(std::move(bootstrap)), options_(std::move(options)) {}

Link& Cluster::link(const wire::Address& broker, Purpose purpose) {
  auto& link = links_[{broker.text(), purpose}];
  if (link == nullptr) link = std::make_unique<Link>(loop_, broker, options_);
  return *link;
}

std::uint64_t Cluster::disconnects() const {
  std::uint64_t all = 0;
  for (const auto& [name, link] : links_) all += link->disconnects();
  return all;
}

// ---- any broker ---------------------------------------------------------------------------------

std::vector<wire::Address> Cluster::candidates() const {
  std::vector<wire::Address> out;
  const auto add = [&](const wire::Address& address) {
    if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(address);
  };
  if (!last_reached_.host.empty()) add(last_reached_);
  for (const wire::Address& address : bootstrap_) add(address);
  for (const auto& [id, address] : metadata_.brokers) add(address);
  return out;
}

void Cluster::call_any(ApiKey api, Fill fill, cli::Deadline deadline, wire::OnReply on_reply) {
  try_any(candidates(), "", api, std::move(fill), deadline, std::move(on_reply));
}

void Cluster::try_any(std::vector<wire::Address> left, std::string failures, ApiKey api, Fill fill,
                      cli::Deadline deadline, wire::OnReply on_reply) {
  if (left.empty()) return on_reply(cli::fail(failures));
  const wire::Address broker = left.front();
  // A silent broker must leave time for the others.
  const cli::Deadline now = cli::Clock::now();
  const cli::Deadline until = now + (deadline - now) / static_cast<std::int64_t>(left.size());
  left.erase(left.begin());
  link(broker).call(
      api, fill, until,
      [this, broker, left = std::move(left), failures = std::move(failures), api, fill, deadline,
       on_reply = std::move(on_reply)](cli::Result<wire::Reply> reply) mutable {
        if (reply) {
          last_reached_ = broker;
          return on_reply(std::move(reply));
        }
        failures += (failures.empty() ? "" : " | ") + reply.error().message();
        try_any(std::move(left), std::move(failures), api, std::move(fill), deadline,
                std::move(on_reply));
      });
}

// ---- metadata -----------------------------------------------------------------------------------

void Cluster::refresh(const std::set<std::string>& topics, bool create, cli::Deadline deadline,
                      OnDone on_done) {
  const Fill fill = [topics, create](std::int16_t version) {
    // Before version 4 every Metadata request may create topics.
    constexpr std::int16_t kWithChoice = 4;
    return metadata_request(topics, create || version < kWithChoice);
  };
  call_any(ApiKey::kMetadata, fill, deadline,
           [this, all = topics.empty(),
            on_done = std::move(on_done)](const cli::Result<wire::Reply>& reply) {
             if (!reply) return on_done(tl::make_unexpected(reply.error()));
             take_metadata(*reply, all);
             on_done({});
           });
}

void Cluster::take_metadata(const wire::Reply& reply, bool all_topics) {
  if (all_topics) metadata_.topics.clear();
  const Value& body = reply.body;
  metadata_.cluster_id = body["cluster_id"].as_string();
  metadata_.controller_id = static_cast<std::int32_t>(body["controller_id"].as_int());
  metadata_.brokers.clear();
  for (const Value& broker : body["brokers"].items()) {
    metadata_.brokers[static_cast<std::int32_t>(broker["node_id"].as_int())] =
        to_address(broker["host"], broker["port"]);
  }
  for (const Value& topic : body["topics"].items()) {
    metadata_.topics[std::string(topic["name"].as_string())] = to_topic(topic);
  }
}

const TopicMetadata* Cluster::topic(const std::string& name) const {
  const auto found = metadata_.topics.find(name);
  return found == metadata_.topics.end() ? nullptr : &found->second;
}

const wire::Address* Cluster::leader(const TopicPartition& at) const {
  const TopicMetadata* known = topic(at.topic);
  if (known == nullptr) return nullptr;
  const auto partition = known->partitions.find(at.partition);
  if (partition == known->partitions.end()) return nullptr;
  const auto broker = metadata_.brokers.find(partition->second.leader);
  return broker == metadata_.brokers.end() ? nullptr : &broker->second;
}

std::int16_t Cluster::error_of(const TopicPartition& at) const {
  using wire::ErrorCode;
  if (leader(at) != nullptr) return 0;
  const TopicMetadata* known = topic(at.topic);
  if (known != nullptr && known->error_code != 0) return known->error_code;
  const bool exists = known != nullptr && known->partitions.count(at.partition) != 0;
  return static_cast<std::int16_t>(exists ? ErrorCode::kLeaderNotAvailable
                                          : ErrorCode::kUnknownTopicOrPartition);
}

std::int32_t Cluster::node_at(const wire::Address& broker) const {
  for (const auto& [id, address] : metadata_.brokers) {
    if (address == broker) return id;
  }
  return -1;
}

// ---- coordinator --------------------------------------------------------------------------------

namespace {

constexpr std::int16_t kWithKeyList = 4;  // FindCoordinator
constexpr std::int8_t kGroupKey = 0;

Value coordinator_request(const std::string& group, std::int16_t version) {
  if (version < kWithKeyList) return {{"key", group}, {"key_type", kGroupKey}};
  return {{"key_type", kGroupKey}, {"coordinator_keys", Value::array({group})}};
}

// The one answer, where there may be a list.
const Value* answer_of(const wire::Reply& reply) {
  if (reply.version < kWithKeyList) return &reply.body;
  const Value::Array& answers = reply.body["coordinators"].items();
  return answers.empty() ? nullptr : &answers.front();
}

}  // namespace

void Cluster::find_coordinator(const std::string& group, cli::Deadline deadline,
                               std::function<void(cli::Result<CoordinatorAnswer>)> on_found) {
  const Fill fill = [group](std::int16_t version) { return coordinator_request(group, version); };
  call_any(ApiKey::kFindCoordinator, fill, deadline,
           [this, group, on_found = std::move(on_found)](const cli::Result<wire::Reply>& reply) {
             if (!reply) return on_found(tl::make_unexpected(reply.error()));
             const Value* answer = answer_of(*reply);
             if (answer == nullptr) {
               return on_found(cli::fail("FindCoordinator answered without the group", group));
             }
             CoordinatorAnswer out;
             out.error_code = static_cast<std::int16_t>((*answer)["error_code"].as_int());
             if (out.error_code == 0) {
               out.broker = to_address((*answer)["host"], (*answer)["port"]);
               check_coordinator(static_cast<std::int32_t>((*answer)["node_id"].as_int()),
                                 out.broker);
             }
             on_found(std::move(out));
           });
}

// Clients look the coordinator's node up in the metadata; many cannot reach one that is not there.
void Cluster::check_coordinator(std::int32_t id, const wire::Address& broker) const {
  if (metadata_.brokers.empty() || metadata_.brokers.count(id) != 0) return;
  std::string listed;
  for (const auto& [node, address] : metadata_.brokers) {
    listed += (listed.empty() ? "" : ", ") + std::to_string(node) + " at " + address.text();
  }
  note(wire::FindingId::kCoordinatorNotInMetadata, "FindCoordinator names node " +
                                                       std::to_string(id) + " at " + broker.text() +
                                                       ", Metadata " + listed);
}

// ---- waiting ------------------------------------------------------------------------------------

namespace {

// Runs the loop until what `start` begins has called back.
template <typename T, typename Start>
cli::Result<T> wait_for(wire::Loop& loop, const Start& start) {
  std::optional<cli::Result<T>> result;
  start([&result](cli::Result<T> got) { result = std::move(got); });
  loop.run_until(cli::Deadline::max(), [&] { return result.has_value(); });
  return std::move(*result);
}

}  // namespace

cli::Result<wire::Reply> Cluster::ask_any(ApiKey api, const Fill& fill, cli::Deadline deadline) {
  return wait_for<wire::Reply>(
      loop_, [&](auto on_reply) { call_any(api, fill, deadline, std::move(on_reply)); });
}

cli::Result<wire::Reply> Cluster::ask(const wire::Address& broker, ApiKey api, const Fill& fill,
                                      cli::Deadline deadline) {
  return wait_for<wire::Reply>(
      loop_, [&](auto on_reply) { link(broker).call(api, fill, deadline, std::move(on_reply)); });
}

cli::Result<Cluster::CoordinatorAnswer> Cluster::find_coordinator_now(const std::string& group,
                                                                      cli::Deadline deadline) {
  return wait_for<CoordinatorAnswer>(
      loop_, [&](auto on_found) { find_coordinator(group, deadline, std::move(on_found)); });
}

cli::Result<void> Cluster::refresh_now(const std::set<std::string>& topics, bool create,
                                       cli::Deadline deadline) {
  return wait_for<void>(
      loop_, [&](auto on_done) { refresh(topics, create, deadline, std::move(on_done)); });
}

void Cluster::note(wire::FindingId id, std::string evidence) const {
  if (on_finding_) on_finding_({id, std::move(evidence)});
}

}  // namespace ks::client
