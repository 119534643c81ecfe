#include "lib/target/broker_list.h"

#include <gtest/gtest.h>

#include "../support/fake_broker.h"

namespace ks::target {
namespace {

using wire::Value;

cli::Deadline soon() { return cli::Clock::now() + std::chrono::seconds(5); }

TEST(BrokerListTest, HasWhatMetadataLists) {
  test::FakeBroker broker;
  broker.serve(wire::ApiKey::kMetadata, {0, 13}, [](const test::Request& request) {
    EXPECT_EQ(request.version, 12);
    EXPECT_TRUE(request.body["topics"].items().empty());
    return Value{{"brokers", Value::array({{{"node_id", 3}, {"host", "127.0.0.1"}, {"port", 9092}},
                                           {{"node_id", 7}, {"host", "b"}, {"port", 1}}})}};
  });
  const auto list = BrokerList::ask(broker.address(), {}, soon());
  ASSERT_TRUE(list.has_value()) << list.error().message();
  EXPECT_EQ(list->at({"127.0.0.1", 9092})->id, 3);
  EXPECT_EQ(list->at({"localhost", 9092})->id, 3) << "another name of the place";
  EXPECT_EQ(list->at({"127.0.0.1", 9093}), nullptr);
  EXPECT_EQ(list->highest_id(), 7);
}

TEST(BrokerListTest, AskingDoesNotTouchTopics) {
  test::FakeBroker broker;
  broker.serve(wire::ApiKey::kMetadata, {0, 0}, [](const test::Request&) -> test::Answer {
    ADD_FAILURE() << "version 0 asks for every topic";
    return test::Answer::Kind::kClose;
  });
  EXPECT_EQ(BrokerList::ask(broker.address(), {}, soon()).error().what,
            "Metadata 1 or later is not served");
  EXPECT_EQ(BrokerList({}).highest_id(), -1);
}

}  // namespace
}  // namespace ks::target
