#include "lib/history/writer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <random>

#include "lib/cli/crc32c.h"
#include "lib/cli/file.h"
#include "lib/cli/units.h"
#include "lib/cli/version.h"
#include "lib/history/format.h"

namespace ks::history {
namespace {

constexpr std::int64_t kLongestUnwrittenNs = 500'000'000;

std::string first_line_of(const char* path) {
  const auto text = cli::read_file(path);
  return text ? text->substr(0, text->find('\n')) : "";
}

// Pairs the two clocks: of several tries the one whose two monotonic readings lie closest together.
nlohmann::json anchor() {
  std::int64_t best_error = INT64_MAX;
  std::int64_t monotonic = 0;
  std::int64_t wall = 0;
  for (int i = 0; i < 5; ++i) {
    const std::int64_t before = cli::monotonic_ns();
    const std::int64_t now = cli::wall_ns();
    const std::int64_t after = cli::monotonic_ns();
    if (after - before < best_error) {
      best_error = after - before;
      monotonic = before + (after - before) / 2;
      wall = now;
    }
  }
  return {{"monotonic_ns", monotonic}, {"wall_ns", wall}, {"error_ns", best_error}};
}

std::string head_json(const Head& head) {
  char host[256] = {};
  gethostname(host, sizeof host - 1);
  const nlohmann::json json{{"run_id", head.run_id},
                            {"tool", head.tool},
                            {"tool_version", cli::version()},
                            {"client", head.client},
                            {"in_order", head.in_order},
                            {"retries_may_duplicate", head.retries_may_duplicate},
                            {"acks", head.acks},
                            {"host", host},
                            {"boot_id", first_line_of("/proc/sys/kernel/random/boot_id")},
                            {"pid", getpid()},
                            {"anchor", anchor()}};
  return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string unique_name(const std::string& tool) {
  char random[16];
  std::snprintf(random, sizeof random, "%08x", std::random_device{}());
  return tool + "-" + std::to_string(getpid()) + "-" + random + kFileSuffix;
}

cli::Result<void> make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return cli::fail("cannot make the history folder", folder.string(), error.message());
  return {};
}

}  // namespace

cli::Result<std::unique_ptr<Writer>> Writer::create(const std::filesystem::path& folder,
                                                    const Head& head) {
  if (auto made = make_folder(folder); !made) return tl::make_unexpected(made.error());
  const std::filesystem::path path = folder / unique_name(head.tool);
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0644);
  if (fd < 0) return cli::fail("cannot write history", path.string(), cli::system_error(errno));
  std::unique_ptr<Writer> writer(new Writer(fd, path));
  std::string start(kFileMagic, sizeof kFileMagic);
  start.append(reinterpret_cast<const char*>(&kFormatVersion), sizeof kFormatVersion);
  if (::write(fd, start.data(), start.size()) != static_cast<ssize_t>(start.size())) {
    return cli::fail("cannot write history", path.string(), cli::system_error(errno));
  }
  writer->written_bytes_ = static_cast<std::int64_t>(start.size());
  writer->begin_frame();
  writer->frame_ += head_json(head);
  writer->write_frame(kHeadFrame);
  if (auto ok = writer->state(); !ok) return tl::make_unexpected(ok.error());
  return writer;
}

Writer::~Writer() {
  if (fd_ < 0) return;
  static_cast<void>(flush());  // whoever needs to know has called close
  ::close(fd_);
}

void Writer::append(const Event& event) {
  if (encoder_.empty()) first_unwritten_ns_ = cli::monotonic_ns();
  encoder_.append(event);
  if (encoder_.size() >= kMostUnwritten) static_cast<void>(flush());
}

cli::Result<void> Writer::flush() {
  if (!encoder_.empty()) {
    begin_frame();
    encoder_.take(frame_);
    write_frame(kBlockFrame);
  }
  return state();
}

cli::Result<void> Writer::tick() {
  const bool due =
      !encoder_.empty() && cli::monotonic_ns() - first_unwritten_ns_ >= kLongestUnwrittenNs;
  return due ? flush() : state();
}

cli::Result<void> Writer::close() {
  static_cast<void>(flush());
  begin_frame();
  write_frame(kEndFrame);
  if (::close(fd_) != 0 && error_.empty()) error_ = cli::system_error(errno);
  fd_ = -1;
  return state();
}

// The header is filled in when the payload, which follows it, is whole.
void Writer::begin_frame() { frame_.assign(kFrameHeaderBytes, '\0'); }

void Writer::write_frame(std::uint8_t type) {
  if (!error_.empty()) return;
  constexpr std::size_t kTypeAt = kFrameHeaderBytes - 1;
  frame_[kTypeAt] = static_cast<char>(type);
  const auto length = static_cast<std::uint32_t>(frame_.size() - kFrameHeaderBytes);
  const std::uint32_t crc = cli::crc32c(std::string_view(frame_).substr(kTypeAt));
  std::memcpy(frame_.data(), &length, sizeof length);
  std::memcpy(frame_.data() + sizeof length, &crc, sizeof crc);
  for (std::size_t done = 0; done < frame_.size();) {
    const ssize_t n = ::write(fd_, frame_.data() + done, frame_.size() - done);
    if (n >= 0) {
      done += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      error_ = cli::system_error(errno);
      // What was recorded before stays valid: no half frame at the end.
      if (::ftruncate(fd_, written_bytes_) != 0) error_ += ", and the file ends in a half frame";
      return;
    }
  }
  written_bytes_ += static_cast<std::int64_t>(frame_.size());
}

cli::Result<void> Writer::state() const {
  if (error_.empty()) return {};
  return cli::fail("cannot write history", path_.string(), error_);
}

cli::Result<std::uint16_t> claim_producers(const std::filesystem::path& folder,
                                           std::uint32_t count) {
  constexpr std::uint64_t kMostProducers = 1 << 16;
  if (auto made = make_folder(folder); !made) return tl::make_unexpected(made.error());
  const std::string path = folder / "producers";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return cli::fail("cannot write history", path, cli::system_error(errno));
  ::flock(fd, LOCK_EX);  // released by close
  std::array<char, 32> text{};
  const ssize_t size = ::pread(fd, text.data(), text.size(), 0);
  const std::string_view digits(text.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  const auto used = digits.empty() ? cli::Result<std::uint64_t>(0) : cli::parse_count(digits);
  const std::string next = used ? std::to_string(*used + count) : "";
  const bool fits = used && *used + count <= kMostProducers;
  const bool written =
      fits && ::pwrite(fd, next.data(), next.size(), 0) == static_cast<ssize_t>(next.size());
  const int error = errno;
  ::close(fd);
  if (!used) return cli::fail("not a count of producers", path, "use a new history folder");
  if (!fits) return cli::fail("more than 65536 producers", path, "use a new history folder");
  if (!written) return cli::fail("cannot write history", path, cli::system_error(error));
  return static_cast<std::uint16_t>(*used);
}

}  // namespace ks::history
