#include "lib/target/s3_store.h"

#include <algorithm>
#include <pugixml.hpp>

#include "lib/cli/clock.h"

namespace ks::target {
namespace {

constexpr long kOk = 200;
constexpr long kPartialContent = 206;

// A refusal says more than what was asked for may have room for.
constexpr std::size_t kLeastRoomBytes = 64UL << 10;

std::string url_path(std::string_view key) {
  std::string out;
  while (true) {
    const std::size_t slash = key.find('/');
    out += url_segment(key.substr(0, slash));
    if (slash == std::string_view::npos) return out;
    out += '/';
    key.remove_prefix(slash + 1);
  }
}

// What the server says of a request that it did not serve.
tl::unexpected<cli::Error> refusal(const HttpAnswer& answer, const std::string& where) {
  const std::string status = "status " + std::to_string(answer.status);
  pugi::xml_document document;
  document.load_string(answer.body.c_str());
  const std::string code = document.child("Error").child("Code").text().get();
  if (code.empty()) return cli::fail("the object store answers with " + status, where);
  const bool is_denied = answer.status == 401 || answer.status == 403;
  return cli::fail_as(code, "the object store answers " + code + " (" + status + ")", where,
                      is_denied ? "give it the right AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
                                : "check the bucket and the endpoint");
}

}  // namespace

S3Store::S3Store(std::string bucket, std::string prefix, S3Access access)
    : bucket_(std::move(bucket)),
      prefix_(std::move(prefix)),
      access_(std::move(access)),
      name_("s3://" + bucket_ + "/" + prefix_.substr(0, prefix_.size() - !prefix_.empty())) {
  if (access_.endpoint.empty()) {
    access_.endpoint = "https://s3." + access_.region + ".amazonaws.com";
  }
  while (access_.endpoint.ends_with('/')) access_.endpoint.pop_back();
}

cli::Result<HttpAnswer> S3Store::get(const std::string& path_and_query, const std::string& range,
                                     std::size_t most_bytes) {
  HttpRequest request;
  request.url = access_.endpoint + "/" + url_segment(bucket_) + path_and_query;
  request.range = range;
  request.s3 = {access_.region, access_.access_key, access_.secret_key, access_.session_token};
  return http_.request(request, cli::Clock::now() + access_.timeout,
                       std::max(most_bytes, kLeastRoomBytes));
}

// One page, behind `continuation`, is added to `out`; what the next one goes on with, if there is
// one.
cli::Result<std::string> S3Store::list_page(const std::string& prefix, const std::string& delimiter,
                                            const std::string& continuation, Listing& out) {
  // The names are in order, as the signature wants them.
  std::string query = "?";
  if (!continuation.empty()) query += "continuation-token=" + url_segment(continuation) + "&";
  if (!delimiter.empty()) query += "delimiter=" + url_segment(delimiter) + "&";
  query += "list-type=2&prefix=" + url_segment(prefix_ + prefix);
  const auto answer = get(query, "", kMostHttpBytes);
  if (!answer) return tl::make_unexpected(answer.error());
  if (answer->status != kOk) return refusal(*answer, name_);
  pugi::xml_document document;
  const pugi::xml_parse_result parsed = document.load_string(answer->body.c_str());
  const pugi::xml_node list = document.child("ListBucketResult");
  if (!parsed || !list) return cli::fail("no S3 server answers", access_.endpoint);
  for (const pugi::xml_node each : list.children("Contents")) {
    const std::string key = each.child("Key").text().get();
    if (!key.starts_with(prefix_)) return cli::fail("a key outside of the prefix: " + key, name_);
    out.objects.push_back({key.substr(prefix_.size()), each.child("Size").text().as_ullong()});
  }
  for (const pugi::xml_node each : list.children("CommonPrefixes")) {
    std::string key = each.child("Prefix").text().get();
    if (key.ends_with('/')) key.pop_back();
    out.folders.push_back(key.substr(key.rfind('/') + 1));
  }
  if (!list.child("IsTruncated").text().as_bool()) return std::string();
  std::string next = list.child("NextContinuationToken").text().get();
  if (next.empty() || next == continuation) {
    return cli::fail("the list of objects does not go on", name_);
  }
  return next;
}

cli::Result<S3Store::Listing> S3Store::list_all(const std::string& prefix,
                                                const std::string& delimiter) {
  Listing out;
  std::string continuation;
  do {
    auto next = list_page(prefix, delimiter, continuation, out);
    if (!next) return tl::make_unexpected(next.error());
    continuation = std::move(*next);
  } while (!continuation.empty());
  return out;
}

cli::Result<std::vector<StoredObject>> S3Store::list(const std::string& prefix) {
  auto listing = list_all(prefix, "");
  if (!listing) return tl::make_unexpected(listing.error());
  std::ranges::sort(listing->objects, {}, &StoredObject::key);
  return std::move(listing->objects);
}

cli::Result<std::vector<std::string>> S3Store::folders(const std::string& prefix) {
  auto listing = list_all(prefix, "/");
  if (!listing) return tl::make_unexpected(listing.error());
  std::ranges::sort(listing->folders);
  return std::move(listing->folders);
}

cli::Result<std::string> S3Store::read(const std::string& key, std::uint64_t from,
                                       std::size_t bytes) {
  if (bytes == 0) return std::string();
  auto answer = get("/" + url_path(prefix_ + key),
                    std::to_string(from) + "-" + std::to_string(from + bytes - 1), bytes);
  if (!answer) return tl::make_unexpected(answer.error());
  const std::string where = name_ + "/" + key;
  if (answer->status != kPartialContent && answer->status != kOk) return refusal(*answer, where);
  if (answer->body.size() != bytes) {
    return cli::fail("the object is shorter than it was listed", where);
  }
  return std::move(answer->body);
}

}  // namespace ks::target
