#include "lib/client/trouble.h"

#include <algorithm>

namespace ks::client {
namespace {

bool is_without_listener(const cli::Error& error) {
  return error.what == wire::kUnknownHost || error.what.starts_with(wire::kCannotConnect);
}

bool is_without_versions(const cli::Error& error) {
  return error.what == wire::kClosedByBroker || error.what == wire::kNoAnswerInTime ||
         error.what.starts_with(wire::kNotKafka) ||
         error.what.starts_with("ApiVersions");  // an answer that is malformed, or a refusal
}

// What closes a connection has no word of its own on what to do.
std::string told(cli::Error error) {
  if (error.what == wire::kClosedByBroker) {
    error.action += error.action.empty() ? "" : "; ";
    error.action += "is it a Kafka broker, and is security.protocol right?";
  }
  return error.message();
}

std::optional<wire::FindingId> state_of(const std::vector<cli::Error>& failures) {
  if (std::ranges::all_of(failures, is_without_listener)) return wire::FindingId::kNoListener;
  const bool is_plain = std::ranges::all_of(failures, [](const cli::Error& error) {
    return is_without_listener(error) || is_without_versions(error);
  });
  if (is_plain) return wire::FindingId::kNoApiVersions;
  return std::nullopt;
}

}  // namespace

std::optional<wire::Finding> Trouble::finding() const {
  if (!id) return std::nullopt;
  return wire::Finding{*id, error.where};
}

Trouble nobody_answers(const std::vector<cli::Error>& failures) {
  std::string all;
  for (const cli::Error& failure : failures) all += (all.empty() ? "" : " | ") + told(failure);
  const auto state = state_of(failures);
  if (!state) return {std::nullopt, {all, "", ""}};
  return {state, {wire::kind_of(*state).summary, all, ""}};
}

tl::expected<wire::ApiVersions, Trouble> first_versions(const std::vector<std::string>& brokers,
                                                        const wire::Access& access,
                                                        cli::Deadline deadline) {
  auto left = static_cast<std::int64_t>(brokers.size());
  std::vector<cli::Error> failures;
  for (const std::string& broker : brokers) {
    const auto address = wire::parse_address(broker);
    if (!address) return tl::make_unexpected(Trouble{std::nullopt, address.error()});
    const cli::Deadline now = cli::Clock::now();
    auto versions = wire::request_api_versions(*address, access, now + (deadline - now) / left--);
    if (versions) return std::move(*versions);
    failures.push_back(std::move(versions.error()));
  }
  return tl::make_unexpected(nobody_answers(failures));
}

}  // namespace ks::client
