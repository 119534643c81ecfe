#include "lib/cli/file.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <system_error>

#include "lib/cli/output.h"

namespace ks::cli {
namespace {

Result<void> write_whole(const std::string& path, std::string_view content) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (fd < 0) return fail("cannot write", path, system_error(errno));
  int error = 0;
  while (!content.empty() && error == 0) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n >= 0) {
      content.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno != EINTR) {
      error = errno;
    }
  }
  if (::close(fd) != 0 && error == 0) error = errno;
  if (error != 0) return fail("cannot write", path, system_error(error));
  return {};
}

}  // namespace

std::string system_error(int error_number) { return std::generic_category().message(error_number); }

Result<std::string> read_file(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) return fail("cannot read", path.string(), system_error(errno));
  std::string content;
  std::array<char, 65536> buffer;
  ssize_t n = 0;
  do {
    n = ::read(fd, buffer.data(), buffer.size());
    if (n > 0) content.append(buffer.data(), static_cast<std::size_t>(n));
  } while (n > 0 || (n < 0 && errno == EINTR));
  const int error = errno;
  ::close(fd);
  if (n < 0) return fail("cannot read", path.string(), system_error(error));
  return content;
}

Result<void> write_file(const std::filesystem::path& path, std::string_view content) {
  if (path == "-") {
    print(content);
    return flush_output();
  }
  std::error_code ignored;  // the write below tells the reason better
  // A device or pipe is written to, not replaced.
  const bool is_special =
      std::filesystem::exists(path, ignored) && !std::filesystem::is_regular_file(path, ignored);
  if (is_special) return write_whole(path, content);
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path(), ignored);
  const std::string aside = path.string() + ".tmp" + std::to_string(::getpid());
  const Result<void> written = write_whole(aside, content);
  if (written && std::rename(aside.c_str(), path.c_str()) == 0) return {};
  std::string reason = written ? system_error(errno) : written.error().action;
  ::unlink(aside.c_str());
  return fail("cannot write", path.string(), std::move(reason));
}

}  // namespace ks::cli
