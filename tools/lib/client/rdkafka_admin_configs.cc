#include "lib/client/rdkafka_admin.h"

namespace ks::client {
namespace {

using ResourcePtr = AdminOwned<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_destroy>;

ResourcePtr make_resource(ConfigResource resource, const std::string& name) {
  const auto type =
      resource == ConfigResource::kTopic ? RD_KAFKA_RESOURCE_TOPIC : RD_KAFKA_RESOURCE_BROKER;
  return ResourcePtr(rd_kafka_ConfigResource_new(type, name.c_str()));
}

cli::Result<void> check_resource(const rd_kafka_ConfigResource_t& resource,
                                 const std::string& doing) {
  const rd_kafka_resp_err_t code = rd_kafka_ConfigResource_error(&resource);
  if (code == RD_KAFKA_RESP_ERR_NO_ERROR) return {};
  return fail_with_text(code, rd_kafka_ConfigResource_error_string(&resource), doing,
                        rd_kafka_ConfigResource_name(&resource));
}

constexpr AdminApi<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_t> kDescribeConfigs{
    RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS,
    "DescribeConfigs",
    rd_kafka_DescribeConfigs,
    rd_kafka_event_DescribeConfigs_result,
    rd_kafka_DescribeConfigs_result_resources,
    check_resource};

constexpr AdminApi<rd_kafka_ConfigResource_t, rd_kafka_ConfigResource_t> kAlterConfigs{
    RD_KAFKA_ADMIN_OP_ALTERCONFIGS,
    "AlterConfigs",
    rd_kafka_AlterConfigs,
    rd_kafka_event_AlterConfigs_result,
    rd_kafka_AlterConfigs_result_resources,
    check_resource};

// Whether the value was set on the resource itself and is not inherited, say from the broker's
// file: what AlterConfigs replaces. DescribeConfigs 0 has no sources, and a flag that means this.
bool is_set_on(ConfigResource resource, const rd_kafka_ConfigEntry_t& entry) {
  const rd_kafka_ConfigSource_t source = rd_kafka_ConfigEntry_source(&entry);
  if (source == RD_KAFKA_CONFIG_SOURCE_UNKNOWN_CONFIG) {
    return rd_kafka_ConfigEntry_is_default(&entry) != 1;
  }
  return source == (resource == ConfigResource::kTopic
                        ? RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG
                        : RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG);
}

}  // namespace

cli::Result<std::vector<ConfigEntry>> RdkafkaAdmin::describe_configs(ConfigResource resource,
                                                                     const std::string& name,
                                                                     cli::Deadline deadline) {
  const ResourcePtr request = make_resource(resource, name);
  const auto answer = ask(kDescribeConfigs, request.get(), name, deadline);
  if (!answer) return tl::make_unexpected(answer.error());
  std::vector<ConfigEntry> out;
  if (answer->item == nullptr) return out;
  std::size_t count = 0;
  const auto* entries = rd_kafka_ConfigResource_configs(answer->item, &count);
  for (std::size_t i = 0; i < count; ++i) {
    const char* value = rd_kafka_ConfigEntry_value(entries[i]);
    out.push_back({rd_kafka_ConfigEntry_name(entries[i]), value == nullptr ? "" : value,
                   !is_set_on(resource, *entries[i]),
                   rd_kafka_ConfigEntry_is_read_only(entries[i]) == 1,
                   rd_kafka_ConfigEntry_is_sensitive(entries[i]) == 1});
  }
  return out;
}

cli::Result<void> RdkafkaAdmin::alter_configs(ConfigResource resource, const std::string& name,
                                              const std::map<std::string, std::string>& configs,
                                              cli::Deadline deadline) {
  const ResourcePtr request = make_resource(resource, name);
  for (const auto& [key, value] : configs) {
    rd_kafka_ConfigResource_set_config(request.get(), key.c_str(), value.c_str());
  }
  return tell(kAlterConfigs, request.get(), name, deadline);
}

}  // namespace ks::client
