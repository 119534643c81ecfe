#include "lib/admin/pairs.h"

#include "lib/cli/redact.h"

namespace ks::admin {

cli::Result<std::map<std::string, std::string>> parse_pairs(std::span<const std::string> words,
                                                            const std::string& where) {
  std::map<std::string, std::string> pairs;
  for (const std::string& word : words) {
    cli::add_secrets_of(word);
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0) {
      return cli::fail("not a setting '" + word + "'", where, "write it like retention.ms=60000");
    }
    const std::string name = word.substr(0, equals);
    if (!pairs.emplace(name, word.substr(equals + 1)).second) {
      return cli::fail("setting '" + name + "' is given twice", where);
    }
  }
  return pairs;
}

}  // namespace ks::admin
