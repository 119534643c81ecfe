#include "lib/client/wire_admin.h"

// Topics and configurations.
namespace ks::client {
namespace {

using wire::ApiKey;
using wire::Reply;
using wire::Value;

constexpr std::int32_t kServersTimeoutMs = 30'000;  // how long a controller may take

// ConfigResource.Type and DescribeConfigsResponse.ConfigSource of Kafka's Java client.
constexpr std::int8_t kTopicResource = 2;
constexpr std::int8_t kBrokerResource = 4;
constexpr std::int8_t kDynamicTopicConfig = 1;
constexpr std::int8_t kDynamicBrokerConfig = 2;

std::int8_t type_of(ConfigResource resource) {
  return resource == ConfigResource::kTopic ? kTopicResource : kBrokerResource;
}

Value::Array config_list(const std::map<std::string, std::string>& configs) {
  Value::Array out;
  for (const auto& [name, value] : configs) out.push_back({{"name", name}, {"value", value}});
  return out;
}

// The element of `list` whose field `name_field` is `name`.
const Value* find_named(const Value& list, std::string_view name_field, const std::string& name) {
  for (const Value& element : list.items()) {
    if (element[name_field].as_string() == name) return &element;
  }
  return nullptr;
}

ConfigEntry to_entry(const Value& from, ConfigResource resource, std::int16_t version) {
  const std::int8_t set_here =
      resource == ConfigResource::kTopic ? kDynamicTopicConfig : kDynamicBrokerConfig;
  const bool is_default =
      version == 0 ? from["is_default"].as_bool() : from["config_source"].as_int() != set_here;
  return {std::string(from["name"].as_string()), std::string(from["value"].as_string()), is_default,
          from["read_only"].as_bool(), from["is_sensitive"].as_bool()};
}

}  // namespace

cli::Result<void> WireAdmin::create_topic(const NewTopic& topic, cli::Deadline deadline) {
  const Fill fill = [&topic](std::int16_t version) -> cli::Result<Value> {
    constexpr std::int16_t kWithDefaults = 4;
    if (topic.replication_factor < 0 && version < kWithDefaults) {
      return cli::fail("CreateTopics " + std::to_string(version) + " knows no default", topic.name,
                       "give the replication factor");
    }
    return Value{{"topics", Value::array({{{"name", topic.name},
                                           {"num_partitions", topic.partitions},
                                           {"replication_factor", topic.replication_factor},
                                           {"configs", config_list(topic.configs)}}})},
                 {"timeout_ms", kServersTimeoutMs}};
  };
  const auto reply = settle(
      ApiKey::kCreateTopics, topic.name, to_controller(deadline), fill,
      [&](const Reply& r) { return find_named(r.body["topics"], "name", topic.name); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

cli::Result<void> WireAdmin::delete_topic(const std::string& name, cli::Deadline deadline) {
  const Fill fill = [&name](std::int16_t version) -> cli::Result<Value> {
    constexpr std::int16_t kWithTopicIds = 6;
    Value request{{"timeout_ms", kServersTimeoutMs}};
    if (version < kWithTopicIds) {
      request.set("topic_names", Value::array({name}));
    } else {
      request.set("topics", Value::array({{{"name", name}}}));
    }
    return request;
  };
  const auto reply = settle(
      ApiKey::kDeleteTopics, name, to_controller(deadline), fill,
      [&](const Reply& r) { return find_named(r.body["responses"], "name", name); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

cli::Result<void> WireAdmin::set_partitions(const std::string& topic, std::int32_t total,
                                            cli::Deadline deadline) {
  const Fill fill = [&](std::int16_t) -> cli::Result<Value> {
    return Value{
        {"topics", Value::array({{{"name", topic}, {"count", total}, {"assignments", nullptr}}})},
        {"timeout_ms", kServersTimeoutMs}};
  };
  const auto reply = settle(
      ApiKey::kCreatePartitions, topic, to_controller(deadline), fill,
      [&](const Reply& r) { return find_named(r.body["results"], "name", topic); }, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

cli::Result<std::vector<ConfigEntry>> WireAdmin::describe_configs(ConfigResource resource,
                                                                  const std::string& name,
                                                                  cli::Deadline deadline) {
  const auto route = config_route(resource, name, deadline);
  if (!route) return tl::make_unexpected(route.error());
  const Fill fill = [&](std::int16_t) -> cli::Result<Value> {
    return Value{{"resources", Value::array({{{"resource_type", type_of(resource)},
                                              {"resource_name", name},
                                              {"configuration_keys", nullptr}}})}};
  };
  const auto answer_of = [&](const Reply& r) {
    return find_named(r.body["results"], "resource_name", name);
  };
  const auto reply = settle(ApiKey::kDescribeConfigs, name, *route, fill, answer_of, deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  std::vector<ConfigEntry> out;
  for (const Value& config : (*answer_of(*reply))["configs"].items()) {
    out.push_back(to_entry(config, resource, reply->version));
  }
  return out;
}

cli::Result<void> WireAdmin::alter_configs(ConfigResource resource, const std::string& name,
                                           const std::map<std::string, std::string>& configs,
                                           cli::Deadline deadline) {
  const auto route = config_route(resource, name, deadline);
  if (!route) return tl::make_unexpected(route.error());
  const Fill fill = [&](std::int16_t) -> cli::Result<Value> {
    return Value{{"resources", Value::array({{{"resource_type", type_of(resource)},
                                              {"resource_name", name},
                                              {"configs", config_list(configs)}}})}};
  };
  const auto reply = settle(
      ApiKey::kAlterConfigs, name, *route, fill,
      [&](const Reply& r) { return find_named(r.body["responses"], "resource_name", name); },
      deadline);
  if (!reply) return tl::make_unexpected(reply.error());
  return {};
}

// Only the broker itself knows its configuration.
cli::Result<WireAdmin::Route> WireAdmin::config_route(ConfigResource resource,
                                                      const std::string& name,
                                                      cli::Deadline deadline) {
  if (resource == ConfigResource::kTopic) return to_controller(deadline);
  const auto id = cli::parse_count(name);
  if (!id) return cli::fail("not a broker's id '" + name + "'");
  return to_broker(static_cast<std::int32_t>(*id), deadline);
}

}  // namespace ks::client
