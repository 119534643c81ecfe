#include "lib/wire/api_versions.h"

#include "lib/cli/hash.h"
#include "lib/wire/error_code.h"

namespace ks::wire {

VersionRange ApiVersions::range(ApiKey key) const {
  const auto found = ranges_.find(static_cast<std::int16_t>(key));
  return found == ranges_.end() ? VersionRange{} : found->second;
}

std::string ApiVersions::fingerprint() const {
  std::uint64_t hash = cli::kFnv1aBasis;
  const auto mix = [&hash](std::int16_t value) {
    hash = cli::fnv1a(hash, static_cast<std::uint16_t>(value));
  };
  for (const auto& [key, range] : ranges_) {
    mix(key);
    mix(range.min);
    mix(range.max);
  }
  char text[32];
  std::snprintf(text, sizeof text, "apis-%016llx", static_cast<unsigned long long>(hash));
  return text;
}

cli::Result<ApiVersions> to_api_versions(const Value& response) {
  const auto error_code = static_cast<std::int16_t>(response["error_code"].as_int());
  if (error_code != 0) return cli::fail("ApiVersions failed: " + error_name(error_code));
  ApiVersions versions;
  for (const Value& api : response["api_keys"].items()) {
    const auto number = [&api](const char* name) {
      return static_cast<std::int16_t>(api[name].as_int());
    };
    versions.set(number("api_key"), {number("min_version"), number("max_version")});
  }
  return versions;
}

}  // namespace ks::wire
