#include "lib/cli/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace ks::cli {
namespace {

using Words = std::vector<std::string>;

po::options_description kcat_like() {
  po::options_description options;
  auto add = options.add_options();
  add("offset,o", po::value<std::string>(), "");
  add("count,c", po::value<CountArg>(), "");
  add("rate", po::value<RateArg>(), "");
  add("size", po::value<SizeArg>(), "");
  add("timeout", po::value<DurationArg>(), "");
  add("shard", po::value<ShardArg>(), "");
  add("property,X", po::value<Words>(), "");
  add("quiet,q", "");
  add("exit,e", "");
  return options;
}

Result<po::variables_map> parse(const Words& words) {
  std::vector<const char*> argv{"tool"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return parse_command_line(static_cast<int>(argv.size()), argv.data(), kcat_like());
}

std::string error_of(const Words& words) {
  const auto parsed = parse(words);
  return parsed ? "" : parsed.error().message();
}

TEST(Options, LongOptionsAreNeverGuessed) {
  EXPECT_NE(error_of({"--off", "beginning"}).find("--off"), std::string::npos);
  EXPECT_NE(error_of({"--quie"}).find("--quie"), std::string::npos);
}

TEST(Options, ANegativeOffsetIsAValue) {
  EXPECT_EQ((*parse({"-o", "-10"}))["offset"].as<std::string>(), "-10");
  EXPECT_EQ((*parse({"-o-10"}))["offset"].as<std::string>(), "-10");
  EXPECT_EQ((*parse({"--offset=-10"}))["offset"].as<std::string>(), "-10");
}

TEST(Options, PropertiesStickToTheirLetterAndRepeat) {
  const auto parsed = parse({"-Xacks=1", "-X", "linger.ms=0", "--property", "a=b=c"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["property"].as<Words>(), (Words{"acks=1", "linger.ms=0", "a=b=c"}));
}

TEST(Options, SwitchesCombine) {
  const auto parsed = parse({"-qe"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->count("quiet"), 1U);
  EXPECT_EQ(parsed->count("exit"), 1U);
}

TEST(Options, OtherWordsKeepTheirOrder) {
  const auto parsed = parse({"topics", "-q", "create", "a"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["word"].as<Words>(), (Words{"topics", "create", "a"}));
}

TEST(Options, ValuesWithUnits) {
  const auto parsed =
      parse({"-c", "10", "--rate", "50/s", "--size", "1k", "--timeout", "2s", "--shard", "1/4"});
  ASSERT_TRUE(parsed);
  EXPECT_EQ((*parsed)["count"].as<CountArg>().value, 10U);
  EXPECT_DOUBLE_EQ((*parsed)["rate"].as<RateArg>().value, 50);
  EXPECT_EQ((*parsed)["size"].as<SizeArg>().value, 1024U);
  EXPECT_EQ((*parsed)["timeout"].as<DurationArg>().value, std::chrono::seconds(2));
  EXPECT_EQ((*parsed)["shard"].as<ShardArg>().index, 1U);
  EXPECT_EQ((*parsed)["shard"].as<ShardArg>().count, 4U);
}

TEST(Options, ABadValueNamesTheOptionAndTheText) {
  for (const auto& [option, value] :
       std::vector<std::pair<std::string, std::string>>{{"--count", "ten"},
                                                        {"--rate", "fast"},
                                                        {"--size", "4x"},
                                                        {"--timeout", "30"},
                                                        {"--shard", "4/4"},
                                                        {"--shard", "0/0"},
                                                        {"--shard", "1"},
                                                        {"--shard", "0/99999"}}) {
    const std::string error = error_of({option, value});
    EXPECT_NE(error.find(option), std::string::npos) << error;
    EXPECT_NE(error.find("'" + value + "'"), std::string::npos) << error;
  }
}

TEST(Options, MissingAndDoubleValuesAreErrors) {
  EXPECT_NE(error_of({"--timeout"}), "");
  EXPECT_NE(error_of({"-c", "1", "-c", "2"}), "");
}

TEST(OptionOr, FallsBack) {
  const auto parsed = parse({"-o", "end"});
  EXPECT_EQ(option_or<std::string>(*parsed, "offset", "beginning"), "end");
  EXPECT_EQ(option_or<std::string>(*parsed, "missing", "beginning"), "beginning");
}

}  // namespace
}  // namespace ks::cli
