#pragma once

#include <filesystem>

#include "lib/target/object_store.h"

namespace ks::target {

// A copy of a bucket in a folder.
class FolderStore final : public ObjectStore {
 public:
  explicit FolderStore(std::string folder) : name_(std::move(folder)), root_(name_) {}

  const std::string& name() const override { return name_; }
  cli::Result<std::vector<StoredObject>> list(const std::string& prefix) override;
  cli::Result<std::vector<std::string>> folders(const std::string& prefix) override;
  cli::Result<std::string> read(const std::string& key, std::uint64_t from,
                                std::size_t bytes) override;

 private:
  std::string name_;
  std::filesystem::path root_;
};

}  // namespace ks::target
