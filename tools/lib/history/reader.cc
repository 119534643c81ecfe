#include "lib/history/reader.h"

#include <sys/resource.h>

#include <algorithm>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "lib/cli/crc32c.h"
#include "lib/cli/file.h"
#include "lib/history/codec.h"
#include "lib/history/format.h"

namespace ks::history {

// A file that is being read, event by event.
class Folder::Cursor {
 public:
  explicit Cursor(FileSummary& summary) : summary_(summary), in_(summary.path, std::ios::binary) {}

  // Reads what is in front of the events; false at damage.
  bool open() {
    if (!in_) return damage("cannot read history");
    if (!read_header()) return false;
    if (!next_frame()) return !summary_.problem && damage("history without a head");
    return type_ == kHeadFrame ? read_head() : damage("frame out of place");
  }

  // Goes to the first or next event; false at the end, and at damage.
  bool advance(Names& names) {
    if (summary_.problem) return false;
    while (!decoder_.next()) {
      if (decoder_.damage()) damage(decoder_.damage()->message());
      if (summary_.problem || !next_block(names)) return false;
    }
    ++summary_.events;
    return true;
  }

  const Event& event() const { return decoder_.event(); }
  const std::string& boot() const { return boot_; }
  std::int64_t wall_minus_monotonic() const { return wall_minus_monotonic_; }
  void set_wall_minus_monotonic(std::int64_t difference) { wall_minus_monotonic_ = difference; }

 private:
  // Always false, for the caller to return.
  bool damage(const std::string& what) {
    summary_.problem = {what, summary_.path.string() + " at offset " + std::to_string(at_),
                        "what comes before is used"};
    return false;
  }

  bool read_bytes(char* out, std::size_t size) {
    return static_cast<bool>(in_.read(out, static_cast<std::streamsize>(size)));
  }

  bool read_header() {
    char start[kFileHeaderBytes];
    std::uint16_t version = 0;
    if (!read_bytes(start, sizeof start) ||
        std::memcmp(start, kFileMagic, sizeof kFileMagic) != 0) {
      return damage("not a history file");
    }
    std::memcpy(&version, start + sizeof kFileMagic, sizeof version);
    if (version != kFormatVersion) {
      return damage("history of format version " + std::to_string(version) + ", this reads 1");
    }
    next_at_ = kFileHeaderBytes;
    return true;
  }

  // False: the file ends here, or in damage.
  bool next_frame() {
    at_ = next_at_;
    if (in_.peek() == std::ifstream::traits_type::eof()) return false;
    char header[kFrameHeaderBytes];
    if (!read_bytes(header, sizeof header)) return damage("history ends within a frame");
    std::uint32_t length = 0;
    std::uint32_t crc = 0;
    std::memcpy(&length, header, sizeof length);
    std::memcpy(&crc, header + sizeof length, sizeof crc);
    type_ = static_cast<std::uint8_t>(header[kFrameHeaderBytes - 1]);
    if (length > kMostFrameBytes) return damage("absurd frame length " + std::to_string(length));
    payload_.resize(length);
    if (!read_bytes(payload_.data(), length)) return damage("history ends within a frame");
    const std::uint32_t type_crc = cli::crc32c({&header[kFrameHeaderBytes - 1], 1});
    if (cli::crc32c(payload_, type_crc) != crc) return damage("wrong CRC");
    next_at_ = at_ + kFrameHeaderBytes + length;
    return true;
  }

  bool next_block(Names& names) {
    while (next_frame()) {
      if (type_ == kBlockFrame) {
        decoder_ = BlockDecoder(payload_, names, wall_minus_monotonic_);
        return true;
      }
      if (type_ != kEndFrame) {
        return damage(type_ == kHeadFrame ? "frame out of place"
                                          : "unknown frame type " + std::to_string(type_));
      }
      summary_.closed = true;
    }
    return false;
  }

