#include "lib/target/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <memory>

#include "lib/cli/redact.h"

namespace ks::target {
namespace {

using Curl = std::unique_ptr<CURL, decltype(&curl_easy_cleanup)>;
using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// What the answer's body is collected into.
struct Body {
  std::string text;
  std::size_t most_bytes;
  bool too_large = false;
};

// libcurl calls this for each piece; taking less than it gave ends the transfer.
std::size_t collect(char* data, std::size_t, std::size_t size, void* user) {
  Body& body = *static_cast<Body*>(user);
  body.too_large = size > body.most_bytes - body.text.size();
  if (body.too_large) return 0;
  body.text.append(data, size);
  return size;
}

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  const std::unique_ptr<char, decltype(&curl_free)> owned(text, curl_free);
  return text;
}

CurlUrl parse_url(const std::string& text) {
  CurlUrl url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) url.reset();
  return url;
}

bool is_loopback(const std::string& host) {
  return host == "localhost" || host == "[::1]" || host.starts_with("127.");
}

tl::unexpected<cli::Error> transfer_error(CURLcode code, const char* details, const Body& body,
                                          const std::string& url) {
  if (body.too_large) {
    return cli::fail("answer larger than " + std::to_string(body.most_bytes) + " bytes", url);
  }
  constexpr const char* kIsItUp = "is the broker running and is the URL right?";
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return cli::fail("cannot connect", url, kIsItUp);
    case CURLE_COULDNT_RESOLVE_HOST:
      return cli::fail("unknown host", url, kIsItUp);
    case CURLE_OPERATION_TIMEDOUT:
      return cli::fail("no answer in time", url, kIsItUp);
    default:
      return cli::fail(*details != '\0' ? details : curl_easy_strerror(code), url);
  }
}

}  // namespace

cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes) {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Curl curl(initialized == CURLE_OK ? curl_easy_init() : nullptr, curl_easy_cleanup);
  if (!curl) return cli::fail("cannot set up libcurl");
  cli::add_secrets_of(url);
  const CurlUrl parsed = parse_url(url);
  if (!parsed) {
    return cli::fail("not a URL '" + cli::mask(url) + "'", {},
                     "write it like http://127.0.0.1:39093/metrics");
  }

  Body body{{}, most_bytes};
  char details[CURL_ERROR_SIZE] = "";
  // Exemplars and created-series of OpenMetrics are not what we parse: ask for the classic format.
  const CurlList headers(curl_slist_append(nullptr, "Accept: text/plain;version=0.0.4, */*;q=0.1"),
                         curl_slist_free_all);
  curl_easy_setopt(curl.get(), CURLOPT_CURLU, parsed.get());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl.get(), CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  // 0 would mean no limit at all.
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max(1, cli::remaining_ms(deadline))));
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, details);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl.get(), CURLOPT_WRITEDATA, &body);
  if (is_loopback(url_part(parsed.get(), CURLUPART_HOST))) {
    curl_easy_setopt(curl.get(), CURLOPT_PROXY, "");
  }
  const CURLcode code = curl_easy_perform(curl.get());
  if (code != CURLE_OK) return transfer_error(code, details, body, cli::mask(url));
  HttpAnswer answer;
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  answer.body = std::move(body.text);
  return answer;
}

}  // namespace ks::target
