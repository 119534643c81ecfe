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

PartitionMetadata to_partition(const Value& from, std::int16_t version) {
  PartitionMetadata out;
  out.error_code = static_cast<std::int16_t>(from["error_code"].as_int());
  out.leader = static_cast<std::int32_t>(from["leader_id"].as_int());
  constexpr std::int16_t kWithLeaderEpoch = 7;
  if (version >= kWithLeaderEpoch) {
    out.leader_epoch = static_cast<std::int32_t>(from["leader_epoch"].as_int());
  }
  out.replicas = node_ids(from["replica_nodes"]);
  out.isr = node_ids(from["isr_nodes"]);
  return out;
}

TopicMetadata to_topic(const Value& from, std::int16_t version) {
  TopicMetadata out;
  out.error_code = static_cast<std::int16_t>(from["error_code"].as_int());
  out.is_internal = from["is_internal"].as_bool();
  constexpr std::int16_t kWithTopicId = 10;
  if (version >= kWithTopicId) out.id = from["topic_id"].as_uuid();
  for (const Value& partition : from["partitions"].items()) {
    out.partitions[static_cast<std::int32_t>(partition["partition_index"].as_int())] =
        to_partition(partition, version);
  }
  return out;
}

cli::Result<Value> metadata_request(const std::set<std::string>& topics, bool create,
                                    std::int16_t version) {
  Value list = Value::null();  // every topic; version 0 is not among ours
  if (!topics.empty()) {
    list = Value::array();
    for (const std::string& name : topics) list.push_back({{"name", name}});
  }
  Value out{{"topics", std::move(list)}};
  constexpr std::int16_t kWithAutoCreation = 4;
  if (version >= kWithAutoCreation) out["allow_auto_topic_creation"] = create;
  return out;
}

}  // namespace

Cluster::Cluster(wire::Loop& loop, std::vector<wire::Address> bootstrap, WireOptions options)
    : loop_(loop), bootstrap_(std::move(bootstrap)), options_(std::move(options)) {}

Link& Cluster::link(const wire::Address& broker, Purpose purpose) {
  auto& link = links_[{broker.text(), purpose}];
  if (link == nullptr) link = std::make_unique<Link>(loop_, broker, options_);
  return *link;
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
  left.erase(left.begin());
  link(broker).call(
      api, fill, deadline,
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
    return metadata_request(topics, create, version);
  };
  call_any(ApiKey::kMetadata, fill, deadline,
           [this, on_done = std::move(on_done)](const cli::Result<wire::Reply>& reply) {
             if (!reply) return on_done(tl::make_unexpected(reply.error()));
             take_metadata(*reply);
             on_done({});
           });
}

void Cluster::take_metadata(const wire::Reply& reply) {
  const Value& body = reply.body;
  constexpr std::int16_t kWithClusterId = 2;
  if (reply.version >= kWithClusterId && !body["cluster_id"].is_null()) {
    metadata_.cluster_id = body["cluster_id"].as_string();
  }
  metadata_.controller_id = static_cast<std::int32_t>(body["controller_id"].as_int());
  metadata_.brokers.clear();
  for (const Value& broker : body["brokers"].items()) {
    metadata_.brokers[static_cast<std::int32_t>(broker["node_id"].as_int())] =
        to_address(broker["host"], broker["port"]);
  }
  for (const Value& topic : body["topics"].items()) {
    metadata_.topics[std::string(topic["name"].as_string())] = to_topic(topic, reply.version);
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

// ---- coordinator --------------------------------------------------------------------------------

namespace {

constexpr std::int16_t kWithKeyList = 4;  // FindCoordinator
constexpr std::int8_t kGroupKey = 0;

cli::Result<Value> coordinator_request(const std::string& group, std::int16_t version) {
  constexpr std::int16_t kWithKeyType = 1;
  if (version >= kWithKeyList) {
    Value keys = Value::array();
    keys.push_back(group);
    return Value{{"key_type", kGroupKey}, {"coordinator_keys", std::move(keys)}};
  }
  Value out{{"key", group}};
  if (version >= kWithKeyType) out["key_type"] = kGroupKey;
  return out;
}

}  // namespace

void Cluster::find_coordinator(const std::string& group, cli::Deadline deadline,
                               std::function<void(cli::Result<wire::Address>)> on_found) {
  const Fill fill = [group](std::int16_t version) { return coordinator_request(group, version); };
  call_any(
      ApiKey::kFindCoordinator, fill, deadline,
      [this, group, on_found = std::move(on_found)](const cli::Result<wire::Reply>& reply) {
        if (!reply) return on_found(tl::make_unexpected(reply.error()));
        const Value& answer = reply->version >= kWithKeyList
                                  ? reply->body["coordinators"].items().front()
                                  : reply->body;
        const auto code = static_cast<std::int16_t>(answer["error_code"].as_int());
        if (code != 0) {
          return on_found(cli::fail("FindCoordinator failed: " + wire::error_name(code), group));
        }
        const wire::Address found = to_address(answer["host"], answer["port"]);
        const auto id = static_cast<std::int32_t>(answer["node_id"].as_int());
        if (!metadata_.brokers.empty() && metadata_.brokers.count(id) == 0) {
          note(wire::FindingId::kCoordinatorNotInMetadata,
               "FindCoordinator v" + std::to_string(reply->version) + " names node " +
                   std::to_string(id) + " at " + found.text() + "; Metadata lists " +
                   std::to_string(metadata_.brokers.size()) + " others");
        }
        on_found(found);
      });
}

// ---- waiting ------------------------------------------------------------------------------------

cli::Result<wire::Reply> Cluster::ask_any(ApiKey api, const Fill& fill, cli::Deadline deadline) {
  std::optional<cli::Result<wire::Reply>> answer;
  call_any(api, fill, deadline, [&](cli::Result<wire::Reply> reply) { answer = std::move(reply); });
  loop_.run_until(cli::Deadline::max(), [&] { return answer.has_value(); });
  return std::move(*answer);
}

cli::Result<wire::Reply> Cluster::ask(const wire::Address& broker, ApiKey api, const Fill& fill,
                                      cli::Deadline deadline) {
  std::optional<cli::Result<wire::Reply>> answer;
  link(broker).call(api, fill, deadline,
                    [&](cli::Result<wire::Reply> reply) { answer = std::move(reply); });
  loop_.run_until(cli::Deadline::max(), [&] { return answer.has_value(); });
  return std::move(*answer);
}

cli::Result<void> Cluster::refresh_now(const std::set<std::string>& topics, bool create,
                                       cli::Deadline deadline) {
  std::optional<cli::Result<void>> done;
  refresh(topics, create, deadline, [&](cli::Result<void> result) { done = std::move(result); });
  loop_.run_until(cli::Deadline::max(), [&] { return done.has_value(); });
  return std::move(*done);
}

void Cluster::note(wire::FindingId id, std::string evidence) const {
  if (on_finding_) on_finding_({id, std::move(evidence)});
}

}  // namespace ks::client
