#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/schema.h"

namespace ks::wire {

// What one broker advertises, by API key.
class ApiVersions {
 public:
  void set(std::int16_t key, VersionRange range) { ranges_[key] = range; }
  VersionRange range(ApiKey key) const;
  bool offers(ApiKey key) const { return range(key).served(); }
  const std::map<std::int16_t, VersionRange>& all() const { return ranges_; }

  // Tells two builds with different tables apart: "apis-" and a hash of the whole table.
  std::string fingerprint() const;

 private:
  std::map<std::int16_t, VersionRange> ranges_;
};

// Reads the body of an ApiVersions response of any version.
cli::Result<ApiVersions> to_api_versions(const Value& response);

}  // namespace ks::wire
