#include "lib/target/object_store.h"

#include "lib/cli/environment.h"
#include "lib/cli/redact.h"
#include "lib/target/folder_store.h"
#include "lib/target/s3_store.h"

namespace ks::target {
namespace {

constexpr std::string_view kScheme = "s3://";

std::string without_slashes_behind(std::string text) {
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  return text;
}

}  // namespace

S3Access s3_access(const std::map<std::string, std::string>& profile) {
  S3Access out;
  const auto take = [&](const char* variable, const char* key, std::string& setting) {
    const std::string value = cli::environment(variable);
    const auto found = profile.find(key);
    if (!value.empty()) {
      setting = value;
    } else if (found != profile.end()) {
      setting = found->second;
    }
  };
  take("AWS_ENDPOINT_URL", "endpoint", out.endpoint);
  take("AWS_REGION", "region", out.region);
  take("AWS_ACCESS_KEY_ID", "access_key", out.access_key);
  take("AWS_SECRET_ACCESS_KEY", "secret_key", out.secret_key);
  take("AWS_SESSION_TOKEN", "session_token", out.session_token);
  for (const std::string& secret : {out.access_key, out.secret_key, out.session_token}) {
    if (!secret.empty()) cli::add_secret(secret);
  }
  return out;
}

cli::Result<std::unique_ptr<ObjectStore>> open_object_store(const std::string& location,
                                                            const S3Access& access) {
  if (!location.starts_with(kScheme)) {
    if (location.find("://") != std::string::npos) {
      return cli::fail("not a folder or s3://BUCKET/PREFIX", location);
    }
    return std::make_unique<FolderStore>(without_slashes_behind(location));
  }
  const std::string path = without_slashes_behind(location.substr(kScheme.size()));
  const std::string bucket = path.substr(0, path.find('/'));
  if (bucket.empty()) return cli::fail("no bucket", location, "write it like s3://BUCKET/PREFIX");
  if (access.access_key.empty() || access.secret_key.empty()) {
    return cli::fail("no credentials for the object store", location,
                     "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or store.access_key and "
                     "store.secret_key in the profile");
  }
  std::string prefix = path.substr(bucket.size());
  if (prefix.starts_with('/')) prefix.erase(0, 1);
  if (!prefix.empty()) prefix += '/';
  return std::make_unique<S3Store>(bucket, prefix, access);
}

}  // namespace ks::target
