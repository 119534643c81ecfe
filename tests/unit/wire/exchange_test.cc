#include <gtest/gtest.h>

#include <random>

#include "exchanges.h"
#include "lib/wire/message.h"

namespace ks::wire {
namespace {

class WireExchange : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(exchanges_.size(), 70U) << "the recorded exchanges are missing";
  }

  const std::vector<Exchange> exchanges_ = recorded_exchanges();
};

TEST_F(WireExchange, EveryRequestDecodesAndEncodesToTheSameBytes) {
  for (const Exchange& exchange : exchanges_) {
    const auto request = decode_request(exchange.request);
    ASSERT_TRUE(request) << exchange.name << ": " << request.error().message();
    EXPECT_EQ(ApiKey{static_cast<std::int16_t>(request->header["request_api_key"].as_int())},
              exchange.key);
    EXPECT_EQ(request->header["request_api_version"].as_int(), exchange.version);
    EXPECT_EQ(request->header["correlation_id"].as_int(), exchange.correlation_id);
    EXPECT_EQ(encode_request(*request), exchange.request) << exchange.name;
  }
}

TEST_F(WireExchange, EveryResponseDecodesAndEncodesToTheSameBytes) {
  for (const Exchange& exchange : exchanges_) {
    const auto response = decode_response(exchange.key, exchange.version, exchange.response);
    ASSERT_TRUE(response) << exchange.name << ": " << response.error().message();
    EXPECT_EQ(response->header["correlation_id"].as_int(), exchange.correlation_id);
    EXPECT_EQ(encode_response(exchange.key, exchange.version, *response), exchange.response)
        << exchange.name;
  }
}

TEST_F(WireExchange, FieldsAreFoundByTheirNamesInTheProtocolGuide) {
  const Exchange& metadata = exchanges_.at(1);
  ASSERT_EQ(metadata.name, "Metadata");
  const auto request = decode_request(metadata.request);
  ASSERT_TRUE(request);
  EXPECT_EQ(request->header["client_id"].as_string(), "rdkafka");
  EXPECT_EQ(request->body["topics"], Value::array({}));
  EXPECT_FALSE(request->body["allow_auto_topic_creation"].as_bool());

  const auto response = decode_response(metadata.key, metadata.version, metadata.response);
  ASSERT_TRUE(response);
  const Value& body = response->body;
  EXPECT_EQ(body["cluster_id"].as_string(), "kafscale-cluster");
  EXPECT_EQ(body["brokers"][0]["host"].as_string(), "127.0.0.1");
  EXPECT_EQ(body["brokers"][0]["port"].as_int(), 39092);
  EXPECT_TRUE(body["brokers"][0]["rack"].is_null());
  EXPECT_EQ(body["topics"][0]["name"].as_string(), "orders");
  EXPECT_EQ(body["topics"][0]["partitions"][0]["replica_nodes"], Value::array({0}));
}

TEST_F(WireExchange, BytesAreViewsOfTheFrame) {
  std::size_t seen = 0;
  for (const Exchange& exchange : exchanges_) {
    if (exchange.key != ApiKey::kProduce) continue;
    const auto request = decode_request(exchange.request);
    ASSERT_TRUE(request);
    for (const Value& topic : request->body["topic_data"].items()) {
      for (const Value& partition : topic["partition_data"].items()) {
        const std::string_view records = partition["records"].as_bytes();
        ASSERT_FALSE(records.empty());
        EXPECT_GE(records.data(), exchange.request.data());
        EXPECT_LE(records.data() + records.size(),
                  exchange.request.data() + exchange.request.size());
        ++seen;
      }
    }
  }
  EXPECT_GT(seen, 0U);
}

TEST_F(WireExchange, EveryTruncationIsAnErrorThatNamesFieldAndByte) {
  for (const Exchange& exchange : exchanges_) {
    for (std::size_t size = 0; size < exchange.request.size(); ++size) {
      const auto request = decode_request(std::string_view(exchange.request).substr(0, size));
      ASSERT_FALSE(request) << exchange.name << " cut to " << size;
      EXPECT_NE(request.error().where.find(" at byte "), std::string::npos);
      EXPECT_FALSE(request.error().where.starts_with(" at byte ")) << request.error().message();
    }
    for (std::size_t size = 0; size < exchange.response.size(); ++size) {
      const auto response = decode_response(exchange.key, exchange.version,
                                            std::string_view(exchange.response).substr(0, size));
      ASSERT_FALSE(response) << exchange.name << " cut to " << size;
      EXPECT_NE(response.error().where.find(" at byte "), std::string::npos);
      EXPECT_FALSE(response.error().where.starts_with(" at byte ")) << response.error().message();
    }
  }
}

TEST_F(WireExchange, AByteTooManyIsAnError) {
  for (const Exchange& exchange : exchanges_) {
    const std::string request = exchange.request + '\0';
    ASSERT_FALSE(decode_request(request)) << exchange.name;
    const std::string long_response = exchange.response + '\0';
    const auto response = decode_response(exchange.key, exchange.version, long_response);
    ASSERT_FALSE(response) << exchange.name;
    EXPECT_NE(response.error().message().find(": 1 bytes too many: at byte " +
                                              std::to_string(exchange.response.size())),
              std::string::npos)
        << response.error().message();
  }
}

// A flipped bit may be an error or another message, which then goes there and back like any other.
TEST_F(WireExchange, WhatBecomesOfAFlippedBitIsAnErrorOrAnotherMessage) {
  std::mt19937 random(7);
  int errors = 0;
  int others = 0;
  for (const Exchange& exchange : exchanges_) {
    for (int round = 0; round < 100; ++round) {
      std::string bytes = exchange.response;
      char& byte = bytes[random() % bytes.size()];
      byte = static_cast<char>(byte ^ 1 << random() % 8);
      const auto response = decode_response(exchange.key, exchange.version, bytes);
      ++(response ? others : errors);
      if (!response) continue;
      const auto again = encode_response(exchange.key, exchange.version, *response);
      ASSERT_TRUE(again) << again.error().message();
      const auto twice = decode_response(exchange.key, exchange.version, *again);
      ASSERT_TRUE(twice) << twice.error().message();
      EXPECT_EQ(twice->body, response->body) << exchange.name;
    }
  }
  EXPECT_GT(errors, 100);
  EXPECT_GT(others, 100);
}

}  // namespace
}  // namespace ks::wire
