#pragma once

#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"

namespace ks::target {

struct HttpAnswer {
  long status = 0;
  std::string body;
};

// The URL as it may be shown: without user info and without the values of secret parameters.
std::string printable_url(const std::string& url);

// One GET; redirects are not followed. From here on the URL's secrets are redacted everywhere.
// Fails, naming the URL, where no whole answer of at most `most_bytes` came before the deadline; a
// status other than 200 is an answer. Proxies of the environment are not used for loopback
// addresses.
cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes = 16U << 20);

}  // namespace ks::target
