#include "lib/workload/source.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "lib/cli/file.h"

namespace ks::workload {
namespace {

constexpr std::size_t kReadBytes = 65'536;
constexpr std::size_t kMostLineBytes = 1'000'000'000;  // beyond what Kafka takes

class Lines {
 public:
  Lines(int fd, std::string key_delimiter) : fd_(fd), key_delimiter_(std::move(key_delimiter)) {}

  cli::Result<Given> next(GivenRecord& record, cli::Duration wait) {
    while (!take_line(record)) {
      if (at_end_) return Given::kEnd;
      const auto more = read_more(wait);
      if (!more) return tl::make_unexpected(more.error());
      if (!*more) return Given::kNotYet;
      wait = {};
    }
    return Given::kRecord;
  }

 private:
  bool take_line(GivenRecord& record) {
    std::size_t end = buffer_.find('\n', searched_);
    if (end == std::string::npos) {
      searched_ = buffer_.size();
      if (!at_end_ || taken_ == buffer_.size()) return false;
      end = buffer_.size();
    }
    split(std::string_view(buffer_).substr(taken_, end - taken_), record);
    taken_ = std::min(end + 1, buffer_.size());
    searched_ = taken_;
    return true;
  }

  void split(std::string_view line, GivenRecord& record) const {
    const std::size_t at = key_delimiter_.empty() ? std::string::npos : line.find(key_delimiter_);
    record.key.reset();
    if (at != std::string::npos) {
      record.key = line.substr(0, at);
      line.remove_prefix(at + key_delimiter_.size());
    }
    record.value = line;
  }

  // False: nothing came in that time.
  cli::Result<bool> read_more(cli::Duration wait) {
    pollfd input{fd_, POLLIN, 0};
    const auto wait_ms = static_cast<int>(wait / std::chrono::milliseconds(1));
    // A signal ends the wait, too. What is wrong with the input, read tells better.
    if (::poll(&input, 1, wait_ms) <= 0) return false;
    buffer_.erase(0, taken_);
    searched_ -= taken_;
    taken_ = 0;
    const std::size_t size = buffer_.size();
    buffer_.resize(size + kReadBytes);
    const ssize_t n = ::read(fd_, buffer_.data() + size, kReadBytes);
    const int error = errno;
    buffer_.resize(size + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    at_end_ = n == 0;
    if (n < 0 && error != EINTR && error != EAGAIN) {
      return cli::fail("cannot read", "standard input", cli::system_error(error));
    }
    if (buffer_.size() > kMostLineBytes) {
      return cli::fail("a line is too long", "standard input", "Kafka's limit is below 1 GB");
    }
    return n >= 0;
  }

  int fd_;
  std::string key_delimiter_;
  std::string buffer_;
  std::size_t taken_ = 0;     // what is before was given out
  std::size_t searched_ = 0;  // there is no line break from taken_ up to here
  bool at_end_ = false;
};

}  // namespace

Source lines_of(int fd, std::string key_delimiter) {
  return [lines = Lines(fd, std::move(key_delimiter))](
             GivenRecord& record, cli::Duration wait) mutable { return lines.next(record, wait); };
}

}  // namespace ks::workload
