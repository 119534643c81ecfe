#include "lib/target/profile.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"
#include "lib/cli/redact.h"

namespace ks::target {
namespace {

TEST(ProfileFileTest, ReadsEveryKey) {
  const auto profile = parse_profile(R"(
target: kafka
brokers: [127.0.0.1:9092, "[::1]:9093", broker]
clients: [wire, librdkafka]
metrics_url: http://127.0.0.1:1/metrics
health_urls: [http://127.0.0.1:1/healthz]
driver:
  kind: commands
  dir: somewhere
  brokers: [10.0.0.1:9092]
  commands: {stop: "docker stop x", start: docker start x}
toxiproxy: {api_url: http://127.0.0.1:8474, object_store: [s3], brokers: [b1, b2], clients: [c]}
store: {endpoint: http://127.0.0.1:9000, url: s3://kafscale/default}
principals:
  allowed: {client.id: ks-allowed}
  denied: {client.id: ks-denied, socket.timeout.ms: 500}
  brokers: [127.0.0.1:9094]
limits: {latency_ms_p99: 100, errors: 0.5}
durations: {chaos_s: 600}
librdkafka: {socket.timeout.ms: 1000}
)",
                                     "x.yaml");
  ASSERT_TRUE(profile.has_value()) << profile.error().message();
  EXPECT_EQ(profile->durations.at("chaos_s"), 600);
  EXPECT_EQ(profile->target, TargetKind::kKafka);
  EXPECT_EQ(profile->brokers, (std::vector<std::string>{"127.0.0.1:9092", "[::1]:9093", "broker"}));
  EXPECT_EQ(profile->clients, (std::vector<std::string>{"wire", "librdkafka"}));
  EXPECT_EQ(profile->metrics_url, "http://127.0.0.1:1/metrics");
  EXPECT_EQ(profile->health_urls, std::vector<std::string>{"http://127.0.0.1:1/healthz"});
  EXPECT_EQ(profile->driver.kind, "commands");
  EXPECT_EQ(profile->driver.dir, "somewhere");
  EXPECT_EQ(profile->driver.brokers, std::vector<std::string>{"10.0.0.1:9092"});
  EXPECT_EQ(profile->driver.commands.at("stop"), "docker stop x");
  EXPECT_EQ(profile->toxiproxy.api_url, "http://127.0.0.1:8474");
  EXPECT_EQ(profile->toxiproxy.object_store, std::vector<std::string>{"s3"});
  EXPECT_EQ(profile->toxiproxy.brokers, (std::vector<std::string>{"b1", "b2"}));
  EXPECT_EQ(profile->toxiproxy.clients, std::vector<std::string>{"c"});
  using Properties = std::map<std::string, std::string>;
  ASSERT_TRUE(profile->principals);
  EXPECT_EQ(profile->principals->allowed, (Properties{{"client.id", "ks-allowed"}}));
  EXPECT_EQ(profile->principals->denied,
            (Properties{{"client.id", "ks-denied"}, {"socket.timeout.ms", "500"}}));
  EXPECT_EQ(profile->principals->brokers, std::vector<std::string>{"127.0.0.1:9094"});
  EXPECT_EQ(profile->limits.at("errors"), 0.5);
  EXPECT_EQ(profile->librdkafka.at("socket.timeout.ms"), "1000");
}

TEST(ProfileFileTest, ReadsWhatEnginesNeed) {
  const auto compose = parse_profile(R"(
target: kafka
brokers: [a, b]
driver:
  kind: compose
  file: compose/x.yaml
  env_file: .env
  project: demo
  services: [broker-1, broker-2]
  id_variables: [ID_1, ID_2]
)",
                                     "x.yaml");
  ASSERT_TRUE(compose.has_value()) << compose.error().message();
  EXPECT_EQ(compose->driver.file, "compose/x.yaml");
  EXPECT_EQ(compose->driver.env_file, ".env");
  EXPECT_EQ(compose->driver.project, "demo");
  EXPECT_EQ(compose->driver.services, (std::vector<std::string>{"broker-1", "broker-2"}));
  EXPECT_EQ(compose->driver.id_variables, (std::vector<std::string>{"ID_1", "ID_2"}));
  const auto kubectl = parse_profile(
      "target: kafka\nbrokers: []\n"
      "driver: {kind: kubectl, context: c, namespace: n, workload: statefulset/w}\n",
      "x.yaml");
  ASSERT_TRUE(kubectl.has_value()) << kubectl.error().message();
  EXPECT_EQ(kubectl->driver.context, "c");
  EXPECT_EQ(kubectl->driver.name_space, "n");
  EXPECT_EQ(kubectl->driver.workload, "statefulset/w");
}

TEST(ProfileFileTest, DefaultsAreSafe) {
  const auto profile = parse_profile("target: kafscale\nbrokers: []\n", "x.yaml");
  ASSERT_TRUE(profile.has_value());
  EXPECT_EQ(profile->clients, std::vector<std::string>{"librdkafka"});
  EXPECT_EQ(profile->driver.kind, "none");
  EXPECT_FALSE(profile->principals);
}

TEST(ProfileFileTest, SecretsAreRedactedFromThenOn) {
  ASSERT_TRUE(parse_profile("target: kafka\nbrokers: []\n"
                            "metrics_url: http://me:url-secret-1@127.0.0.1/metrics\n"
                            "librdkafka: {sasl.password: property-secret-2}\n"
                            "store: {secret_key: store-secret-3}\n"
                            "principals: {allowed: {sasl.password: allowed-secret-4}, "
                            "denied: {sasl.password: denied-secret-5}}\n",
                            "x.yaml")
                  .has_value());
  EXPECT_EQ(cli::redact("url-secret-1 property-secret-2 store-secret-3"), "*** *** ***");
  EXPECT_EQ(cli::redact("allowed-secret-4 denied-secret-5"), "*** ***");
}

struct Malformed {
  const char* text;
  const char* message;
};

class MalformedProfileTest : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedProfileTest, NamesFileLineAndKey) {
  const auto profile = parse_profile(GetParam().text, "profiles/x.yaml");
  ASSERT_FALSE(profile.has_value());
  EXPECT_EQ(profile.error().message(), GetParam().message);
}

#define HEAD "target: kafka\nbrokers: []\n"
INSTANTIATE_TEST_SUITE_P(
    ProfileFileTest, MalformedProfileTest,
    testing::Values(
        Malformed{"", "profiles/x.yaml: not a mapping of keys"},
        Malformed{"- a\n", "profiles/x.yaml:1: not a mapping of keys"},
        Malformed{"target: kafka\n", "profiles/x.yaml:1: key 'brokers' is missing"},
        Malformed{"brokers: []\n", "profiles/x.yaml:1: key 'target' is missing"},
        Malformed{HEAD "colour: red\n", "profiles/x.yaml:3: key 'colour': unknown key"},
        Malformed{HEAD "target: kafka\n", "profiles/x.yaml:3: key 'target' twice"},
        Malformed{"target: redpanda\nbrokers: []\n",
                  "profiles/x.yaml:1: key 'target': not one of kafscale kafka"},
        Malformed{"target: kafka\nbrokers: a\n", "profiles/x.yaml:2: key 'brokers': not a list"},
        Malformed{"target: kafka\nbrokers: [a:b]\n",
                  "profiles/x.yaml:2: key 'brokers': not a broker address 'a:b'"},
        Malformed{"target: kafka\nbrokers: ['u:hunter2@h:1']\n",
                  "profiles/x.yaml:2: key 'brokers': a broker address with a user or password"},
        Malformed{HEAD "librdkafka: {sasl.password:hunter2}\n",
                  "profiles/x.yaml:3: key 'librdkafka.sasl.password': not a text"},
        Malformed{HEAD "clients: [curl]\n",
                  "profiles/x.yaml:3: key 'clients': not one of librdkafka wire java"},
        Malformed{HEAD "clients: [wire, wire]\n", "profiles/x.yaml:3: key 'clients': 'wire' twice"},
        Malformed{HEAD "clients: []\n", "profiles/x.yaml:3: key 'clients': an empty list"},
        Malformed{HEAD "metrics_url: localhost\n",
                  "profiles/x.yaml:3: key 'metrics_url': not an http or https URL"},
        Malformed{HEAD "metrics_url:\n", "profiles/x.yaml:3: key 'metrics_url': not a text"},
        Malformed{HEAD "health_urls:\n- http://a\n- b\n",
                  "profiles/x.yaml:5: key 'health_urls': not an http or https URL"},
        Malformed{HEAD "driver: {dir: x}\n", "profiles/x.yaml:3: key 'driver': kind is missing"},
        Malformed{HEAD "driver:\n  kind: magic\n",
                  "profiles/x.yaml:4: key 'driver.kind': not one of none process compose kubectl "
                  "commands"},
        Malformed{HEAD "driver:\n  kind: none\n  colour: red\n",
                  "profiles/x.yaml:5: key 'driver.colour': unknown key"},
        Malformed{HEAD "driver:\n  kind: commands\n  commands: {explode: x}\n",
                  "profiles/x.yaml:5: key 'driver.commands.explode': not one of stop kill pause "
                  "continue start restart replace rolling scale status"},
        Malformed{HEAD "limits:\n  foo: fast\n",
                  "profiles/x.yaml:4: key 'limits.foo': not a number"},
        Malformed{HEAD "limits:\n  foo: \"5\"\n",
                  "profiles/x.yaml:4: key 'limits.foo': not a number"},
        Malformed{HEAD "durations: {storm_s: 1}\n",
                  "profiles/x.yaml:3: key 'durations': unknown key 'storm_s'"},
        Malformed{HEAD "durations: {chaos_s: 0.5}\n",
                  "profiles/x.yaml:3: key 'durations': 'chaos_s' is not a whole number of seconds "
                  "from 1"},
        Malformed{HEAD "limits:\n  foo: [1]\n",
                  "profiles/x.yaml:4: key 'limits.foo': not a number"},
        Malformed{HEAD "librdkafka:\n  acks: {a: b}\n",
                  "profiles/x.yaml:4: key 'librdkafka.acks': not a text"},
        Malformed{HEAD "toxiproxy: {api_url: 127.0.0.1:8474}\n",
                  "profiles/x.yaml:3: key 'toxiproxy.api_url': not an http or https URL"},
        Malformed{HEAD "toxiproxy:\n  api_url: http://h\n  clients: c\n",
                  "profiles/x.yaml:5: key 'toxiproxy.clients': not a list"},
        Malformed{HEAD "toxiproxy:\n  api_url: http://h\n  etcd: [e]\n",
                  "profiles/x.yaml:5: key 'toxiproxy.etcd': unknown key"},
        Malformed{HEAD "principals: [a]\n", "profiles/x.yaml:3: key 'principals': not a mapping"},
        Malformed{HEAD "principals:\n  allowed: {client.id: a}\n",
                  "profiles/x.yaml:3: key 'principals': denied is missing"},
        Malformed{HEAD "principals:\n  denied: {client.id: a}\n",
                  "profiles/x.yaml:3: key 'principals': allowed is missing"},
        Malformed{HEAD "principals:\n  allowed: {}\n  denied: {client.id: a}\n",
                  "profiles/x.yaml:4: key 'principals.allowed': no property"},
        Malformed{HEAD "principals:\n  allowed: {sasl.password:hunter2}\n",
                  "profiles/x.yaml:4: key 'principals.allowed.sasl.password': not a text"},
        Malformed{HEAD "principals:\n  others: {client.id: a}\n",
                  "profiles/x.yaml:4: key 'principals.others': unknown key"},
        Malformed{HEAD "principals:\n  brokers: [a:b]\n",
                  "profiles/x.yaml:4: key 'principals.brokers': not a broker address 'a:b'"},
        Malformed{HEAD "store: minio\n", "profiles/x.yaml:3: key 'store': not a mapping"},
        Malformed{HEAD "store: {path_style: true}\n",
                  "profiles/x.yaml:3: key 'store': unknown key 'path_style'"},
        Malformed{HEAD "limits: {a: 1\n", "profiles/x.yaml:4: end of map flow not found"}));
#undef HEAD

// A project folder with profiles, and an environment of its own.
class LoadProfileTest : public test::ScratchFolder {
 protected:
  void SetUp() override {
    for (const char* name : kVariables) ::unsetenv(name);
    write("local-service", "target: kafscale\nbrokers: [127.0.0.1:39092]\n");
    write("kafka-local", "target: kafka\nbrokers: [127.0.0.1:9092]\n");
    ::setenv("KS_HOME", dir_.c_str(), 1);
  }
  void TearDown() override {
    for (const char* name : kVariables) ::unsetenv(name);
  }
  void write(const std::string& name, const std::string& text) {
    ASSERT_TRUE(cli::write_file(dir_ / "profiles" / (name + ".yaml"), text).has_value());
  }
  static std::string error_of(const std::string& flag) {
    const auto profile = load_profile(flag);
    EXPECT_FALSE(profile.has_value());
    return profile ? "" : profile.error().message();
  }
  static std::string name_of(const std::string& flag) {
    const auto profile = load_profile(flag);
    EXPECT_TRUE(profile.has_value()) << profile.error().message();
    return profile ? profile->name : "";
  }

