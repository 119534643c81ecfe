#include "lib/client/rdkafka_handle.h"

#include "lib/cli/log.h"
#include "lib/wire/error_code.h"

namespace ks::client {
namespace {

void log_line(const rd_kafka_t*, int, const char* facility, const char* text) {
  cli::log_debug(std::string("librdkafka ") + facility + ": " + text);
}

std::string join(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out += (out.empty() ? "" : ",") + word;
  return out;
}

cli::Result<void> set(rd_kafka_conf_t* conf, const std::string& name, const std::string& value) {
  char error[512];
  if (rd_kafka_conf_set(conf, name.c_str(), value.c_str(), error, sizeof error) !=
      RD_KAFKA_CONF_OK) {
    return cli::fail(error, "-X " + name, "librdkafka's CONFIGURATION.md lists the properties");
  }
  return {};
}

}  // namespace

cli::Result<Owned<rd_kafka_conf_t>> make_conf(const Config& config,
                                              const std::map<std::string, std::string>& defaults) {
  Owned<rd_kafka_conf_t> conf(rd_kafka_conf_new());
  rd_kafka_conf_set_log_cb(conf.get(), log_line);
  std::map<std::string, std::string> properties{
      {"bootstrap.servers", join(config.brokers)},
      {"client.id", "ks"},
      {"socket.nagle.disable", "true"},
      // A broker that comes back after a restart should be found within the recovery limit.
      {"reconnect.backoff.ms", "50"},
      {"reconnect.backoff.max.ms", "500"},
      {"broker.address.family", "any"},
  };
  for (const auto& [name, value] : defaults) properties[name] = value;
  for (const auto& [name, value] : config.properties) properties[name] = value;
  for (const auto& [name, value] : properties) {
    if (auto done = set(conf.get(), name, value); !done) return tl::make_unexpected(done.error());
  }
  return conf;
}

cli::Result<Owned<rd_kafka_t>> make_handle(rd_kafka_type_t type, Owned<rd_kafka_conf_t> conf) {
  char error[512];
  Owned<rd_kafka_t> handle(rd_kafka_new(type, conf.get(), error, sizeof error));
  if (handle == nullptr) return cli::fail(error, "-X", "check the properties");
  static_cast<void>(conf.release());  // rd_kafka_new owns it only when it succeeds
  return handle;
}

bool is_connection_error(rd_kafka_resp_err_t code) {
  return code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN ||
         code == RD_KAFKA_RESP_ERR__RESOLVE;
}

bool is_disconnect(rd_kafka_resp_err_t code) {
  return is_connection_error(code) && code != RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN;
}

std::string code_name(rd_kafka_resp_err_t code) {
  const bool is_brokers = code > RD_KAFKA_RESP_ERR_NO_ERROR || code == RD_KAFKA_RESP_ERR_UNKNOWN;
  return is_brokers ? wire::error_name(static_cast<std::int16_t>(code)) : rd_kafka_err2name(code);
}

std::string describe(rd_kafka_resp_err_t code) {
  return std::string(rd_kafka_err2str(code)) + " (" + rd_kafka_err2name(code) + ")";
}

tl::unexpected<cli::Error> fail_with(rd_kafka_resp_err_t code, const std::string& doing,
                                     const std::string& where) {
  return cli::fail_as(code_name(code), doing + " failed: " + describe(code), where);
}

Partitions to_list(const std::vector<Position>& positions) {
  Partitions list(rd_kafka_topic_partition_list_new(static_cast<int>(positions.size())));
  for (const Position& p : positions) {
    rd_kafka_topic_partition_list_add(list.get(), p.at.topic.c_str(), p.at.partition)->offset =
        p.offset;
  }
  return list;
}

std::vector<Position> from_list(const rd_kafka_topic_partition_list_t& list) {
  std::vector<Position> out;
  for (int i = 0; i < list.cnt; ++i) {
    out.push_back({{list.elems[i].topic, list.elems[i].partition}, list.elems[i].offset});
  }
  return out;
}

}  // namespace ks::client
