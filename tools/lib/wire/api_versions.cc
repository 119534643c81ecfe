#include "lib/wire/api_versions.h"

#include "lib/wire/bytes.h"
#include "lib/wire/connection.h"
#include "lib/wire/message.h"

namespace ks::wire {
namespace {

constexpr std::int32_t kCorrelationId = 1;
constexpr std::size_t kMostResponseBytes = 1 << 20;

cli::Result<ApiVersions> read_versions(const Value& response) {
  if (const std::int64_t error_code = response["error_code"].as_int(); error_code != 0) {
    return cli::fail("ApiVersions v0 answered error code " + std::to_string(error_code));
  }
  ApiVersions versions;
  for (const Value& api : response["api_keys"].items()) {
    const auto number = [&api](const char* name) {
      return static_cast<std::int16_t>(api[name].as_int());
    };
    versions.set(number("api_key"), {number("min_version"), number("max_version")});
  }
  return versions;
}

}  // namespace

VersionRange ApiVersions::range(ApiKey key) const {
  const auto found = ranges_.find(static_cast<std::int16_t>(key));
  return found == ranges_.end() ? VersionRange{} : found->second;
}

std::string ApiVersions::fingerprint() const {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a, 64 bit
  const auto mix = [&hash](std::int16_t value) {
    hash = (hash ^ static_cast<std::uint16_t>(value)) * 0x100000001b3;
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
  const auto response = decode_message(*find_response(ApiKey::kApiVersions), 0, body);
  if (!response) return tl::make_unexpected(response.error());
  return read_versions(*response);
}

cli::Result<ApiVersions> request_api_versions(const Address& address, cli::Deadline deadline) {
  const auto request = encode_request(
      {request_header(ApiKey::kApiVersions, 0, kCorrelationId, "ks"), Value::structure()});
  if (!request) return tl::make_unexpected(request.error());
  auto connection = Connection::open(address, deadline);
  if (!connection) return tl::make_unexpected(connection.error());
  if (auto sent = connection->send_frame(*request, deadline); !sent) {
    return tl::make_unexpected(sent.error());
  }
  const auto frame = connection->receive_frame(kMostResponseBytes, deadline);
  if (!frame) return tl::make_unexpected(frame.error());
  if (ByteReader(*frame).integer<std::int32_t>() != kCorrelationId) {
    return cli::fail("answer with another correlation id", address.text(), "is it a Kafka broker?");
  }
  auto versions =
      decode_response(ApiKey::kApiVersions, 0, *frame).and_then([](const Frame& response) {
        return read_versions(response.body);
      });
  if (!versions) {
    std::string& where = versions.error().where;
    where = address.text() + (where.empty() ? "" : ", " + where);
  }
  return versions;
}

}  // namespace ks::wire
