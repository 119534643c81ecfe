#include "lib/client/wire_options.h"

#include <gtest/gtest.h>

namespace ks::client {
namespace {

TEST(ParseWireOptions, TakesLibrdkafkasNames) {
  const auto options = parse_wire_options({{"acks", "1"},
                                           {"linger.ms", "5"},
                                           {"compression.codec", "zstd"},
                                           {"session.timeout.ms", "6000"},
                                           {"partition.assignment.strategy", "roundrobin,range"}});
  ASSERT_TRUE(options) << options.error().message();
  EXPECT_EQ(options->acks, 1);
  EXPECT_EQ(options->linger, std::chrono::milliseconds(5));
  EXPECT_EQ(options->compression, wire::CompressionType::kZstd);
  EXPECT_EQ(options->session_timeout, std::chrono::seconds(6));
  EXPECT_EQ(options->assignors, (std::vector<std::string>{"roundrobin", "range"}));
}

TEST(ParseWireOptions, NamesWhatItHasNoUseFor) {
  const auto options = parse_wire_options({{"statistics.interval.ms", "5"}});
  ASSERT_FALSE(options);
  EXPECT_NE(options.error().message().find("-X statistics.interval.ms"), std::string::npos);
  EXPECT_FALSE(is_wire_property("statistics.interval.ms"));
  EXPECT_TRUE(is_wire_property("acks"));
}

TEST(ParseWireOptions, NamesAValueThatItCannotRead) {
  for (const auto& [name, value] :
       std::map<std::string, std::string>{{"acks", "2"},
                                          {"linger.ms", "soon"},
                                          {"linger.ms", "99999999999"},
                                          {"compression.codec", "rar"},
                                          {"sasl.mechanism", "GSSAPI"},
                                          {"isolation.level", "read_committed"},
                                          {"partition.assignment.strategy", "sticky"}}) {
    const auto options = parse_wire_options({{name, value}});
    ASSERT_FALSE(options) << name << "=" << value;
    EXPECT_NE(options.error().message().find("-X " + name), std::string::npos);
  }
}

TEST(ParseWireOptions, IdempotenceNeedsWhatKafkaAsksForIt) {
  EXPECT_TRUE(parse_wire_options({{"enable.idempotence", "true"}}));
  EXPECT_FALSE(parse_wire_options({{"enable.idempotence", "true"}, {"acks", "1"}}));
  EXPECT_FALSE(parse_wire_options({{"enable.idempotence", "true"}, {"max.in.flight", "6"}}));
  EXPECT_FALSE(parse_wire_options({{"max.in.flight", "0"}}));
}

TEST(ParseWireOptions, SecurityIsWhatTheProtocolSays) {
  const std::map<std::string, std::string> all{
      {"sasl.username", "me"}, {"sasl.password", "secret"}, {"ssl.ca.location", "/ca.pem"}};
  auto with = [&](const std::string& protocol) {
    auto properties = all;
    if (!protocol.empty()) properties["security.protocol"] = protocol;
    return *parse_wire_options(properties);
  };
  EXPECT_FALSE(with("").access.credentials);
  EXPECT_FALSE(with("").access.connection.tls);
  EXPECT_TRUE(with("SASL_PLAINTEXT").access.credentials);
  EXPECT_FALSE(with("sasl_plaintext").access.connection.tls);
  EXPECT_FALSE(with("SSL").access.credentials);
  EXPECT_EQ(with("ssl").access.connection.tls->ca_file, "/ca.pem");
  EXPECT_TRUE(with("SASL_SSL").access.credentials);
}

TEST(AccessBy, AuthenticatesOnlyAsTheClientWould) {
  using enum Implementation;
  const std::map<std::string, std::string> user{{"security.protocol", "SASL_SSL"},
                                                {"sasl.username", "me"}};
  const auto with = [&](const std::string& mechanism, Implementation implementation) {
    auto properties = user;
    properties["sasl.mechanisms"] = mechanism;
    return access_by(properties, implementation);
  };
  EXPECT_TRUE(access_by(user, kWire).credentials);
  EXPECT_FALSE(access_by(user, kLibrdkafka).credentials) << "its default is GSSAPI";
  EXPECT_TRUE(with("PLAIN", kLibrdkafka).credentials);
  EXPECT_FALSE(with("SCRAM-SHA-256", kLibrdkafka).credentials);
  EXPECT_TRUE(with("SCRAM-SHA-256", kLibrdkafka).connection.tls);
}

TEST(AccessBy, LeavesWhatItCannotReadToTheClient) {
  const auto access = access_by({{"security.protocol", "SSL"},
                                 {"ssl.ca.location", "/ca.pem"},
                                 {"enable.ssl.certificate.verification", "maybe"},
                                 {"ssl.endpoint.identification.algorithm", "none"},
                                 {"ssl.cipher.suites", "ALL"}},
                                Implementation::kLibrdkafka);
  ASSERT_TRUE(access.connection.tls);
  EXPECT_EQ(access.connection.tls->ca_file, "/ca.pem");
  EXPECT_TRUE(access.connection.tls->verify);
  EXPECT_FALSE(access.connection.tls->verify_host);
  EXPECT_FALSE(access_by({{"ssl.ca.location", "/ca.pem"}}, Implementation::kWire).connection.tls);
}

}  // namespace
}  // namespace ks::client
