#pragma once

#include <span>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/api_versions.h"

namespace ks::client {

// The versions of one API that the librdkafka release `version` (0xMMmmrr00, as rd_kafka_version)
// speaks; {0, -1} for an API it is not known to use. Source: the protocol tables of librdkafka's
// own INTRODUCTION.md and the ranges in its requests, release by release.
wire::VersionRange librdkafka_range(wire::ApiKey api, int version);

// What a tool is about to do.
enum class Operation {
  kMetadata,
  kProduce,
  kFetch,
  kListOffsets,
  kGroupMembership,
  kGroupOffsets,
  kCreateTopics,
  kDeleteTopics,
  kCreatePartitions,
  kDescribeConfigs,
  kAlterConfigs,
  kListGroups,
  kDescribeGroups,
  kDeleteGroups,
};

// Fails where the broker's advertised versions rule out one of the operations for that librdkafka:
// names the API and both ranges. Without this the client would only time out.
cli::Result<void> check_versions(const wire::ApiVersions& broker,
                                 std::span<const Operation> operations, int version);

}  // namespace ks::client
