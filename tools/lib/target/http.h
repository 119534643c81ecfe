#pragma once

#include <string>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"

namespace ks::target {

struct HttpAnswer {
  long status = 0;
  std::string body;
};

// One GET; redirects are not followed. The URL's secrets are registered (cli::add_secret).
// Fails, naming the URL without them, where no whole answer of at most `most_bytes` came before the
// deadline; a status other than 200 is an answer. Proxies of the environment are not used for
// loopback addresses.
cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes = 16U << 20);

}  // namespace ks::target
