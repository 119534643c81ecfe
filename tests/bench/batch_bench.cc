// Prints what a record costs to build and to read, in ns: `cmake --build --preset release --target
// batch_bench`, then build/release/tests/batch_bench. Nothing judges the figures.
#include <algorithm>
#include <cstdio>
#include <limits>
#include <random>
#include <string>

#include "lib/cli/clock.h"
#include "lib/wire/record_batch_builder.h"
#include "lib/wire/record_batch_reader.h"

namespace ks::wire {
namespace {

constexpr int kRecords = 1000;  // in a batch

// The shortest of several rounds, for one record.
template <typename Work>
double ns_per_record(Work work) {
  constexpr int kRounds = 300;
  std::int64_t best = std::numeric_limits<std::int64_t>::max();
  for (int round = 0; round < kRounds; ++round) {
    const std::int64_t begin = cli::monotonic_ns();
    work();
    best = std::min(best, cli::monotonic_ns() - begin);
  }
  return static_cast<double>(best) / kRecords;
}

// Half noise, half the same, so that the codecs have something to do. Every record has another
// part.
std::string noise_and_text(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes;
  while (bytes.size() < size) {
    bytes.push_back(bytes.size() % 64 < 32 ? static_cast<char>(random()) : 'x');
  }
  return bytes;
}

std::size_t read_all(RecordReader& reader, std::string_view batch, bool check_crcs) {
  std::size_t bytes = 0;
  Record record;
  reader.open(batch, check_crcs);
  while (reader.next_batch().value_or(false)) {
    while (reader.next(record).value_or(false)) bytes += record.value->size();
  }
  return bytes;
}

void measure(CompressionType compression, std::size_t value_bytes) {
  constexpr std::size_t kStarts = 1 << 16;
  const std::string source = noise_and_text(kStarts + value_bytes);
  RecordBatchBuilder builder;
  std::string_view batch;
  const double build = ns_per_record([&] {
    builder.clear();
    for (int i = 0; i < kRecords; ++i) {
      const auto start = static_cast<std::size_t>(i) * 997 % kStarts;
      const auto value = std::string_view(source).substr(start, value_bytes);
      builder.append({1700000000000 + i, {}, value, {}});
    }
    batch = builder.finish({.compression = compression}).value_or("");
  });
  RecordReader reader;
  std::size_t bytes = 0;
  const double read = ns_per_record([&] { bytes += read_all(reader, batch, true); });
  const double read_unchecked = ns_per_record([&] { bytes += read_all(reader, batch, false); });
  std::printf("%-8s %8zu %12.1f %12.1f %16.1f %12zu\n", compression_name(compression).c_str(),
              value_bytes, build, read, read_unchecked, batch.size() / kRecords);
  if (bytes == 0) std::puts("nothing was read");  // and the reads are not optimized away
}

}  // namespace
}  // namespace ks::wire

int main() {
  std::printf("%-8s %8s %12s %12s %16s %12s\n", "codec", "value B", "build ns", "read ns",
              "unchecked ns", "bytes");
  for (const std::size_t value_bytes : {100, 1024}) {
    for (const auto compression :
         {ks::wire::CompressionType::kNone, ks::wire::CompressionType::kGzip,
          ks::wire::CompressionType::kSnappy, ks::wire::CompressionType::kLz4,
          ks::wire::CompressionType::kZstd}) {
      ks::wire::measure(compression, value_bytes);
    }
  }
}
