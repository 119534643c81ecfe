#include "lib/cli/options.h"

namespace ks::cli {
namespace {

template <typename Arg, typename Parse>
void validate_with(boost::any& out, const std::vector<std::string>& words, Parse parse) {
  po::validators::check_first_occurrence(out);
  const auto value = parse(po::validators::get_single_string(words));
  if (!value) {
    throw po::error_with_option_name("option '%canonical_option%': " + value.error().message());
  }
  out = Arg{*value};
}

Result<ShardArg> parse_shard(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string::npos) {
    const auto index = parse_count(std::string_view(text).substr(0, slash));
    const auto count = parse_count(std::string_view(text).substr(slash + 1));
    constexpr std::uint64_t kMostShards = 65'536;
    if (index && count && *index < *count && *count <= kMostShards) {
      return ShardArg{static_cast<std::uint32_t>(*index), static_cast<std::uint32_t>(*count)};
    }
  }
  return fail("not a shard '" + text + "'", {},
              "write it like 0/4, with the first number below the second");
}

}  // namespace

void validate(boost::any& out, const std::vector<std::string>& words, DurationArg*, int) {
  validate_with<DurationArg>(out, words, parse_duration);
}
void validate(boost::any& out, const std::vector<std::string>& words, CountArg*, int) {
  validate_with<CountArg>(out, words, parse_count);
}
void validate(boost::any& out, const std::vector<std::string>& words, SizeArg*, int) {
  validate_with<SizeArg>(out, words, parse_size);
}
void validate(boost::any& out, const std::vector<std::string>& words, RateArg*, int) {
  validate_with<RateArg>(out, words, parse_rate);
}
void validate(boost::any& out, const std::vector<std::string>& words, ShardArg*, int) {
  validate_with<ShardArg>(out, words, parse_shard);
}

Result<po::variables_map> parse_command_line(int argc, const char* const* argv,
                                             const po::options_description& options) {
  using po::command_line_style::allow_guessing;
  using po::command_line_style::unix_style;
  po::options_description all;
  all.add(options).add_options()("word", po::value<std::vector<std::string>>());
  po::positional_options_description words;
  words.add("word", -1);
  try {
    po::variables_map values;
    po::store(po::command_line_parser(argc, argv)
                  .options(all)
                  .positional(words)
                  .style(unix_style & ~allow_guessing)
                  .run(),
              values);
    po::notify(values);
    return values;
  } catch (const po::error& error) {
    return fail(error.what(), {}, "see --help");
  }
}

}  // namespace ks::cli
