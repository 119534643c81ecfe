#include "lib/client/wire_admin.h"

#include <optional>
#include <utility>

#include "lib/client/implementations.h"
#include "lib/client/requests.h"
#include "lib/wire/error_code.h"

namespace ks::client {

using wire::ApiKey;
using wire::Value;

cli::Result<std::unique_ptr<Admin>> make_wire_admin(const Config& config) {
  return WireAdmin::open(config);
}

cli::Result<std::unique_ptr<Admin>> WireAdmin::open(const Config& config) {
  auto options = parse_wire_options(config.properties);
  if (!options) return tl::make_unexpected(options.error());
  auto bootstrap = bootstrap_of(config);
  if (!bootstrap) return tl::make_unexpected(bootstrap.error());
  auto admin =
      std::unique_ptr<WireAdmin>(new WireAdmin(std::move(*bootstrap), std::move(*options)));
  admin->cluster_.on_finding(config.on_finding);
  return admin;
}

// ---- one request to the right broker ------------------------------------------------------------

namespace {

// OffsetCommit has codes of its partitions only: where all went well there is none at all.
std::int16_t error_of(const Value& answer) {
  const Value* code = answer.find("error_code");
  return code == nullptr ? std::int16_t{0} : static_cast<std::int16_t>(code->as_int());
}

// "NOT_CONTROLLER", or the broker's own words and that in brackets.
std::string refusal(const Value& answer) {
  std::string name = wire::error_name(error_of(answer));
  const Value* text = answer.find("error_message");
  if (text == nullptr || text->as_string().empty()) return name;
  return std::string(text->as_string()) + " (" + name + ")";
}

tl::unexpected<cli::Error> failed(ApiKey api, const std::string& why, const std::string& where,
                                  std::int16_t code) {
  return cli::fail_as(code == 0 ? "" : wire::error_name(code),
                      wire::api_name(static_cast<std::int16_t>(api)) + " failed: " + why, where);
}

// A leader may not have heard of a new topic yet; the controller would be the first to know.
bool may_pass(ApiKey api, std::int16_t code) {
  const bool is_of_controller = api == ApiKey::kDeleteTopics || api == ApiKey::kCreatePartitions;
  const bool is_unknown =
      code == static_cast<std::int16_t>(wire::ErrorCode::kUnknownTopicOrPartition);
  return wire::is_retriable(code) && !(is_of_controller && is_unknown);
}

// What the same request before, to whose time-out the broker did not keep, has brought about.
bool is_done_already(ApiKey api, std::int16_t code) {
  const auto error = static_cast<wire::ErrorCode>(code);
  return (api == ApiKey::kCreateTopics && error == wire::ErrorCode::kTopicAlreadyExists) ||
         (api == ApiKey::kDeleteTopics && error == wire::ErrorCode::kUnknownTopicOrPartition);
}

}  // namespace

// False: there is no time left to try again.
bool WireAdmin::pause_until(cli::Deadline deadline) {
  const cli::Deadline again = cli::Clock::now() + cluster_.options().retry_backoff;
  if (again >= deadline) return false;
  loop_.run_until(again, [] { return false; });
  return true;
}

cli::Result<wire::Reply> WireAdmin::settle(ApiKey api, const std::string& where, const Route& route,
                                           const Fill& fill, const AnswerOf& answer_of,
                                           cli::Deadline deadline) {
  bool has_timed_out = false;
  while (true) {
    const auto broker = route();
    if (!broker) return tl::make_unexpected(broker.error());
    auto reply = cluster_.ask(*broker, api, fill, deadline);
    if (!reply) return reply;
    const Value* answer = answer_of(*reply);
    if (answer == nullptr) return failed(api, "the answer leaves it out", where, 0);
    const std::int16_t code = error_of(*answer);
    if (code == 0 || (has_timed_out && is_done_already(api, code))) return reply;
    has_timed_out =
        has_timed_out || code == static_cast<std::int16_t>(wire::ErrorCode::kRequestTimedOut);
    if (!may_pass(api, code) || !pause_until(deadline)) {
      return failed(api, refusal(*answer), where, code);
    }
  }
}

WireAdmin::Route WireAdmin::to_broker(std::int32_t id, cli::Deadline deadline) {
  return [this, id, deadline]() -> cli::Result<wire::Address> {
    if (auto done = cluster_.refresh_now({}, false, deadline); !done) {
      return tl::make_unexpected(done.error());
    }
    const auto found = cluster_.metadata().brokers.find(id);
    if (found != cluster_.metadata().brokers.end()) return found->second;
    return cli::fail("no such broker in the metadata", std::to_string(id));
  };
}

WireAdmin::Route WireAdmin::to_controller(cli::Deadline deadline) {
  return [this, deadline]() -> cli::Result<wire::Address> {
    if (auto done = cluster_.refresh_now({}, false, deadline); !done) {
      return tl::make_unexpected(done.error());
    }
    const auto& brokers = cluster_.metadata().brokers;
    if (brokers.empty()) return cli::fail("no broker in the metadata");
    const auto controller = brokers.find(cluster_.metadata().controller_id);
    return controller == brokers.end() ? brokers.begin()->second : controller->second;
  };
}

WireAdmin::Route WireAdmin::to_leader(const TopicPartition& at, cli::Deadline deadline) {
  return [this, at, deadline]() -> cli::Result<wire::Address> {
    while (true) {
      if (auto done = cluster_.refresh_now({at.topic}, false, deadline); !done) {
        return tl::make_unexpected(done.error());
      }
      if (const wire::Address* leader = cluster_.leader(at); leader != nullptr) return *leader;
      const std::int16_t code = cluster_.error_of(at);
      if (code == static_cast<std::int16_t>(wire::ErrorCode::kUnknownTopicOrPartition) ||
          !wire::is_retriable(code) || !pause_until(deadline)) {
        return failed(ApiKey::kMetadata, wire::error_name(code), at.text(), code);
      }
    }
  };
}

WireAdmin::Route WireAdmin::to_coordinator(const std::string& group, cli::Deadline deadline) {
  return [this, group, deadline]() -> cli::Result<wire::Address> {
    while (true) {
      const auto answer = cluster_.find_coordinator_now(group, deadline);
      if (!answer) return tl::make_unexpected(answer.error());
      if (answer->error_code == 0) return answer->broker;
      if (!wire::is_retriable(answer->error_code) || !pause_until(deadline)) {
        return failed(ApiKey::kFindCoordinator, wire::error_name(answer->error_code), group,
                      answer->error_code);
      }
    }
  };
}

// ---- the cluster and offsets --------------------------------------------------------------------

cli::Result<ClusterInfo> WireAdmin::describe_cluster(cli::Deadline deadline) {
  if (auto done = cluster_.refresh_now({}, false, deadline); !done) {
    return tl::make_unexpected(done.error());
  }
  const Metadata& metadata = cluster_.metadata();
  ClusterInfo out{metadata.cluster_id, metadata.controller_id, {}, {}};
  for (const auto& [id, address] : metadata.brokers) out.brokers.push_back({id, address.text()});
  for (const auto& [name, topic] : metadata.topics) {
    TopicInfo info{name, {}};
    for (const auto& [id, partition] : topic.partitions) {
      info.partitions.push_back({id, partition.leader, partition.replicas, partition.isr});
    }
    out.topics.push_back(std::move(info));
  }
  return out;
}

cli::Result<std::int64_t> WireAdmin::list_offset(const TopicPartition& at, std::int64_t time,
                                                 cli::Deadline deadline) {
  const Fill fill = [&at, time](std::int16_t) -> cli::Result<Value> {
    return list_offsets_request({{at, time}});
  };
  const auto reply = settle(
      ApiKey::kListOffsets, at.text(), to_leader(at, deadline), fill,
      [&at](const wire::Reply& r) { return find_partition(r.body["topics"], at); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return (*find_partition(reply->body["topics"], at))["offset"].as_int();
}

cli::Result<EpochEnd> WireAdmin::epoch_end(const TopicPartition& at, std::int32_t epoch,
                                           cli::Deadline deadline) {
  const Route route = to_leader(at, deadline);
  const Fill fill = [&](std::int16_t) -> cli::Result<Value> {
    const std::int32_t present = cluster_.topic(at.topic)->partitions.at(at.partition).leader_epoch;
    const Value partition{{"partition", at.partition},
                          {"leader_epoch", epoch == kPresentEpoch ? present : epoch}};
    return Value{{"topics", Value::array({{{"topic", at.topic},
                                           {"partitions", Value::array({partition})}}})}};
  };
  const auto answer_of = [&at](const wire::Reply& reply) -> const Value* {
    for (const Value& topic : reply.body["topics"].items()) {
      for (const Value& partition : topic["partitions"].items()) {
        if (topic["topic"].as_string() == at.topic &&
            partition["partition"].as_int() == at.partition) {
          return &partition;
        }
      }
    }
    return nullptr;
  };
  const auto reply =
      settle(ApiKey::kOffsetForLeaderEpoch, at.text(), route, fill, answer_of, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  const Value& answer = *answer_of(*reply);
  return EpochEnd{static_cast<std::int32_t>(answer["leader_epoch"].as_int()),
                  answer["end_offset"].as_int()};
}

}  // namespace ks::client
