#include "lib/workload/produce_command.h"

#include <gtest/gtest.h>

namespace ks::workload {
namespace {

using Properties = std::map<std::string, std::string>;

// What a producer is given where these are, against a broker without InitProducerId.
cli::Result<Properties> guarantees(Properties given) {
  tool::Session session;
  const std::vector<const char*> words{"ks-produce", "--topic", "orders"};
  session.options = *cli::parse_command_line(static_cast<int>(words.size()), words.data(),
                                             produce_command().options);
  session.timeout = std::chrono::seconds(7);
  if (auto taken = take_guarantees(session, given); !taken) {
    return tl::make_unexpected(taken.error());
  }
  return given;
}

TEST(ProduceGuarantees, AreTheStrongestWithoutARequest) {
  EXPECT_EQ(*guarantees({}), (Properties{{"acks", "all"},
                                         {"enable.idempotence", "false"},
                                         {"max.in.flight.requests.per.connection", "1"},
                                         {"message.timeout.ms", "7000"}}));
}

TEST(ProduceGuarantees, APropertyWinsByEitherOfItsNames) {
  const auto taken = guarantees({{"request.required.acks", "1"},
                                 {"max.in.flight", "5"},
                                 {"delivery.timeout.ms", "900"},
                                 {"retries", "0"}});
  ASSERT_TRUE(taken);
  EXPECT_EQ(*taken, (Properties{{"acks", "1"},
                                {"enable.idempotence", "false"},
                                {"max.in.flight.requests.per.connection", "5"},
                                {"message.send.max.retries", "0"},
                                {"message.timeout.ms", "900"}}));
  const history::Head head = head_of(*taken);
  EXPECT_EQ(head.acks, 1);
  EXPECT_FALSE(head.in_order);
  EXPECT_FALSE(head.retries_may_duplicate);
}

TEST(ProduceGuarantees, TwoNamesMustNotDisagree) {
  EXPECT_TRUE(guarantees({{"request.required.acks", "1"}, {"acks", "1"}}));
  const auto taken = guarantees({{"request.required.acks", "1"}, {"acks", "all"}});
  ASSERT_FALSE(taken);
  EXPECT_EQ(taken.error().message(),
            "another value than that of acks, which is the same: -X request.required.acks; "
            "give one of them");
}

}  // namespace
}  // namespace ks::workload
