#include "lib/target/broker_list.h"

#include <algorithm>

#include "lib/target/port.h"
#include "lib/wire/place.h"

namespace ks::target {
namespace {

using wire::ApiKey;
using wire::Value;

constexpr const char* kClientId = "ks";
constexpr std::int16_t kHighestVersion = 12;  // what later ones add is not asked for
constexpr std::int16_t kNoTopics = 1;         // from this version on, no topics means none

}  // namespace

cli::Result<BrokerList> BrokerList::ask(const wire::Address& address, const wire::Access& access,
                                        cli::Deadline deadline) {
  const cli::Deadline until = probe_deadline(deadline);
  const auto versions = wire::request_api_versions(address, access, until);
  if (!versions) return tl::make_unexpected(versions.error());
  const std::int16_t version = std::min(versions->range(ApiKey::kMetadata).max, kHighestVersion);
  if (version < kNoTopics) return cli::fail("Metadata 1 or later is not served", address.text());
  auto connection = wire::open(address, access, kClientId, until);
  if (!connection) return tl::make_unexpected(connection.error());
  const auto reply = wire::call(*connection, ApiKey::kMetadata, version,
                                {{"topics", Value::array({})}}, kClientId, until);
  if (!reply) return tl::make_unexpected(reply.error());
  std::vector<Broker> brokers;
  for (const Value& broker : reply->body["brokers"].items()) {
    const wire::Address at{std::string(broker["host"].as_string()),
                           static_cast<std::uint16_t>(broker["port"].as_int())};
    brokers.push_back({static_cast<std::int32_t>(broker["node_id"].as_int()), at.text()});
  }
  return BrokerList(std::move(brokers));
}

const BrokerList::Broker* BrokerList::at(const wire::Address& address) const {
  const auto found = std::ranges::find_if(
      brokers_, [&](const Broker& b) { return !wire::is_elsewhere(b.address, {address.text()}); });
  return found == brokers_.end() ? nullptr : &*found;
}

std::int32_t BrokerList::highest_id() const {
  std::int32_t highest = -1;
  for (const Broker& broker : brokers_) highest = std::max(highest, broker.id);
  return highest;
}

}  // namespace ks::target
