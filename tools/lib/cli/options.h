#pragma once

#include <boost/any.hpp>
#include <boost/program_options.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"

namespace ks::cli {

namespace po = boost::program_options;

// Option values with a unit. Each is declared as po::value<DurationArg>() and so on; a bad text is
// a usage error that names the option.
struct DurationArg {
  Duration value{};
};
struct CountArg {
  std::uint64_t value = 0;
};
struct SizeArg {
  std::uint64_t value = 0;
};
struct RateArg {
  double value = 0;  // a second
};

// Number of a partition. Kafka counts them in 32 bits, with the sign for special meanings.
struct PartitionArg {
  std::int32_t value = 0;
};

// `i/N`: this worker is number i (from 0) of N that share one workload.
struct ShardArg {
  std::uint32_t index = 0;
  std::uint32_t count = 1;
};

// `name=value`, the value as it stands: it may be empty and may contain '='. Errors do not quote
// it, and a value whose name is that of a secret is registered (cli::add_secret).
struct SettingArg {
  std::string name;
  std::string value;
};

// The same where any value may hold a secret, whatever its name: a header, a shell command.
struct PrivateSettingArg : SettingArg {};

Result<SettingArg> parse_setting(const std::string& text);

void validate(boost::any& out, const std::vector<std::string>& words, DurationArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, CountArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, SizeArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, RateArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, PartitionArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, ShardArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, SettingArg*, int);
void validate(boost::any& out, const std::vector<std::string>& words, PrivateSettingArg*, int);

// Parses argv: long options are never guessed from prefixes, words that belong to no option land in
// "word" (a vector of strings). Errors are usage errors that name the option.
Result<po::variables_map> parse_command_line(int argc, const char* const* argv,
                                             const po::options_description& options);

// The arguments of a command line that parsed, as they may be shown: without secrets.
std::vector<std::string> printable_arguments(int argc, const char* const* argv,
                                             const po::options_description& options);

// The partitions that the repeatable option `name` gives (a vector of PartitionArg), ascending;
// none where it is not given. One that is given twice is an error.
Result<std::vector<std::int32_t>> partitions_option(const po::variables_map& options,
                                                    const char* name);

template <typename T>
T option_or(const po::variables_map& options, const char* name, T otherwise) {
  if (options.count(name) != 0) return options[name].as<T>();
  return otherwise;
}

}  // namespace ks::cli
