#include "lib/wire/api_versions.h"

#include <arpa/inet.h>

#include <array>
#include <cstring>

#include "lib/cli/hash.h"
#include "lib/wire/connection.h"

namespace ks::wire {
namespace {

constexpr std::int32_t kCorrelationId = 1;
constexpr std::size_t kMostResponseBytes = 1 << 20;

struct Name {
  ApiKey key;
  const char* name;
};
constexpr std::array kNames{
    Name{ApiKey::kProduce, "Produce"},
    Name{ApiKey::kFetch, "Fetch"},
    Name{ApiKey::kListOffsets, "ListOffsets"},
    Name{ApiKey::kMetadata, "Metadata"},
    Name{ApiKey::kOffsetCommit, "OffsetCommit"},
    Name{ApiKey::kOffsetFetch, "OffsetFetch"},
    Name{ApiKey::kFindCoordinator, "FindCoordinator"},
    Name{ApiKey::kJoinGroup, "JoinGroup"},
    Name{ApiKey::kHeartbeat, "Heartbeat"},
    Name{ApiKey::kLeaveGroup, "LeaveGroup"},
    Name{ApiKey::kSyncGroup, "SyncGroup"},
    Name{ApiKey::kDescribeGroups, "DescribeGroups"},
    Name{ApiKey::kListGroups, "ListGroups"},
    Name{ApiKey::kApiVersions, "ApiVersions"},
    Name{ApiKey::kCreateTopics, "CreateTopics"},
    Name{ApiKey::kDeleteTopics, "DeleteTopics"},
    Name{ApiKey::kInitProducerId, "InitProducerId"},
    Name{ApiKey::kDescribeConfigs, "DescribeConfigs"},
    Name{ApiKey::kAlterConfigs, "AlterConfigs"},
    Name{ApiKey::kCreatePartitions, "CreatePartitions"},
    Name{ApiKey::kDeleteGroups, "DeleteGroups"},
};

void put_i16(std::string& out, std::int16_t value) {
  out.push_back(static_cast<char>(value >> 8));
  out.push_back(static_cast<char>(value));
}

void put_i32(std::string& out, std::int32_t value) {
  put_i16(out, static_cast<std::int16_t>(value >> 16));
  put_i16(out, static_cast<std::int16_t>(value));
}

// Reads big-endian integers; an attempt to read past the end clears ok() and yields 0.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  std::int16_t i16() {
    std::uint16_t raw = 0;
    take(&raw, sizeof raw);
    return static_cast<std::int16_t>(ntohs(raw));
  }
  std::int32_t i32() {
    std::uint32_t raw = 0;
    take(&raw, sizeof raw);
    return static_cast<std::int32_t>(ntohl(raw));
  }
  bool ok() const { return ok_; }
  std::size_t left() const { return bytes_.size(); }
  std::string_view rest() const { return bytes_; }

 private:
  void take(void* out, std::size_t size) {
    ok_ = ok_ && bytes_.size() >= size;
    if (!ok_) return;
    std::memcpy(out, bytes_.data(), size);
    bytes_.remove_prefix(size);
  }

  std::string_view bytes_;
  bool ok_ = true;
};

// Request header v1: api key, version, correlation id, client id. The body of version 0 is empty.
std::string encode_request() {
  constexpr std::string_view kClientId = "ks";
  std::string frame;
  put_i16(frame, static_cast<std::int16_t>(ApiKey::kApiVersions));
  put_i16(frame, 0);
  put_i32(frame, kCorrelationId);
  put_i16(frame, static_cast<std::int16_t>(kClientId.size()));
  frame += kClientId;
  return frame;
}

}  // namespace

std::string api_name(std::int16_t key) {
  for (const Name& name : kNames) {
    if (static_cast<std::int16_t>(name.key) == key) return name.name;
  }
  return "api " + std::to_string(key);
}

std::string VersionRange::text() const {
  if (!served()) return "none";
  if (min == max) return std::to_string(min);
  return std::to_string(min) + "-" + std::to_string(max);
}

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

cli::Result<ApiVersions> decode_api_versions_v0(std::string_view body) {
  Reader reader(body);
  const std::int16_t error_code = reader.i16();
  const std::int32_t count = reader.i32();
  constexpr std::size_t kEntryBytes = 6;
  if (!reader.ok() || count < 0 || static_cast<std::size_t>(count) > reader.left() / kEntryBytes) {
    return cli::fail("malformed ApiVersions response",
                     "offset 0..6 of " + std::to_string(body.size()) + " bytes");
  }
  if (error_code != 0) {
    return cli::fail("ApiVersions v0 answered error code " + std::to_string(error_code));
  }
  ApiVersions versions;
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int16_t key = reader.i16();
    const std::int16_t min = reader.i16();
    versions.set(key, {min, reader.i16()});
  }
  return versions;
}

cli::Result<ApiVersions> request_api_versions(const Address& address, cli::Deadline deadline) {
  auto connection = Connection::open(address, deadline);
  if (!connection) return tl::make_unexpected(connection.error());
  if (auto sent = connection->send_frame(encode_request(), deadline); !sent) {
    return tl::make_unexpected(sent.error());
  }
  const auto frame = connection->receive_frame(kMostResponseBytes, deadline);
  if (!frame) return tl::make_unexpected(frame.error());
  Reader header(*frame);
  if (header.i32() != kCorrelationId || !header.ok()) {
    return cli::fail("answer with another correlation id", address.text(), "is it a Kafka broker?");
  }
  auto versions = decode_api_versions_v0(header.rest());
  if (!versions) versions.error().where = address.text();
  return versions;
}

}  // namespace ks::wire
