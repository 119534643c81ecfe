#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "lib/cli/clock.h"
#include "lib/cli/error.h"

namespace ks::target {

// Of AWS Signature Version 4, as S3 servers ask for.
struct HttpSignature {
  std::string region;
  std::string access_key;
  std::string secret_key;
  std::string session_token;  // of temporary credentials; empty: none
};

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  std::string accept = "*/*";
  std::string json;   // the body; empty: none
  std::string range;  // the bytes that are asked for, FIRST-LAST; empty: all
  // For an S3 server: without a body, and with the query in order and written as url_segment does.
  std::optional<HttpSignature> s3;
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

inline constexpr std::size_t kMostHttpBytes = 16U << 20;

// Makes requests, on connections that it keeps; redirects are not followed. The URL's secrets are
// registered (cli::add_secret). A request fails, naming the URL without them, where no whole answer
// of at most `most_bytes` came before the deadline; a status other than 200 is an answer. Proxies
// of the environment are not used for loopback addresses.
class HttpClient {
 public:
  HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;
  ~HttpClient();

  cli::Result<HttpAnswer> request(const HttpRequest& request, cli::Deadline deadline,
                                  std::size_t most_bytes = kMostHttpBytes);

 private:
  void* curl_;  // libcurl's handle; null: it could not be made
};

// One request on a connection of its own.
cli::Result<HttpAnswer> http_request(const HttpRequest& request, cli::Deadline deadline,
                                     std::size_t most_bytes = kMostHttpBytes);

// A GET of what may be a metrics page.
cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes = kMostHttpBytes);

// `text` as one segment of a URL's path.
std::string url_segment(std::string_view text);

// The host of a URL, an IPv6 address in brackets; empty where it is no URL.
std::string url_host(const std::string& url);

}  // namespace ks::target
