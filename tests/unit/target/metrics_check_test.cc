#include "lib/target/metrics_check.h"

#include <gtest/gtest.h>

#include <limits>

#include "lib/cli/file.h"

namespace ks::target {
namespace {

MetricsPage fixture() {
  return parse_metrics_page(cli::read_file(KS_FIXTURES "/kafscale-1.6.0/metrics.txt").value())
      .value();
}

MetricsCheck check(const MetricsPage& page, const Wanted& wanted) {
  auto checked = check_page(page, wanted);
  EXPECT_TRUE(checked.has_value()) << checked.error().message();
  return checked.value_or(MetricsCheck{});
}

TEST(MetricsCheckTest, RequiredMetricsOfAHealthyBrokerAreThere) {
  const Wanted wanted{{{"kafscale_produce_rps", {}},
                       {"kafscale_produce_latency_ms", {}},
                       {"kafscale_s3_health_state", {{"state", "healthy"}}}},
                      {},
                      {},
                      {}};
  EXPECT_EQ(check(fixture(), wanted).violations, std::vector<std::string>());
}

TEST(MetricsCheckTest, MissingMetricIsNamedWithTheReason) {
  const Wanted wanted{{{"kafscale_nothing", {}},
                       {"kafscale_admin_requests_total", {}},
                       {"kafscale_s3_health_state", {{"state", "odd"}}}},
                      {},
                      {},
                      {}};
  EXPECT_EQ(check(fixture(), wanted).reason(),
            "metric 'kafscale_nothing' is missing; "
            "metric 'kafscale_admin_requests_total' is declared, but has no sample yet; "
            "metric 'kafscale_s3_health_state{state=\"odd\"}' has no sample with these labels");
}

TEST(MetricsCheckTest, ValuesAreRecordedUnderTheNameTheUserGave) {
  const std::string name = R"(kafscale_s3_health_state{ state="healthy" })";
  EXPECT_EQ(check(fixture(), {{}, {}, {}, {name}}).metrics.at(name), 1);
}

TEST(MetricsCheckTest, RecordedAreSumsOverTheirLabelsAndDeclaredIsEnough) {
  const Wanted wanted{{},
                      {},
                      {},
                      {},
                      {{"kafscale_s3_health_state", {}},
                       {"kafscale_s3_health_state", {{"state", "degraded"}}},
                       {"kafscale_produce_latency_ms", {}},
                       {"kafscale_admin_requests_total", {}}}};
  const MetricsCheck checked = check(fixture(), wanted);
  EXPECT_EQ(checked.reason(), "");
  EXPECT_EQ(checked.recorded,
            (std::map<std::string, double>{{"kafscale_s3_health_state", 1},
                                           {"kafscale_s3_health_state{state=\"degraded\"}", 0},
                                           {"kafscale_produce_latency_ms", 159},
                                           {"kafscale_admin_requests_total", 0}}));
}

TEST(MetricsCheckTest, RecordedThatAreMissingOrRenamedAreNamed) {
  const Wanted wanted{
      {}, {}, {}, {}, {{"kafscale_nothing", {}}, {"kafscale_s3_health_state", {{"state", "odd"}}}}};
  const MetricsCheck checked = check(fixture(), wanted);
  EXPECT_EQ(checked.reason(),
            "metric 'kafscale_nothing' is missing; "
            "metric 'kafscale_s3_health_state{state=\"odd\"}' has no sample with these labels");
  EXPECT_TRUE(checked.recorded.empty());
}

TEST(MetricsCheckTest, NameOfSeveralSeriesIsRefused) {
  const auto checked = check_page(fixture(), {{}, {}, {}, {"kafscale_s3_health_state"}});
  ASSERT_FALSE(checked.has_value());
  EXPECT_EQ(checked.error().message(),
            "metric 'kafscale_s3_health_state' has 3 series; name the labels too, like "
            "kafscale_s3_health_state{state=\"healthy\"}");
}

TEST(MetricsCheckTest, ValueThatIsNoNumberIsNotMeasured) {
  const MetricsPage page = parse_metrics_page("a NaN\nb 1\n").value();
  const auto metrics = check(page, {{}, {}, {}, {"a", "b", "c"}}).metrics;
  EXPECT_FALSE(metrics.contains("a"));
  EXPECT_EQ(metrics.at("b"), 1);
  EXPECT_FALSE(metrics.contains("c"));
}

TEST(MetricsCheckTest, StandstillIsNoIncrease) {
  const Wanted wanted{{}, {{"kafscale_authz_denied_total", {}}}, fixture(), {}};
  EXPECT_EQ(check(fixture(), wanted).reason(),
            "metric 'kafscale_authz_denied_total' did not increase (by 0)");
}

TEST(MetricsCheckTest, ResetsAreCounted) {
  const MetricsPage before = parse_metrics_page("# TYPE c counter\nc 5\ng 1\n").value();
  const MetricsPage after = parse_metrics_page("# TYPE c counter\nc 1\ng 1\n").value();
  const MetricsCheck checked = check(after, {{}, {}, before, {}});
  EXPECT_EQ(checked.metrics.at("counter_resets"), 1);
  EXPECT_EQ(checked.metrics.at("series_changed"), 1);
  EXPECT_EQ(to_line(to_json(checked.changes)),
            R"([{"series":"c","before":5.0,"after":1.0,"went_backwards":true}])");
}

TEST(MetricsCheckTest, NumbersThatAreNoneAreTextInJson) {
  EXPECT_EQ(format_value(std::numeric_limits<double>::quiet_NaN()), "NaN");
  EXPECT_EQ(format_value(-std::numeric_limits<double>::infinity()), "-Inf");
  EXPECT_EQ(format_value(1.466960), "1.46696");
  Scrape scrape;
  scrape.page = parse_metrics_page("a NaN\n").value();
  EXPECT_EQ(to_json(CheckedScrape{scrape, {}}).at("samples").at("a"), "NaN");
}

}  // namespace
}  // namespace ks::target
