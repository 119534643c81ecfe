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
  add("partition,p", po::value<std::vector<PartitionArg>>(), "");
  add("property,X", po::value<std::vector<SettingArg>>(), "");
  add("header,H", po::value<std::vector<PrivateSettingArg>>(), "");
  add("quiet,q", "");
  add("exit,e", "");
  return options;
}

std::vector<const char*> argv_of(const Words& words) {
  std::vector<const char*> argv{"tool"};
  for (const std::string& word : words) argv.push_back(word.c_str());
  return argv;
}

Result<po::variables_map> parse(const Words& words) {
  const auto argv = argv_of(words);
  return parse_command_line(static_cast<int>(argv.size()), argv.data(), kcat_like());
}

Words printable(const Words& words) {
  const auto argv = argv_of(words);
  return printable_arguments(static_cast<int>(argv.size()), argv.data(), kcat_like());
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
  Words names;
  Words values;
  for (const auto& [name, value] : (*parsed)["property"].as<std::vector<SettingArg>>()) {
    names.push_back(name);
    values.push_back(value);
  }
  EXPECT_EQ(names, (Words{"acks", "linger.ms", "a"}));
  EXPECT_EQ(values, (Words{"1", "0", "b=c"}));
}

TEST(Options, ASettingMayBeEmptyButHasANameAndASign) {
  EXPECT_EQ((*parse({"-X", "a="}))["property"].as<std::vector<SettingArg>>()[0].value, "");
  for (const char* text : {"", "nonsense", "=1"}) {
    EXPECT_NE(error_of({"-X", text}).find("not a setting"), std::string::npos) << text;
  }
}

TEST(Options, ErrorsQuoteNoValueThatMayBeSecret) {
  for (const Words& words : std::vector<Words>{{"-X", "sasl.password:hunter2"},
                                               {"-Xhunter2"},
                                               {"-H", "Authorization: Bearer hunter2"},
                                               {"--unknown=sasl.password=hunter2"},
                                               {"--unknown=hunter2"},
                                               {"-zhunter2"},
                                               {"-qzhunter2"},
                                               {"--quiet=hunter2"}}) {
    const std::string error = error_of(words);
    EXPECT_NE(error, "");
    EXPECT_EQ(error.find("hunter2"), std::string::npos) << error;
  }
  EXPECT_EQ(error_of({"-qzhunter2"}), "unrecognised option '-qz'; see --help");
  EXPECT_EQ(error_of({"--unknown=x"}), "unrecognised option '--unknown'; see --help");
}

TEST(PrintableArguments, ShowWhatWasGivenWithoutSecrets) {
  EXPECT_EQ(printable({"-X", "acks=1", "-qXsasl.password=ab", "--property=ssl.key.pem=a b=c",
                       "-o-10", "--property", "sasl.password=", "word"}),
            (Words{"-X", "acks=1", "-qXsasl.password=***", "--property=ssl.key.pem=***", "-o-10",
                   "--property", "sasl.password=***", "word"}));
}

TEST(PrintableArguments, APrivateValueIsHiddenWhateverItsName) {
  EXPECT_EQ(printable({"-H", "trace=hunter2 x", "-Hcolor=hunter2", "--header=a=b=c"}),
            (Words{"-H", "trace=***", "-Hcolor=***", "--header=a=***"}));
  EXPECT_EQ(printable({"-H", "run -p hunter2 --x=1"}), (Words{"-H", "***"}));
}

TEST(PrintableArguments, UrlsAndWordsAreMasked) {
  EXPECT_EQ(printable({"-o", "http://u:pw@h/m?sig=ab", "ssl.keystore.password=ab", "-e"}),
            (Words{"-o", "http://***@h/m?sig=***", "ssl.keystore.password=***", "-e"}));
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
                                                        {"--partition", "4294967296"},
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

TEST(PartitionsOption, AscendingAndEachOnce) {
  EXPECT_EQ(partitions_option(*parse({"-p", "2", "-p", "0"}), "partition"),
            (std::vector<std::int32_t>{0, 2}));
  EXPECT_EQ(partitions_option(*parse({}), "partition"), std::vector<std::int32_t>{});
  const auto twice = partitions_option(*parse({"-p", "2", "-p", "2"}), "partition");
  ASSERT_FALSE(twice);
  EXPECT_EQ(twice.error().message(), "a partition is given twice: --partition");
}

TEST(OptionOr, FallsBack) {
  const auto parsed = parse({"-o", "end"});
  EXPECT_EQ(option_or<std::string>(*parsed, "offset", "beginning"), "end");
  EXPECT_EQ(option_or<std::string>(*parsed, "missing", "beginning"), "beginning");
}

}  // namespace
}  // namespace ks::cli
