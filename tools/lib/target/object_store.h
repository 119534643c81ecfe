#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "lib/cli/error.h"
#include "lib/cli/units.h"

namespace ks::target {

struct StoredObject {
  std::string key;
  std::uint64_t bytes = 0;
};

// The objects below one place: a folder, or a prefix of an S3 bucket. Keys are relative to it, with
// '/' between their parts. Errors name the object or the place.
class ObjectStore {
 public:
  virtual ~ObjectStore() = default;

  // For people: the folder, or s3://BUCKET/PREFIX.
  virtual const std::string& name() const = 0;

  // The objects whose keys begin with `prefix`, in the order of keys. An empty list where there are
  // none, or no such place.
  virtual cli::Result<std::vector<StoredObject>> list(const std::string& prefix) = 0;

  // The parts of keys that come right behind `prefix`, which is empty or ends with '/', and before
  // another '/'; in order.
  virtual cli::Result<std::vector<std::string>> folders(const std::string& prefix) = 0;

  // `bytes` of an object, from a position on. Fewer are an error.
  virtual cli::Result<std::string> read(const std::string& key, std::uint64_t from,
                                        std::size_t bytes) = 0;
};

// How an S3 server is reached, path style (reports/schema/profile-v1.json, "store").
struct S3Access {
  std::string endpoint;  // http://HOST:PORT; empty: Amazon's of the region
  std::string region = "us-east-1";
  std::string access_key;
  std::string secret_key;
  std::string session_token;                         // of temporary credentials; empty: none
  cli::Duration timeout = std::chrono::seconds(30);  // of one request
};

// `profile` is its "store" section; AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID,
// AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN override it. What is secret is registered
// (cli::add_secret).
S3Access s3_access(const std::map<std::string, std::string>& profile);

// The store at s3://BUCKET[/PREFIX], or in a folder. Nothing is asked of it yet.
cli::Result<std::unique_ptr<ObjectStore>> open_object_store(const std::string& location,
                                                            const S3Access& access);

}  // namespace ks::target
