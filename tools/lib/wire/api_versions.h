#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/address.h"
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

// One ApiVersions request, version 0 (which every broker answers), on a connection of its own.
cli::Result<ApiVersions> request_api_versions(const Address& address, cli::Deadline deadline);

// Decodes an ApiVersions v0 response body (after the correlation id).
cli::Result<ApiVersions> decode_api_versions_v0(std::string_view body);

}  // namespace ks::wire
