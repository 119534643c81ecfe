#pragma once

#include <algorithm>
#include <map>
#include <string>

#include "lib/target/object_store.h"

namespace ks::store {

// Objects in memory.
class MemoryStore final : public target::ObjectStore {
 public:
  std::map<std::string, std::string> objects;
  std::size_t most_bytes_read = 0;  // by one read

  const std::string& name() const override { return name_; }

  cli::Result<std::vector<target::StoredObject>> list(const std::string& prefix) override {
    std::vector<target::StoredObject> out;
    for (const auto& [key, content] : objects) {
      if (key.starts_with(prefix)) out.push_back({key, content.size()});
    }
    return out;
  }

  cli::Result<std::vector<std::string>> folders(const std::string& prefix) override {
    std::vector<std::string> out;
    for (const auto& [key, content] : objects) {
      const std::size_t slash = key.find('/', prefix.size());
      if (!key.starts_with(prefix) || slash == std::string::npos) continue;
      const std::string folder = key.substr(prefix.size(), slash - prefix.size());
      if (out.empty() || out.back() != folder) out.push_back(folder);
    }
    return out;
  }

  cli::Result<std::string> read(const std::string& key, std::uint64_t from,
                                std::size_t bytes) override {
    most_bytes_read = std::max(most_bytes_read, bytes);
    const std::string& content = objects.at(key);
    if (from + bytes > content.size()) return cli::fail("too short", key);
    return content.substr(from, bytes);
  }

 private:
  std::string name_ = "memory";
};

}  // namespace ks::store
