#include "lib/target/folder_store.h"

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "lib/cli/file.h"

namespace ks::target {

namespace fs = std::filesystem;

cli::Result<std::vector<StoredObject>> FolderStore::list(const std::string& prefix) {
  std::vector<StoredObject> out;
  // Whatever the last part of the prefix is, only its folder can hold such objects.
  const fs::path folder = root_ / prefix.substr(0, prefix.rfind('/') + 1);
  std::error_code error;
  fs::recursive_directory_iterator at(folder, error);
  for (; !error && at != fs::recursive_directory_iterator(); at.increment(error)) {
    if (!at->is_regular_file(error)) continue;
    const std::string key = at->path().lexically_relative(root_).generic_string();
    const std::uint64_t bytes = at->file_size(error);
    if (key.starts_with(prefix)) out.push_back({key, bytes});
  }
  if (error && error != std::errc::no_such_file_or_directory) {
    return cli::fail("cannot list the folder", folder.string(), error.message());
  }
  std::ranges::sort(out, {}, &StoredObject::key);
  return out;
}

cli::Result<std::vector<std::string>> FolderStore::folders(const std::string& prefix) {
  std::vector<std::string> out;
  std::error_code error;
  fs::directory_iterator at(root_ / prefix, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error)) {
    if (at->is_directory(error)) out.push_back(at->path().filename().string());
  }
  if (error) {
    return cli::fail("cannot list the folder", (root_ / prefix).string(), error.message());
  }
  std::ranges::sort(out);
  return out;
}

cli::Result<std::string> FolderStore::read(const std::string& key, std::uint64_t from,
                                           std::size_t bytes) {
  const fs::path path = root_ / key;
  std::ifstream file(path, std::ios::binary);
  if (!file) return cli::fail("cannot read", path.string(), cli::system_error(errno));
  std::string out(bytes, '\0');
  file.seekg(static_cast<std::streamoff>(from));
  file.read(out.data(), static_cast<std::streamsize>(bytes));
  if (file.gcount() != static_cast<std::streamsize>(bytes)) {
    return cli::fail("the file is shorter than it was listed", path.string());
  }
  return out;
}

}  // namespace ks::target
