#include "lib/target/prometheus.h"

#include <gtest/gtest.h>

#include <cmath>

#include "lib/cli/file.h"

namespace ks::target {
namespace {

MetricsPage parse(const std::string& text) {
  auto page = parse_metrics_page(text);
  EXPECT_TRUE(page.has_value()) << page.error().message();
  return page.value_or(MetricsPage{});
}

double value_of(const MetricsPage& page, const std::string& series) {
  const Sample* sample = page.find_one(parse_series(series).value());
  EXPECT_NE(sample, nullptr) << series;
  return sample == nullptr ? std::nan("") : sample->value;
}

TEST(PrometheusTest, ReadsARealKafScalePage) {
  const auto text = cli::read_file(KS_FIXTURES "/kafscale-1.6.0/metrics.txt");
  ASSERT_TRUE(text.has_value());
  const MetricsPage page = parse(*text);
  EXPECT_EQ(page.samples.size(), 44u);
  EXPECT_EQ(value_of(page, R"(kafscale_s3_health_state{state="healthy"})"), 1);
  EXPECT_EQ(value_of(page, R"(kafscale_produce_latency_ms_bucket{le="+Inf"})"), 159);
  EXPECT_EQ(value_of(page, "kafscale_produce_latency_ms_sum"), 220);
  EXPECT_EQ(page.types.at("kafscale_produce_latency_ms"), "histogram");
  EXPECT_EQ(page.helps.at("kafscale_fetch_rps"),
            "Broker fetch throughput measured over the sliding window.");
}

TEST(PrometheusTest, ReadsEveryFormOfALine) {
  const MetricsPage page = parse(
      "\n"
      "# any comment\n"
      "#HELP m with \\\\ and \\n\n"
      "# TYPE\tm counter\n"
      "m 1\n"
      "  m:sub {  a = \"1\" , b=\"x\\\\y\\\"z\\n\" , } 2.5e3   1395066363000\n"
      "neg -0.5 -1\n"
      "plus +7\n"
      "empty_labels{} 3\n");
  EXPECT_EQ(page.helps.at("m"), "with \\ and \n");
  EXPECT_EQ(page.types.at("m"), "counter");
  EXPECT_EQ(value_of(page, "m"), 1);
  EXPECT_EQ(value_of(page, "plus"), 7);
  EXPECT_EQ(value_of(page, "empty_labels"), 3);
  ASSERT_EQ(page.samples.size(), 5u);
  const Sample& labelled = page.samples[1];
  EXPECT_EQ(labelled.series.labels.at("b"), "x\\y\"z\n");
  EXPECT_EQ(labelled.value, 2500);
  EXPECT_EQ(labelled.timestamp_ms, 1395066363000);
  EXPECT_EQ(page.samples[2].timestamp_ms, -1);
}

TEST(PrometheusTest, ReadsNumbersThatAreNone) {
  const MetricsPage page = parse("a NaN\nb +Inf\nc -Inf\nd inf\n");
  EXPECT_TRUE(std::isnan(value_of(page, "a")));
  EXPECT_EQ(value_of(page, "b"), std::numeric_limits<double>::infinity());
  EXPECT_EQ(value_of(page, "c"), -std::numeric_limits<double>::infinity());
  EXPECT_EQ(value_of(page, "d"), std::numeric_limits<double>::infinity());
}

TEST(PrometheusTest, SeriesTextReadsBack) {
  const Series series{"m", {{"b", "x\\y\"z\n"}, {"a", "1"}}};
  EXPECT_EQ(series.text(), "m{a=\"1\",b=\"x\\\\y\\\"z\\n\"}");
  EXPECT_EQ(parse_series(series.text()).value(), series);
}

TEST(PrometheusTest, FindsByNameAndBySomeLabels) {
  const MetricsPage page = parse("m{a=\"1\",b=\"1\"} 1\nm{a=\"1\",b=\"2\"} 2\nm 3\nother 4\n");
  EXPECT_EQ(page.find({"m", {}}).size(), 3u);
  EXPECT_EQ(page.find({"m", {{"a", "1"}}}).size(), 2u);
  EXPECT_EQ(value_of(page, R"(m{b="2"})"), 2);
  EXPECT_EQ(value_of(page, "m"), 3) << "the exact series goes before those with more labels";
  EXPECT_EQ(page.find_one({"m", {{"a", "1"}}}), nullptr) << "two match";
  EXPECT_TRUE(page.find({"m", {{"a", "3"}}}).empty());
}

TEST(PrometheusTest, KnowsWhatOnlyGrows) {
  const MetricsPage page = parse(
      "# TYPE c counter\nc 1\n# TYPE g gauge\ng 1\n# TYPE h histogram\nh_bucket{le=\"+Inf\"} 1\n"
      "h_sum 1\nh_count 1\n# TYPE g_count gauge\ng_count 1\nuntyped_count 1\n");
  EXPECT_TRUE(page.is_cumulative("c"));
  EXPECT_TRUE(page.is_cumulative("h_bucket"));
  EXPECT_TRUE(page.is_cumulative("h_count"));
  EXPECT_FALSE(page.is_cumulative("g"));
  EXPECT_FALSE(page.is_cumulative("g_count"));
  EXPECT_FALSE(page.is_cumulative("untyped_count"));
}

struct Malformed {
  const char* page;
  const char* what;
  const char* where;
};

class MalformedPageTest : public testing::TestWithParam<Malformed> {};

TEST_P(MalformedPageTest, NamesTheLine) {
  const auto page = parse_metrics_page(GetParam().page);
  ASSERT_FALSE(page.has_value());
  EXPECT_EQ(page.error().what, GetParam().what);
  EXPECT_EQ(page.error().where, GetParam().where);
}

INSTANTIATE_TEST_SUITE_P(
    PrometheusTest, MalformedPageTest,
    testing::Values(
        Malformed{"a 1\nb 2", "line cut short (no newline)", "line 2"},
        Malformed{"a\n", "no value after 'a'", "line 1"},
        Malformed{"a one\n", "not a number 'one'", "line 1"},
        Malformed{"a 1x\n", "not a number '1x'", "line 1"},
        Malformed{"a +-1\n", "not a number '+-1'", "line 1"},
        Malformed{"a 1e999\n", "number out of range '1e999'", "line 1"},
        Malformed{"a 1\r\n", "not a number '1\r'", "line 1"},
        Malformed{"a 1 2.5\n", "not a timestamp in milliseconds '2.5'", "line 1"},
        Malformed{"a 1 2 3\n", "text after the timestamp", "line 1"},
        Malformed{"a 1\n\n9a 1\n", "expected a metric name", "line 3"},
        Malformed{"<html>\n", "expected a metric name", "line 1"},
        Malformed{"a{b=\"1\" 1\n", "expected ',' or '}' after a label", "line 1"},
        Malformed{"a{b=\"1\n", "label value without its closing quote", "line 1"},
        Malformed{"a{b=1} 1\n", "expected a label value in quotes", "line 1"},
        Malformed{"a{b:c=\"1\"} 1\n", "expected '=' after label 'b'", "line 1"},
        Malformed{"a{,} 1\n", "expected a label name", "line 1"},
        Malformed{"a{b=\"\\t\"} 1\n", "unknown escape in a label value", "line 1"},
        Malformed{"a{b=\"1\",b=\"2\"} 1\n", "label 'b' twice", "line 1"},
        Malformed{"a{b=\"1\"} 1\na{b=\"1\"} 2\n", "series 'a{b=\"1\"}' twice", "line 2"},
        Malformed{"# TYPE a gauge\n# TYPE a counter\n", "type of 'a' declared twice", "line 2"},
        Malformed{"# TYPE a speed\n", "unknown type of metric 'a'", "line 1"}));

TEST(PrometheusTest, RefusesWhatIsNoSeries) {
  for (const char* text : {"", "9a", "a{", "a b", "a{b=\"1\"} 1", "{b=\"1\"}"}) {
    EXPECT_FALSE(parse_series(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace ks::target
