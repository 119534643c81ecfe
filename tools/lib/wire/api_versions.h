#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"
#include "lib/wire/address.h"

namespace ks::wire {

// Kafka's API keys, as far as this toolkit names them (Kafka protocol guide, "API keys").
enum class ApiKey : std::int16_t {
  kProduce = 0,
  kFetch = 1,
  kListOffsets = 2,
  kMetadata = 3,
  kOffsetCommit = 8,
  kOffsetFetch = 9,
  kFindCoordinator = 10,
  kJoinGroup = 11,
  kHeartbeat = 12,
  kLeaveGroup = 13,
  kSyncGroup = 14,
  kDescribeGroups = 15,
  kListGroups = 16,
  kApiVersions = 18,
  kCreateTopics = 19,
  kDeleteTopics = 20,
  kInitProducerId = 22,
  kDescribeConfigs = 32,
  kAlterConfigs = 33,
  kCreatePartitions = 37,
  kDeleteGroups = 42,
};

// The name in the protocol guide ("Produce"), or "api N" for a key this toolkit has no name for.
std::string api_name(std::int16_t key);

// A range of versions, both ends included. KafScale lists what it does not serve as -1…-1.
struct VersionRange {
  std::int16_t min = 0;
  std::int16_t max = -1;

  bool served() const { return min >= 0 && max >= min; }
  bool overlaps(const VersionRange& other) const {
    return served() && other.served() && min <= other.max && other.min <= max;
  }
  std::string text() const;  // "3", "0-9" or "none"
};

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
