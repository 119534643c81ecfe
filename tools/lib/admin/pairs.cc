#include "lib/admin/pairs.h"

namespace ks::admin {

cli::Result<Pairs> to_pairs(std::span<const cli::SettingArg> settings, const std::string& where) {
  Pairs pairs;
  for (const cli::SettingArg& setting : settings) {
    if (!pairs.emplace(setting.name, setting.value).second) {
      return cli::fail("setting '" + setting.name + "' is given twice", where);
    }
  }
  return pairs;
}

cli::Result<Pairs> parse_pairs(std::span<const std::string> words, const std::string& where) {
  std::vector<cli::SettingArg> settings;
  for (const std::string& word : words) {
    auto setting = cli::parse_setting(word);
    if (!setting) return cli::fail(setting.error().what, where, setting.error().action);
    settings.push_back(std::move(*setting));
  }
  return to_pairs(settings, where);
}

}  // namespace ks::admin
