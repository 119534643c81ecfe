#pragma once

#include <functional>
#include <optional>
#include <span>
#include <string>

#include "lib/cli/error.h"
#include "lib/wire/api_versions.h"
#include "lib/wire/findings.h"

namespace ks::client {

// One release of a client implementation, by the versions that it speaks.
struct ClientRelease {
  std::string name;                                       // "librdkafka 2.0.2"
  std::function<wire::VersionRange(wire::ApiKey)> range;  // {0, -1} for an API it does not use
  std::string advice;                                     // where a broker rules it out
  bool needs_fetch_4 = false;  // uses message format v2 only where the broker serves Fetch 4
};

// `version` as rd_kafka_version (0xMMmmrrxx). Source: the requests' ranges in librdkafka's own
// sources, release by release.
ClientRelease librdkafka_release(int version);

// The wire client of this toolkit: what its code fills in and reads, not all that the codec knows.
ClientRelease wire_release();

// The Java client of Apache Kafka 3.9, the last that speaks to brokers before 2.1, and of 4.1.
// Source: the message definitions in kafka-clients 3.9.1 and 4.1.1.
ClientRelease java_3_9_release();
ClientRelease java_4_1_release();

// Why the client cannot call `api` there: an error with both ranges; nothing where it can.
std::optional<cli::Error> rule_out(const ClientRelease& client, wire::ApiKey api,
                                   const wire::ApiVersions& broker);

// What a tool is about to do.
enum class Operation {
  kMetadata,
  kProduce,
  kFetch,
  kListOffsets,
  kEpochEnds,
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

std::span<const Operation> all_operations();

// Why a client cannot do something on a broker.
struct Mismatch {
  wire::FindingId finding;
  wire::ApiKey api;
  cli::Error error;  // names the API and both ranges
};

// The first of the operations' APIs that the broker's advertised versions rule out for the client.
// Without this the client would only time out.
std::optional<Mismatch> find_mismatch(const wire::ApiVersions& broker,
                                      std::span<const Operation> operations,
                                      const ClientRelease& client);

}  // namespace ks::client
