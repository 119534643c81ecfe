#include "lib/target/metrics_change.h"

#include <gtest/gtest.h>

namespace ks::target {
namespace {

constexpr const char* kTypes =
    "# TYPE c counter\n# TYPE g gauge\n# TYPE h histogram\n# TYPE l counter\n";

MetricsPage page(const std::string& samples) {
  return parse_metrics_page(kTypes + samples).value();
}

TEST(MetricsChangeTest, CounterGrows) {
  EXPECT_EQ(growth(page("c 5\n"), page("c 7\n"), {"c", {}}).value(), 2);
}

TEST(MetricsChangeTest, CounterThatWasNotThereBeganAtZero) {
  EXPECT_EQ(growth(page(""), page("c 7\n"), {"c", {}}).value(), 7);
}

TEST(MetricsChangeTest, GaugeThatWasNotThereHasNoGrowth) {
  const auto grown = growth(page(""), page("g 7\n"), {"g", {}});
  ASSERT_FALSE(grown.has_value());
  EXPECT_EQ(grown.error().what, "metric 'g' is not on the earlier page");
}

TEST(MetricsChangeTest, GrowthIsSummedOverLabels) {
  const MetricsPage before = page("l{a=\"1\"} 1\nl{a=\"2\"} 10\n");
  const MetricsPage after = page("l{a=\"1\"} 2\nl{a=\"2\"} 10\nl{a=\"3\"} 3\n");
  EXPECT_EQ(growth(before, after, {"l", {}}).value(), 4);
  EXPECT_EQ(growth(before, after, {"l", {{"a", "2"}}}).value(), 0);
}

TEST(MetricsChangeTest, HistogramByItsBareNameMeansItsCount) {
  EXPECT_EQ(growth(page("h_count 1\nh_sum 9\n"), page("h_count 4\nh_sum 99\n"), {"h", {}}).value(),
            3);
}

TEST(MetricsChangeTest, MissingMetricIsNamed) {
  const auto grown = growth(page("c 1\n"), page("g 1\n"), {"c", {}});
  ASSERT_FALSE(grown.has_value());
  EXPECT_EQ(grown.error().what, "metric 'c' is not on the page");
}

TEST(MetricsChangeTest, CounterThatWentBackwardsMeansARestart) {
  const auto grown = growth(page("c 5\n"), page("c 1\n"), {"c", {}});
  ASSERT_FALSE(grown.has_value());
  EXPECT_EQ(grown.error().what, "counter 'c' went backwards, what it grew by cannot be told");
  EXPECT_TRUE(compare_pages(page("c 5\n"), page("c 1\n")).front().went_backwards());
  EXPECT_TRUE(compare_pages(page("h_sum 5\n"), page("h_sum 1\n")).front().went_backwards());
  EXPECT_FALSE(compare_pages(page("g 5\n"), page("g 1\n")).front().went_backwards());
  EXPECT_FALSE(compare_pages(page("c 5\n"), page("c 5\n")).front().went_backwards());
}

TEST(MetricsChangeTest, ListsWhatCameAndWhatWent) {
  const auto changes = compare_pages(page("c 1\ng 2\n"), page("g 3\nh_sum 4\n"));
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0].series.name, "g");
  EXPECT_EQ(changes[0].before, 2);
  EXPECT_EQ(changes[0].after, 3);
  EXPECT_EQ(changes[1].series.name, "h_sum");
  EXPECT_FALSE(changes[1].before.has_value());
  EXPECT_EQ(changes[2].series.name, "c");
  EXPECT_FALSE(changes[2].after.has_value());
}

TEST(MetricsChange, TheUptimeTellsWhetherTheBrokerWasRestarted) {
  const auto restarted = [](const std::string& before, const std::string& after) {
    return was_restarted(
        compare_pages(parse_metrics_page(before).value(), parse_metrics_page(after).value()));
  };
  const std::string counter = "# TYPE c counter\nc ";
  EXPECT_TRUE(restarted(counter + "5\n", counter + "4\n"));
  EXPECT_FALSE(restarted(counter + "5\n", counter + "5\n"));
  const std::string uptime = "\nkafscale_broker_uptime_seconds ";
  EXPECT_FALSE(restarted(counter + "5" + uptime + "10\n", counter + "4" + uptime + "11\n"));
  EXPECT_TRUE(restarted(counter + "5" + uptime + "10\n", counter + "6" + uptime + "1\n"));
  const std::string start = "\nprocess_start_time_seconds ";
  EXPECT_FALSE(restarted(counter + "5" + start + "10\n", counter + "4" + start + "10\n"));
  EXPECT_TRUE(restarted(counter + "5" + start + "10\n", counter + "6" + start + "12\n"));
}

}  // namespace
}  // namespace ks::target
