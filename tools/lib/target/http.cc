#include "lib/target/http.h"

#include <curl/curl.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "lib/cli/redact.h"

namespace ks::target {
namespace {

using CurlUrl = std::unique_ptr<CURLU, decltype(&curl_url_cleanup)>;
using CurlList = std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)>;

// S3 servers want to be told the hash of the body, which is part of what is signed.
constexpr const char* kHashOfNothing =
    "x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

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

bool was_reset(CURL* curl) {
  long error = 0;
  curl_easy_getinfo(curl, CURLINFO_OS_ERRNO, &error);
  return error == ECONNRESET || error == EPIPE;
}

tl::unexpected<cli::Error> transfer_error(CURL* curl, CURLcode code, const char* details,
                                          const Body& body, const std::string& url) {
  if (body.too_large) {
    return cli::fail("answer larger than " + std::to_string(body.most_bytes) + " bytes", url);
  }
  constexpr const char* kIsItUp = "does it run there and is the URL right?";
  switch (code) {
    case CURLE_COULDNT_CONNECT:
      return cli::fail(kHttpCannotConnect, url, kIsItUp);
    case CURLE_COULDNT_RESOLVE_HOST:
      return cli::fail("unknown host", url, kIsItUp);
    case CURLE_OPERATION_TIMEDOUT:
      return cli::fail(kHttpNoAnswer, url, kIsItUp);
    case CURLE_GOT_NOTHING:
      return cli::fail(kHttpClosed, url);
    default:
      if (was_reset(curl)) return cli::fail(kHttpReset, url);
      return cli::fail(*details != '\0' ? details : curl_easy_strerror(code), url);
  }
}

CurlList headers_of(const HttpRequest& request) {
  curl_slist* list = curl_slist_append(nullptr, ("Accept: " + request.accept).c_str());
  if (!request.json.empty()) list = curl_slist_append(list, "Content-Type: application/json");
  if (request.s3) list = curl_slist_append(list, kHashOfNothing);
  if (request.s3 && !request.s3->session_token.empty()) {
    list = curl_slist_append(list, ("x-amz-security-token: " + request.s3->session_token).c_str());
  }
  if (!request.padding.empty()) {
    list = curl_slist_append(list, ("X-Padding: " + request.padding).c_str());
  }
  return {list, curl_slist_free_all};
}

void set_body(CURL* curl, const HttpRequest& request) {
  curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
  if (request.json.empty()) return;
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.json.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.json.size()));
}

void sign(CURL* curl, const HttpSignature& signature) {
  curl_easy_setopt(curl, CURLOPT_AWS_SIGV4, ("aws:amz:" + signature.region + ":s3").c_str());
  curl_easy_setopt(curl, CURLOPT_USERNAME, signature.access_key.c_str());
  curl_easy_setopt(curl, CURLOPT_PASSWORD, signature.secret_key.c_str());
}

HttpAnswer answer_of(CURL* curl, std::string body) {
  HttpAnswer answer;
  long sent = 0;
  long header = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer.status);
  curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
  curl_easy_getinfo(curl, CURLINFO_HEADER_SIZE, &header);
  answer.sent_bytes = static_cast<std::uint64_t>(sent);
  answer.received_bytes = static_cast<std::uint64_t>(header) + body.size();
  answer.body = std::move(body);
  return answer;
}

}  // namespace

HttpClient::HttpClient() {
  static const CURLcode initialized = curl_global_init(CURL_GLOBAL_DEFAULT);
  curl_ = initialized == CURLE_OK ? curl_easy_init() : nullptr;
}

HttpClient::~HttpClient() { curl_easy_cleanup(curl_); }

cli::Result<HttpAnswer> HttpClient::request(const HttpRequest& request, cli::Deadline deadline,
                                            std::size_t most_bytes) {
  if (curl_ == nullptr) return cli::fail("cannot set up libcurl");
  cli::add_secrets_of(request.url);
  const CurlUrl parsed = parse_url(request.url);
  if (!parsed) {
    return cli::fail("not a URL '" + cli::mask(request.url) + "'", {},
                     "write it like http://127.0.0.1:39093/metrics");
  }

  Body body{{}, most_bytes};
  char details[CURL_ERROR_SIZE] = "";
  const CurlList headers = headers_of(request);
  curl_easy_reset(curl_);
  curl_easy_setopt(curl_, CURLOPT_CURLU, parsed.get());
  curl_easy_setopt(curl_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, headers.get());
  set_body(curl_, request);
  if (!request.range.empty()) curl_easy_setopt(curl_, CURLOPT_RANGE, request.range.c_str());
  if (request.s3) sign(curl_, *request.s3);
  curl_easy_setopt(curl_, CURLOPT_NOSIGNAL, 1L);
  // 0 would mean no limit at all.
  curl_easy_setopt(curl_, CURLOPT_TIMEOUT_MS,
                   static_cast<long>(std::max(1, cli::remaining_ms(deadline))));
  curl_easy_setopt(curl_, CURLOPT_ERRORBUFFER, details);
  curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, collect);
  curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &body);
  if (is_loopback(url_part(parsed.get(), CURLUPART_HOST))) {
    curl_easy_setopt(curl_, CURLOPT_PROXY, "");
  }
  const CURLcode code = curl_easy_perform(curl_);
  if (code != CURLE_OK) {
    return transfer_error(curl_, code, details, body, cli::mask(request.url));
  }
  return answer_of(curl_, std::move(body.text));
}

cli::Result<HttpAnswer> http_request(const HttpRequest& request, cli::Deadline deadline,
                                     std::size_t most_bytes) {
  return HttpClient().request(request, deadline, most_bytes);
}

cli::Result<HttpAnswer> http_get(const std::string& url, cli::Deadline deadline,
                                 std::size_t most_bytes) {
  HttpRequest request;
  request.url = url;
  // Exemplars and created-series of OpenMetrics are not what we parse: ask for the classic format.
  request.accept = "text/plain;version=0.0.4, */*;q=0.1";
  return http_request(request, deadline, most_bytes);
}

std::string url_segment(std::string_view text) {
  constexpr std::string_view kPlain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
  constexpr const char* kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    if (kPlain.find(c) != std::string_view::npos) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += {'%', kHex[byte >> 4], kHex[byte & 15]};
    }
  }
  return out;
}

std::string url_host(const std::string& url) {
  const CurlUrl parsed = parse_url(url);
  return parsed ? url_part(parsed.get(), CURLUPART_HOST) : "";
}

}  // namespace ks::target