  bool read_head() {
    try {
      const auto json = nlohmann::json::parse(payload_);
      summary_.head = {json.at("run_id"),
                       json.at("tool"),
                       json.at("client"),
                       json.at("in_order"),
                       json.at("retries_may_duplicate"),
                       json.value("acks", summary_.head.acks)};
      summary_.host = json.at("host");
      boot_ = summary_.host + "/" + json.at("boot_id").get<std::string>();
      const auto& anchor = json.at("anchor");
      wall_minus_monotonic_ =
          anchor.at("wall_ns").get<std::int64_t>() - anchor.at("monotonic_ns").get<std::int64_t>();
      return true;
    } catch (const nlohmann::json::exception& error) {
      return damage(std::string("malformed head: ") + error.what());
    }
  }

  FileSummary& summary_;
  std::ifstream in_;
  std::size_t at_ = 0;       // of the frame
  std::size_t next_at_ = 0;  // of the one after it
  std::uint8_t type_ = 0;
  std::string payload_;
  BlockDecoder decoder_;  // of payload_
  std::string boot_;
  std::int64_t wall_minus_monotonic_ = 0;
};

Folder::Folder() = default;
Folder::Folder(Folder&&) noexcept = default;
Folder& Folder::operator=(Folder&&) noexcept = default;
Folder::~Folder() = default;

namespace {

// Each file stays open while all are read together: a fleet's folder has more of them than a shell
// lets a process have by default.
void allow_files(std::size_t count) {
  constexpr rlim_t kOthers = 64;
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= count + kOthers) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, count + kOthers);
  static_cast<void>(::setrlimit(RLIMIT_NOFILE, &limit));  // a file that cannot be opened is told
}

}  // namespace

cli::Result<Folder> Folder::open(const std::filesystem::path& path) {
  Folder folder;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.path().extension() != kFileSuffix) continue;
    folder.files_.emplace_back().path = entry.path();
  }
  if (error) return cli::fail("cannot read the history folder", path.string(), error.message());
  std::ranges::sort(folder.files_, {}, &FileSummary::path);
  allow_files(folder.files_.size());
  struct Clock {
    std::size_t number;
    std::int64_t wall_minus_monotonic;
  };
  std::map<std::string, Clock> clocks;  // by boot
  for (FileSummary& file : folder.files_) {
    file.number = folder.cursors_.size();
    Cursor& cursor = *folder.cursors_.emplace_back(std::make_unique<Cursor>(file));
    cursor.open();
    // One anchor for all of a boot: their monotonic times are exact to each other.
    const Clock next{clocks.size(), cursor.wall_minus_monotonic()};
    const Clock& clock = clocks.try_emplace(cursor.boot(), next).first->second;
    file.clock = clock.number;
    cursor.set_wall_minus_monotonic(clock.wall_minus_monotonic);
  }
  return folder;
}

namespace {

struct Next {
  std::int64_t time_ns;
  std::size_t file;
  auto operator<=>(const Next&) const = default;
};

// Puts a heap's first one, which is no longer what it was, where it belongs.
void sift_down(std::vector<Next>& heap) {
  for (std::size_t i = 0;;) {
    std::size_t child = 2 * i + 1;
    if (child >= heap.size()) return;
    if (child + 1 < heap.size() && heap[child + 1] < heap[child]) ++child;
    if (heap[i] < heap[child]) return;
    std::swap(heap[i], heap[child]);
    i = child;
  }
}

}  // namespace

void Folder::read(Names& names, const Visit& visit) {
  std::vector<Next> open;  // those with an event left: a heap, the earliest on top
  for (const FileSummary& file : files_) {
    Cursor& cursor = *cursors_[file.number];
    if (cursor.advance(names)) open.push_back({cursor.event().time_ns, file.number});
  }
  std::ranges::make_heap(open, std::greater());
  while (!open.empty()) {
    Cursor& cursor = *cursors_[open.front().file];
    visit(files_[open.front().file], cursor.event());
    if (cursor.advance(names)) {
      open.front().time_ns = cursor.event().time_ns;
    } else {
      open.front() = open.back();
      open.pop_back();
    }
    sift_down(open);
  }
}

}  // namespace ks::history
