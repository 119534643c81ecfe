#include "lib/cli/options.h"

#include <algorithm>

#include "lib/cli/redact.h"

namespace ks::cli {
namespace {

constexpr const char* kSeeHelp = "see --help";

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

Result<PrivateSettingArg> parse_private_setting(const std::string& text) {
  auto setting = parse_setting(text);
  if (!setting) return tl::make_unexpected(setting.error());
  return PrivateSettingArg{std::move(*setting)};
}

// `name=***`; of a name with spaces nobody knows whether it is one.
std::string hide_value(const std::string& setting) {
  const std::string name = setting.substr(0, setting.find('='));
  const bool is_word = name.find_first_of(" \t\n") == std::string::npos;
  return (is_word ? name + "=" : "") + std::string(kRedacted);
}

// The options of a tool, and words that belong to none.
class Grammar {
 public:
  explicit Grammar(const po::options_description& options) {
    options_.add(options).add_options()("word", po::value<std::vector<std::string>>());
    words_.add("word", -1);
  }

  po::parsed_options parse(int argc, const char* const* argv) const {
    using po::command_line_style::allow_guessing;
    using po::command_line_style::unix_style;
    return po::command_line_parser(argc, argv)
        .options(options_)
        .positional(words_)
        .style(unix_style & ~allow_guessing)
        .run();
  }

  bool is_private(const std::string& name) const {
    using Private = po::typed_value<std::vector<PrivateSettingArg>>;
    const auto* const option = options_.find_nothrow(name, false);
    return option != nullptr && dynamic_cast<const Private*>(option->semantic().get()) != nullptr;
  }

  // The option alone, where Boost gives the token with its value: --name=value, -qvalue.
  std::string unknown_name(const std::string& token) const {
    if (token.starts_with("--")) return token.substr(0, token.find('='));
    std::size_t size = 2;
    const auto is_known = [&](char letter) {
      return options_.find_nothrow(std::string("-") + letter, false) != nullptr;
    };
    while (size < token.size() && is_known(token[size - 1])) ++size;
    return token.substr(0, size);
  }

 private:
  po::options_description options_;
  po::positional_options_description words_;
};

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
void validate(boost::any& out, const std::vector<std::string>& words, PartitionArg*, int) {
  validate_with<PartitionArg>(out, words, parse_partition);
}
void validate(boost::any& out, const std::vector<std::string>& words, ShardArg*, int) {
  validate_with<ShardArg>(out, words, parse_shard);
}
void validate(boost::any& out, const std::vector<std::string>& words, SettingArg*, int) {
  validate_with<SettingArg>(out, words, parse_setting);
}
void validate(boost::any& out, const std::vector<std::string>& words, PrivateSettingArg*, int) {
  validate_with<PrivateSettingArg>(out, words, parse_private_setting);
}

Result<SettingArg> parse_setting(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail("not a setting", {}, "write it like name=value");
  }
  SettingArg setting{text.substr(0, equals), text.substr(equals + 1)};
  if (is_secret_name(setting.name)) add_secret(setting.value);
  return setting;
}

Result<po::variables_map> parse_command_line(int argc, const char* const* argv,
                                             const po::options_description& options) {
  const Grammar grammar(options);
  try {
    po::variables_map values;
    po::store(grammar.parse(argc, argv), values);
    po::notify(values);
    return values;
  } catch (const po::unknown_option& error) {
    return fail("unrecognised option '" + grammar.unknown_name(error.get_option_name()) + "'", {},
                kSeeHelp);
  } catch (const po::error& error) {
    return fail(error.what(), {}, kSeeHelp);
  }
}

std::vector<std::string> printable_arguments(int argc, const char* const* argv,
                                             const po::options_description& options) {
  const Grammar grammar(options);
  std::vector<std::string> out;
  for (const po::option& option : grammar.parse(argc, argv).options) {
    std::vector<std::string> tokens = option.original_tokens;
    if (!option.value.empty()) {
      // The last token is the value, or ends with it: -Xacks=1, --property=acks=1.
      const std::string& value = option.value.back();
      std::string& token = tokens.back();
      token.resize(token.size() - value.size());
      token += grammar.is_private(option.string_key) ? hide_value(value) : mask_argument(value);
    }
    out.insert(out.end(), tokens.begin(), tokens.end());
  }
  return out;
}

Result<std::vector<std::int32_t>> partitions_option(const po::variables_map& options,
                                                    const char* name) {
  std::vector<std::int32_t> out;
  for (const PartitionArg arg : option_or<std::vector<PartitionArg>>(options, name, {})) {
    out.push_back(arg.value);
  }
  std::sort(out.begin(), out.end());
  if (std::adjacent_find(out.begin(), out.end()) != out.end()) {
    return fail("a partition is given twice", std::string("--") + name);
  }
  return out;
}

}  // namespace ks::cli