  static constexpr std::array kVariables{"KS_HOME",       "K6_PROFILE",     "K6_TARGET",
                                         "KS_BROKERS",    "KS_METRICS_URL", "KS_HEALTH_URLS",
                                         "KS_DRIVER_DIR", "KS_TOXIPROXY",   "KS_PRINCIPAL_BROKERS"};
};

TEST_F(LoadProfileTest, LocalServiceIsTheDefault) { EXPECT_EQ(name_of(""), "local-service"); }

TEST_F(LoadProfileTest, FlagGoesAboveTheEnvironment) {
  ::setenv("K6_PROFILE", "kafka-local", 1);
  EXPECT_EQ(name_of(""), "kafka-local");
  EXPECT_EQ(name_of("local-service"), "local-service");
}

TEST_F(LoadProfileTest, NameWithASlashIsAPath) {
  write("mine", "target: kafka\nbrokers: [a]\n");
  EXPECT_EQ(name_of((dir_ / "profiles/mine.yaml").string()), "mine");
}

TEST_F(LoadProfileTest, TargetKafkaAloneSelectsKafkaLocal) {
  ::setenv("K6_TARGET", "kafka", 1);
  EXPECT_EQ(name_of(""), "kafka-local");
}

TEST_F(LoadProfileTest, TargetTurnsAKafScaleProfileIntoKafka) {
  ::setenv("K6_TARGET", "kafka", 1);
  EXPECT_EQ(load_profile("local-service").value().target, TargetKind::kKafka);
}

TEST_F(LoadProfileTest, TargetNeverTurnsAKafkaProfileIntoKafScale) {
  ::setenv("K6_TARGET", "kafscale", 1);
  EXPECT_EQ(load_profile("local-service").value().target, TargetKind::kKafscale);
  EXPECT_EQ(error_of("kafka-local"),
            "a kafka profile cannot be tested as kafscale: K6_TARGET=kafscale with profile "
            "kafka-local; unset K6_TARGET or choose a kafscale profile");
}

TEST_F(LoadProfileTest, UnknownTargetIsRefused) {
  ::setenv("K6_TARGET", "redpanda", 1);
  EXPECT_EQ(error_of(""), "unknown target 'redpanda': K6_TARGET; choose kafscale or kafka");
}

TEST_F(LoadProfileTest, UnknownProfileListsThoseThereAre) {
  EXPECT_EQ(error_of("nowhere"),
            "no such profile: profiles/nowhere.yaml; there are kafka-local, local-service");
}

TEST_F(LoadProfileTest, MissingFileIsNamed) {
  EXPECT_NE(error_of("./nowhere.yaml").find("./nowhere.yaml"), std::string::npos);
}

TEST_F(LoadProfileTest, EnvironmentGoesAboveTheFile) {
  ::setenv("KS_BROKERS", "a:1,b:2", 1);
  ::setenv("KS_METRICS_URL", "http://m/metrics", 1);
  ::setenv("KS_HEALTH_URLS", "http://m/healthz,http://m/readyz", 1);
  ::setenv("KS_DRIVER_DIR", "folder", 1);
  ::setenv("KS_TOXIPROXY", "http://10.0.0.1:8474", 1);
  const Profile profile = load_profile("").value();
  EXPECT_EQ(profile.brokers, (std::vector<std::string>{"a:1", "b:2"}));
  EXPECT_EQ(profile.metrics_url, "http://m/metrics");
  EXPECT_EQ(profile.health_urls.size(), 2u);
  EXPECT_EQ(profile.driver.dir, "folder");
  EXPECT_EQ(profile.toxiproxy.api_url, "http://10.0.0.1:8474");
}

TEST_F(LoadProfileTest, PrincipalsAreWhereTheEnvironmentSaysOrNotOfAnotherOne) {
  write("mine",
        "target: kafka\nbrokers: [a:1]\n"
        "principals: {allowed: {client.id: a}, denied: {client.id: d}, brokers: [a:2]}\n");
  using Addresses = std::vector<std::string>;
  EXPECT_EQ(load_profile("mine").value().principals->brokers, Addresses{"a:2"});
  ::setenv("KS_BROKERS", "b:1", 1);
  EXPECT_EQ(load_profile("mine").value().principals->brokers, Addresses{});
  ::setenv("KS_PRINCIPAL_BROKERS", "b:2,b:3", 1);
  EXPECT_EQ(load_profile("mine").value().principals->brokers, (Addresses{"b:2", "b:3"}));
  EXPECT_FALSE(load_profile("kafka-local").value().principals);
  ::setenv("KS_PRINCIPAL_BROKERS", "b:x", 1);
  EXPECT_TRUE(error_of("mine").starts_with("not a broker address 'b:x': KS_PRINCIPAL_BROKERS;"));
}

TEST_F(LoadProfileTest, AVariableWithBadAddressesIsNamed) {
  ::setenv("KS_BROKERS", "http://user:hunter2@h:1", 1);
  EXPECT_TRUE(error_of("").starts_with("a broker address with a user or password: KS_BROKERS;"));
  ::setenv("KS_BROKERS", "a:1,b:x", 1);
  EXPECT_TRUE(error_of("").starts_with("not a broker address 'b:x': KS_BROKERS;"));
}

TEST_F(LoadProfileTest, EmptyVariablesCountAsNotSet) {
  ::setenv("K6_PROFILE", "", 1);
  ::setenv("K6_TARGET", "", 1);
  ::setenv("KS_BROKERS", "", 1);
  EXPECT_EQ(load_profile("").value().brokers, std::vector<std::string>{"127.0.0.1:39092"});
}

TEST(ProjectProfilesTest, EveryOneLoads) {
  int count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(KS_SOURCE "/profiles")) {
    if (entry.path().filename() == "charter.yaml") continue;  // promises, no environment
    const auto profile = parse_profile(cli::read_file(entry.path()).value(), entry.path());
    EXPECT_TRUE(profile.has_value()) << profile.error().message();
    ++count;
  }
  EXPECT_GE(count, 5);
}

}  // namespace
}  // namespace ks::target
