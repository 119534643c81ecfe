#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"

namespace ks::target {

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::string accept = "*/*";
  std::string json;     // the body; empty: none
  std::string padding;  // for the value of a header that no server knows: makes a request larger
};

struct HttpAnswer {
  long status = 0;
  std::string body;
  std::uint64_t sent_bytes = 0;      // the request as it went over the connection, without TLS
  std::uint64_t received_bytes = 0;  // the answer, headers included
};

// The `what` of errors that tell how a connection ended.
inline constexpr const char* kHttpCannotConnect = "cannot connect";
inline constexpr const char* kHttpNoAnswer = "no answer in time";
inline constexpr const char* kHttpReset = "connection reset";
inline constexpr const char* kHttpClosed = "connection closed without an answer";

// One request on a connection of its own; redirects are not followed. The URL's secrets are
// registered (cli::add_secret). Fails, naming the URL without them, where no whole answer of at
// most `most_bytes` came before the deadline; a status other than 200 is an answer. Proxies of the
// environment are not used for loopback addresses.
cli::Result<HttpAnswer> http_request(const HttpRequest& request, cli::Deadline deadline,
                                     std::size_t most_bytes = 16U << 20);

// A GET of what may be a metrics page.
cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes = 16U << 20);

// `text` as one segment of a URL's path.
std::string url_segment(std::string_view text);

// The host of a URL, an IPv6 address in brackets; empty where it is no URL.
std::string url_host(const std::string& url);

}  // namespace ks::target
