// What ks-store costs:
//   store_bench write DIR MEGABYTES   a topic of so much in DIR/store, one partition in segments of
//   4 MiB,
//                                     of records of 1 KiB, and the history of who sent them in
//                                     DIR/history
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "lib/history/identity.h"
#include "lib/history/writer.h"
#include "unit/store/segment_maker.h"

namespace ks::store {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kSegmentBytes = 4 << 20;
constexpr std::size_t kBatchRecords = 16;
constexpr std::size_t kRecordBytes = 1024;

void write(const fs::path& path, const std::string& content) {
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) {
    std::fprintf(stderr, "store_bench: cannot write %s\n", path.c_str());
    std::exit(1);
  }
}

// Attempts that were acknowledged, and what they became in the log.
class Topic {
 public:
  explicit Topic(const fs::path& dir) : partition_(dir / "store/bench/0") {
    fs::create_directories(partition_);
    auto writer =
        history::Writer::create(dir / "history", {"bench", "ks-produce", "wire", true, false});
    if (!writer) {
      std::fprintf(stderr, "store_bench: %s\n", writer.error().message().c_str());
      std::exit(1);
    }
    history_ = std::move(*writer);
  }

  void write_segment() {
    SegmentMaker maker{.base_offset = offset_};
    for (std::size_t bytes = 0; bytes < kSegmentBytes; bytes += kBatchRecords * kRecordBytes) {
      maker.batches.push_back(next_batch());
    }
    const auto [segment, index] = maker.make();
    char name[64];
    std::snprintf(name, sizeof name, "segment-%020lld", static_cast<long long>(maker.base_offset));
    write(partition_ / (std::string(name) + ".kfs"), segment);
    write(partition_ / (std::string(name) + ".index"), index);
  }

  void close() { static_cast<void>(history_->close()); }

 private:
  std::vector<std::string> next_batch() {
    std::vector<std::string> values(kBatchRecords, std::string(kRecordBytes, 'x'));
    for (std::string& value : values) {
      const auto sequence = static_cast<std::uint64_t>(offset_);
      history::stamp(value, {history::run_hash("bench"), 0, sequence, 0});
      history::Event event;
      event.time_ns = (offset_ + 1) * 1000;
      event.name = history_->names().id("bench");
      event.partition = 0;
      event.offset = offset_++;
      event.sequence = sequence;
      history_->append(event);
    }
    return values;
  }

  fs::path partition_;
  std::unique_ptr<history::Writer> history_;
  std::int64_t offset_ = 0;
};

}  // namespace
}  // namespace ks::store

int main(int argc, char** argv) {
  if (argc != 4 || std::strcmp(argv[1], "write") != 0) {
    std::fprintf(stderr, "usage: store_bench write DIR MEGABYTES\n");
    return 2;
  }
  ks::store::Topic topic(argv[2]);
  for (long i = std::atol(argv[3]) / 4; i > 0; --i) topic.write_segment();
  topic.close();
  return 0;
}
