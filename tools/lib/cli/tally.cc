#include "lib/cli/tally.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

#include "lib/cli/file.h"

namespace ks::cli {
namespace {

constexpr std::size_t kCounters = 2;
constexpr std::size_t kBytes = kCounters * sizeof(std::uint64_t);

using Counter = std::atomic_ref<std::uint64_t>;
static_assert(Counter::is_always_lock_free, "a lock would not be shared between processes");

}  // namespace

Result<Tally> Tally::open(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (fd < 0) return fail("cannot write", path.string(), system_error(errno));
  // What is there stays: it is as long already.
  void* map = ::ftruncate(fd, kBytes) == 0
                  ? ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0)
                  : MAP_FAILED;
  const int error = errno;
  ::close(fd);
  if (map == MAP_FAILED) return fail("cannot share", path.string(), system_error(error));
  return Tally(static_cast<std::uint64_t*>(map));
}

Tally::~Tally() {
  if (counters_ != nullptr) ::munmap(counters_, kBytes);
}

void Tally::add(std::size_t which) {
  Counter(counters_[which]).fetch_add(1, std::memory_order_relaxed);
}

std::uint64_t Tally::get(std::size_t which) const {
  return Counter(counters_[which]).load(std::memory_order_relaxed);
}

bool Tally::take(std::uint64_t limit) {
  const Counter records(counters_[0]);
  std::uint64_t taken = records.load(std::memory_order_relaxed);
  while (taken < limit) {
    if (records.compare_exchange_weak(taken, taken + 1, std::memory_order_relaxed)) return true;
  }
  return false;
}

}  // namespace ks::cli
