#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"

namespace ks::wire {

// One broker address as clients write it.
struct Address {
  std::string host;
  std::uint16_t port = 9092;  // Kafka's default

  std::string text() const;  // host:port, IPv6 hosts in brackets
  bool operator==(const Address&) const = default;
};

// "host", "host:port" or "[v6]:port". A user or password is refused, and not quoted.
cli::Result<Address> parse_address(std::string_view text);

// A comma-separated bootstrap list; an empty list is an error.
cli::Result<std::vector<Address>> parse_addresses(std::string_view list);

std::vector<std::string> texts(const std::vector<Address>& addresses);

}  // namespace ks::wire
