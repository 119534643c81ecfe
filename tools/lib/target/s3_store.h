#pragma once

#include "lib/target/http.h"
#include "lib/target/object_store.h"

namespace ks::target {

// A bucket of an S3 server: ListObjectsV2 and GetObject of its REST API, path style.
class S3Store final : public ObjectStore {
 public:
  // `prefix` is empty, or a part of keys that ends with '/'.
  S3Store(std::string bucket, std::string prefix, S3Access access);

  const std::string& name() const override { return name_; }
  cli::Result<std::vector<StoredObject>> list(const std::string& prefix) override;
  cli::Result<std::vector<std::string>> folders(const std::string& prefix) override;
  cli::Result<std::string> read(const std::string& key, std::uint64_t from,
                                std::size_t bytes) override;

 private:
  struct Listing {
    std::vector<StoredObject> objects;
    std::vector<std::string> folders;
  };
  cli::Result<std::string> list_page(const std::string& prefix, const std::string& delimiter,
                                     const std::string& continuation, Listing& out);
  cli::Result<Listing> list_all(const std::string& prefix, const std::string& delimiter);
  cli::Result<HttpAnswer> get(const std::string& path_and_query, const std::string& range,
                              std::size_t most_bytes);

  std::string bucket_;
  std::string prefix_;
  S3Access access_;
  std::string name_;
  HttpClient http_;
};

}  // namespace ks::target
