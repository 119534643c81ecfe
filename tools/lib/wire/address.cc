#include "lib/wire/address.h"

#include "lib/cli/units.h"

namespace ks::wire {
namespace {

// Kafka's addresses have no user part. It is not quoted, and looked for before a list is cut at its
// commas: a password may contain any character.
cli::Result<void> check_user(std::string_view addresses) {
  if (addresses.find('@') == std::string_view::npos) return {};
  return cli::fail("a broker address with a user or password", {},
                   "give host:port, and -X sasl.username=... -X sasl.password=...");
}

}  // namespace

std::string Address::text() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

cli::Result<Address> parse_address(std::string_view text) {
  if (auto ok = check_user(text); !ok) return tl::make_unexpected(ok.error());
  const auto bad = [&] {
    return cli::fail("not a broker address '" + std::string(text) + "'", {},
                     "write it like 127.0.0.1:9092");
  };
  std::string_view host = text;
  std::string_view rest;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return bad();
    host = text.substr(1, end - 1);
    rest = text.substr(end + 1);
  } else if (const std::size_t colon = text.rfind(':'); colon != std::string_view::npos) {
    host = text.substr(0, colon);
    rest = text.substr(colon);
  }
  Address address{std::string(host)};
  if (!rest.empty()) {
    const auto port = cli::parse_count(rest.substr(1));
    if (rest.front() != ':' || !port || *port == 0 || *port > 65535) return bad();
    address.port = static_cast<std::uint16_t>(*port);
  }
  if (host.empty() || host.find_first_of(" \t/") != std::string_view::npos) return bad();
  return address;
}

cli::Result<std::vector<Address>> parse_addresses(std::string_view list) {
  if (auto ok = check_user(list); !ok) return tl::make_unexpected(ok.error());
  std::vector<Address> out;
  while (true) {
    const std::size_t comma = list.find(',');
    const auto address = parse_address(list.substr(0, comma));
    if (!address) return tl::make_unexpected(address.error());
    out.push_back(*address);
    if (comma == std::string_view::npos) return out;
    list.remove_prefix(comma + 1);
  }
}

std::vector<std::string> texts(const std::vector<Address>& addresses) {
  std::vector<std::string> out;
  for (const Address& address : addresses) out.push_back(address.text());
  return out;
}

}  // namespace ks::wire
