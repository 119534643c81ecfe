#include "lib/ops/fault.h"

#include <gtest/gtest.h>

#include "lib/ops/fault_effect.h"

namespace ks::ops {
namespace {

cli::Result<Fault> parse(std::vector<const char*> words) {
  words.insert(words.begin(), "ks-fault");
  auto options =
      cli::parse_command_line(static_cast<int>(words.size()), words.data(), fault_options());
  if (!options) return tl::make_unexpected(options.error());
  tool::Session session;
  session.options = std::move(*options);
  return parse_fault(words[1], session);
}

std::string attributes(const Fault& fault) {
  return fault.toxics({"run", std::nullopt, "", ""}).front().attributes.dump();
}

TEST(FaultTest, HasToxiproxysAttributesInItsUnits) {
  EXPECT_EQ(attributes(parse({"latency", "--latency", "1.5s", "--jitter", "50ms"}).value()),
            R"({"latency":1500,"jitter":50})");
  EXPECT_EQ(attributes(parse({"bandwidth", "--rate", "100KB/s"}).value()), R"({"rate":100})");
  EXPECT_EQ(attributes(parse({"bandwidth", "--rate", "1MiB/s"}).value()), R"({"rate":1048})");
  EXPECT_EQ(attributes(parse({"timeout"}).value()), R"({"timeout":0})");
  EXPECT_EQ(attributes(parse({"reset", "--after", "2s"}).value()), R"({"timeout":2000})");
  EXPECT_EQ(attributes(parse({"slicer", "--size", "32", "--delay", "5ms"}).value()),
            R"({"average_size":32,"size_variation":0,"delay":5000})");
}

TEST(FaultTest, HasAToxicForEachDirection) {
  const Fault fault = parse({"latency", "--latency", "1ms", "--direction", "both"}).value();
  const auto toxics = fault.toxics({"run", std::nullopt, "", ""});
  ASSERT_EQ(toxics.size(), 2U);
  EXPECT_EQ(toxics[0].stream, "upstream");
  EXPECT_EQ(toxics[0].name, "ks-fault-run-kept-latency-upstream");
  EXPECT_EQ(toxics[1].stream, "downstream");
  EXPECT_EQ(toxics[1].toxicity, 1);
}

TEST(FaultTest, DownHasAMarkWithoutEffect) {
  const auto toxics = parse({"down"})->toxics({"run", std::nullopt, "", ""});
  ASSERT_EQ(toxics.size(), 1U);
  EXPECT_EQ(toxics[0].type, "noop");
  EXPECT_EQ(toxics[0].toxicity, 0);
}

struct Refused {
  std::vector<const char*> words;
  const char* message;
};

class RefusedFaultTest : public testing::TestWithParam<Refused> {};

TEST_P(RefusedFaultTest, NamesTheOption) {
  const auto fault = parse(GetParam().words);
  ASSERT_FALSE(fault.has_value());
  EXPECT_TRUE(fault.error().message().starts_with(GetParam().message)) << fault.error().message();
}

INSTANTIATE_TEST_SUITE_P(
    FaultTest, RefusedFaultTest,
    testing::Values(
        Refused{{"latency"}, "no latency given: --latency"},
        Refused{{"latency", "--latency", "0ms"}, "no latency given: --latency"},
        Refused{{"latency", "--latency", "1us"}, "not whole milliseconds up to an hour: --latency"},
        Refused{{"latency", "--latency", "2h"}, "not whole milliseconds up to an hour: --latency"},
        Refused{{"latency", "--latency", "1ms", "--jitter", "2ms"},
                "a jitter above the latency: --jitter"},
        Refused{{"latency", "--latency", "1ms", "--rate", "1MB/s"},
                "not an option of latency: --rate"},
        Refused{{"bandwidth"}, "no rate given: --rate"},
        Refused{{"bandwidth", "--rate", "999/s"}, "not a rate of at least 1 kB/s: --rate"},
        Refused{{"bandwidth", "--rate", "fast"}, "not a rate of at least 1 kB/s: --rate"},
        Refused{{"slicer", "--size", "0"}, "size out of range: --size"},
        Refused{{"slicer", "--delay", "0ms"}, "pause out of range: --delay"},
        Refused{{"down", "--direction", "up"}, "not an option of down: --direction"},
        Refused{{"timeout", "--direction", "left"}, "unknown direction 'left': --direction"}));

target::Exchange exchange(std::uint64_t up, std::uint64_t down, std::uint64_t connections) {
  target::Exchange out;
  out.up_bytes = up;
  out.down_bytes = down;
  out.connections = connections;
  return out;
}

TEST(FaultEffectTest, IsWhatTheFaultAddsAtLeast) {
  const auto effect = [](std::vector<const char*> words, const target::Exchange& of) {
    return effect_ms(parse(std::move(words)).value(), of);
  };
  const auto small = exchange(30, 450, 1);
  EXPECT_DOUBLE_EQ(effect({"latency", "--latency", "200ms"}, small), 200);
  EXPECT_DOUBLE_EQ(effect({"latency", "--latency", "200ms", "--jitter", "50ms"}, small), 150);
  EXPECT_DOUBLE_EQ(effect({"latency", "--latency", "200ms", "--jitter", "200ms"}, small), 75);
  EXPECT_DOUBLE_EQ(effect({"latency", "--latency", "200ms", "--direction", "both"}, small), 400);
  EXPECT_DOUBLE_EQ(effect({"bandwidth", "--rate", "9KB/s"}, small), 50);
  EXPECT_DOUBLE_EQ(effect({"bandwidth", "--rate", "3KB/s", "--direction", "up"}, small), 10);
  EXPECT_DOUBLE_EQ(effect({"slicer", "--size", "50", "--delay", "10ms"}, small), 80);
  EXPECT_DOUBLE_EQ(effect({"slicer", "--size", "50"}, exchange(30, 450, 4)), 50);
  EXPECT_DOUBLE_EQ(effect({"slicer", "--size", "4KiB"}, small), 0);
  EXPECT_DOUBLE_EQ(effect({"timeout"}, small), 0);
}

}  // namespace
}  // namespace ks::ops
