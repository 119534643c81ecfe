#include "lib/report/delivery_chart.h"

#include <gtest/gtest.h>

#include "timeline_builders.h"

namespace ks::report {
namespace {

DeliveryLane lane(const std::string& name, const std::vector<double>& rates) {
  DeliveryLane out{name, {}};
  for (std::size_t i = 0; i < rates.size(); ++i) {
    out.per_second[kNoonNs / 1'000'000'000 + static_cast<std::int64_t>(i)] = rates[i];
  }
  return out;
}

TEST(DeliveryChart, ASecondIsABlockAndAPauseADot) {
  EXPECT_EQ(delivery_chart({lane("produce", {80, 40, 0, 10, 80}), lane("consume", {1, 1, 1, 1, 1})},
                           {{at_s(2.2), at_s(3.1)}, {at_s(4), 0}}),
            "produce  █▄·▁█  up to 80/s\n"
            "consume  █████  up to 1/s\n"
            "faults     1═2\n"
            "         0 s\n");
}

TEST(DeliveryChart, OfSeveralSecondsInAColumnTheLowestIsShown) {
  EXPECT_EQ(delivery_chart({lane("produce", {8, 8, 8, 0, 8, 8, 8})}, {}, 4),
            "produce  █·██  up to 8/s\n"
            "         0 s\n");
}

TEST(DeliveryChart, OfFaultsThatBeginTogetherTheFirstIsNamed) {
  const std::string text =
      delivery_chart({lane("produce", {1, 1, 1, 1})}, {{at_s(1), at_s(2)}, {at_s(1.1), at_s(2)}});
  EXPECT_NE(text.find("\nfaults    1═\n"), std::string::npos) << text;
}

TEST(DeliveryChart, TheAxisTellsEveryTenthColumn) {
  const std::string text = delivery_chart({lane("produce", std::vector<double>(21, 5))}, {});
  EXPECT_NE(text.find("\n         0 s       10        20\n"), std::string::npos) << text;
}

TEST(DeliveryChart, OfLessThanThreeSecondsThereIsNone) {
  EXPECT_EQ(delivery_chart({lane("produce", {1, 1})}, {}), "");
  EXPECT_EQ(delivery_chart({}, {}), "");
}

TEST(DeliveryChart, StepsOfOneToolAddUp) {
  const auto lanes =
      lanes_of({traced_step("ks-produce", {second_of(0, 1), second_of(1, 2), second_of(2, 3)}),
                traced_step("ks-produce", {second_of(1, 5), second_of(2, 5), second_of(3, 5)}),
                traced_step("ks-consume", {second_of(0, 1)})});
  ASSERT_EQ(lanes.size(), 1U);
  EXPECT_EQ(lanes[0].name, "produce");
  EXPECT_EQ(lanes[0].per_second.at(kNoonNs / 1'000'000'000 + 1), 7);
}

}  // namespace
}  // namespace ks::report
