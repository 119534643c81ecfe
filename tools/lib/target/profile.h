#pragma once

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::target {

enum class TargetKind { kKafscale, kKafka };

std::string_view to_string(TargetKind kind);

// What the commands driver takes a command for.
inline constexpr std::array<std::string_view, 10> kCommandVerbs{
    "stop",    "kill",    "pause",   "continue", "start",
    "restart", "replace", "rolling", "scale",    "status"};

// What a profile may say the duration of: faults of the gates.
inline constexpr std::array<std::string_view, 4> kFaultDurations{
    "slow_object_store_s", "client_partition_s", "chaos_s", "debezium_down_s"};

// What a profile may say of the object store (reports/schema/profile-v1.json, "store").
inline constexpr std::array<std::string_view, 6> kStoreSettings{
    "url", "endpoint", "region", "access_key", "secret_key", "session_token"};

// How brokers are stopped and started (reports/schema/profile-v1.json, "driver").
struct Driver {
  std::string kind = "none";  // none | process | compose | kubectl | commands
  std::string dir;            // process: the cluster's folder, one sub-folder a node
  std::map<std::string, std::string> commands;  // commands: verb -> shell command
  // commands, compose: where the nodes are; empty: at the profile's
  std::vector<std::string> brokers;

  std::string file;                       // compose: the compose file
  std::string env_file;                   // compose: --env-file; empty: none
  std::string project;                    // compose: -p
  std::vector<std::string> services;      // compose: a node each
  std::vector<std::string> id_variables;  // compose: what each service takes its broker id from

  std::string context;     // kubectl: --context; empty: the present one
  std::string name_space;  // kubectl: -n
  std::string workload;    // kubectl: statefulset/NAME
};

// The Toxiproxy on the network paths (reports/schema/profile-v1.json, "toxiproxy"): the names of
// the proxies that stand on each.
struct Toxiproxies {
  std::string api_url;  // empty: none
  std::vector<std::string> object_store;
  std::vector<std::string> brokers;  // from broker to broker
  std::vector<std::string> clients;  // from clients to brokers
};

// Whom the check of permissions connects as (reports/schema/profile-v1.json, "principals"), as
// client properties.
struct Principals {
  std::map<std::string, std::string> allowed;
  std::map<std::string, std::string> denied;
  std::vector<std::string> brokers;  // where they are known; empty: at the profile's
};

// An environment to test: profiles/NAME.yaml after the environment variables and K6_TARGET.
struct Profile {
  std::string name;
  TargetKind target = TargetKind::kKafscale;
  std::vector<std::string> brokers;  // host:port; empty: set by KS_BROKERS or -b
  std::vector<std::string> clients{"librdkafka"};
  std::string metrics_url;               // empty: none
  std::vector<std::string> health_urls;  // each answers 200 on a healthy broker
  Driver driver;
  Toxiproxies toxiproxy;
  std::optional<Principals> principals;
  std::map<std::string, std::string> store;  // of kStoreSettings: the object store
  std::map<std::string, double> limits;      // metric -> limit
  std::map<std::string, double> durations;   // of kFaultDurations: seconds, instead of the gates'
  std::map<std::string, std::string> librdkafka;  // properties, below -X
};

// Loads the profile that --profile (`flag`, may be empty) or the environment names:
// flag > K6_PROFILE > (K6_TARGET=kafka: kafka-local) > local-service. A name without '/' is
// profiles/NAME.yaml in KS_HOME or the project's folder. K6_TARGET may turn a kafscale profile into
// kafka, never the other way. KS_BROKERS, KS_METRICS_URL, KS_HEALTH_URLS (comma-separated),
// KS_DRIVER_DIR, KS_TOXIPROXY (toxiproxy.api_url), KS_STORE (store.url) and KS_PRINCIPAL_BROKERS
// (principals.brokers) override the file. Errors name file, line and key.
cli::Result<Profile> load_profile(const std::string& flag);

// One profile file's text; `file` is for errors.
cli::Result<Profile> parse_profile(const std::string& text, const std::string& file);

}  // namespace ks::target
