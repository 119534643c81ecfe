// What other programs wrote: see tests/fixtures/batches/README.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "lib/cli/file.h"
#include "owned_records.h"

namespace ks::wire {
namespace {

namespace fs = std::filesystem;

const fs::path kBatches = KS_FIXTURES "/batches";
const fs::path kKafScale = KS_FIXTURES "/kafscale-1.6.0";

std::string file(const fs::path& path) {
  auto content = cli::read_file(path);
  EXPECT_TRUE(content) << content.error().message();
  return content.value_or("");
}

// The six records of every client and codec. Before magic 2 there were no headers, and in magic 0
// no timestamps.
std::vector<OwnedRecord> six_records(int magic, std::int64_t base_offset) {
  constexpr std::int64_t kTime = 1700000000000;
  constexpr std::int64_t kYear = 31'536'000'000;
  std::string big;
  for (int i = 0; i < 60; ++i) big += "abcdefghij";
  std::vector<OwnedRecord> records{
      {0, kTime, "key-0", "value-0", {}},
      {0, kTime - 1000, std::nullopt, "no key", {}},
      {0, kTime + 1, "", "", {}},
      {0, kTime + 2, "tombstone", std::nullopt, {}},
      {0, kTime + 3, std::nullopt, std::nullopt, {{"h1", "one"}, {"h1", std::nullopt}, {"", ""}}},
      {0, kTime + kYear, "big", big, {}},
  };
  for (OwnedRecord& record : records) {
    record.offset = base_offset++;
    if (magic < 2) record.headers.clear();
    if (magic == 0) record.timestamp_ms = kNoTimestamp;
  }
  return records;
}

struct Written {
  int magic;
  std::string client;
  std::string codec;
  std::string name() const {
    return "v" + std::to_string(magic) + "-" + client + "-" + codec + ".bin";
  }
};

std::vector<Written> all_written() {
  std::vector<Written> all;
  for (const int magic : {0, 1, 2}) {
    for (const char* client : {"java", "librdkafka"}) {
      for (const char* codec : {"none", "gzip", "snappy", "lz4"}) {
        all.push_back({magic, client, codec});
      }
    }
  }
  all.push_back({2, "java", "zstd"});
  all.push_back({2, "librdkafka", "zstd"});
  return all;
}

TEST(RealBatches, OfBothClientsAreReadInEveryCodec) {
  RecordReader reader;
  for (const Written& written : all_written()) {
    const ReadBack back = read_back(reader, file(kBatches / written.name()));
    EXPECT_EQ(back.error, "") << written.name();
    const bool is_java_set = written.magic < 2 && written.client == "java";
    EXPECT_EQ(back.records, six_records(written.magic, is_java_set ? 100 : 0)) << written.name();
    for (const RecordBatch& batch : back.batches) {
      EXPECT_EQ(batch.magic, written.magic) << written.name();
      EXPECT_EQ(compression_name(batch.compression), written.codec);
    }
  }
}

TEST(RealBatches, ABrokersAppendTimeIsEveryRecords) {
  const ReadBack back = read_back(file(kBatches / "v2-java-log-append-time.bin"));
  EXPECT_EQ(back.error, "");
  ASSERT_EQ(back.batches.size(), 1u);
  EXPECT_EQ(back.batches[0].timestamp_type, TimestampType::kLogAppendTime);
  EXPECT_EQ(back.batches[0].base_timestamp_ms, 1700000000000) << "still the producer's";
  ASSERT_EQ(back.records.size(), 6u);
  for (const OwnedRecord& record : back.records) EXPECT_EQ(record.timestamp_ms, 1795271852817);
}

TEST(RealBatches, TransactionsEndWithAControlBatch) {
  const std::string bytes = file(kBatches / "v2-java-transactions.bin");
  RecordReader reader;
  reader.open(bytes);
  std::vector<std::string> seen;
  while (*reader.next_batch()) {
    EXPECT_TRUE(reader.batch().transactional);
    EXPECT_EQ(reader.batch().producer_id, 1);
    Record record;
    while (*reader.next(record)) {
      if (reader.batch().control) {
        const auto control = decode_control(record);
        ASSERT_TRUE(control);
        EXPECT_EQ(control->version, 0);
        seen.emplace_back(control->type == ControlType::kCommit ? "commit" : "abort");
      } else {
        seen.emplace_back(*record.value);
      }
    }
  }
  EXPECT_EQ(seen, (std::vector<std::string>{"committed", "commit", "aborted", "abort"}));
}

TEST(RealBatches, KafScalesSegmentsHoldWhatWasAcknowledged) {
  constexpr std::size_t kHeaderBytes = 32;
  constexpr std::size_t kFooterBytes = 16;
  std::vector<fs::path> segments;
  for (const auto& entry : fs::recursive_directory_iterator(kKafScale / "s3")) {
    if (entry.path().extension() == ".kfs") segments.push_back(entry.path());
  }
  std::sort(segments.begin(), segments.end());  // by base offset
  std::vector<std::pair<std::int64_t, std::string>> stored;
  for (const fs::path& segment : segments) {
    const std::string bytes = file(segment);
    ASSERT_GT(bytes.size(), kHeaderBytes + kFooterBytes);
    const ReadBack back = read_back(
        std::string_view(bytes).substr(kHeaderBytes, bytes.size() - kHeaderBytes - kFooterBytes));
    EXPECT_EQ(back.error, "") << segment;
    EXPECT_FALSE(back.truncated) << segment;
    for (const OwnedRecord& record : back.records) {
      stored.emplace_back(record.offset, record.value.value_or(""));
    }
  }
  std::vector<std::pair<std::int64_t, std::string>> acknowledged;
  std::ifstream in(kKafScale / "acked.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto entry = nlohmann::json::parse(line);
    acknowledged.emplace_back(entry.at("offset"), entry.at("value"));
  }
  EXPECT_FALSE(acknowledged.empty());
  EXPECT_EQ(stored, acknowledged);
}

std::string from_hex(const std::string& hex) {
  std::string bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2) {
    bytes.push_back(static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16)));
  }
  return bytes;
}

// The records of the first partition in a Fetch response of version 12 or 13, from its correlation
// id on; empty where it has no partition.
std::string_view fetched_records(ByteReader in, int version) {
  constexpr std::size_t kBeforeTopics = 4 + 1 + 4 + 2 + 4;
  constexpr std::size_t kTopicIdBytes = 16;
  constexpr std::size_t kBeforeAborted = 4 + 2 + 8 + 8 + 8;
  const auto compact_bytes = [&in] { return in.bytes(std::max(in.unsigned_varint(), 1u) - 1); };
  in.bytes(kBeforeTopics);
  if (in.unsigned_varint() < 2) return {};
  if (version >= 13) {
    in.bytes(kTopicIdBytes);
  } else {
    compact_bytes();
  }
  if (in.unsigned_varint() < 2) return {};
  in.bytes(kBeforeAborted);
  EXPECT_LT(in.unsigned_varint(), 2u) << "no transactions in KafScale";
  in.integer<std::int32_t>("preferred read replica");
  return compact_bytes();
}

TEST(RealBatches, KafScalesFetchResponsesAreRead) {
  std::vector<std::string> values;
  std::ifstream in(kKafScale / "exchanges.jsonl");
  for (std::string line; std::getline(in, line);) {
    const auto exchange = nlohmann::json::parse(line);
    if (exchange.at("api") != "Fetch") continue;
    const std::string response = from_hex(exchange.at("response_hex"));
    const ReadBack back =
        read_back(fetched_records(ByteReader(response), exchange.at("api_version")));
    EXPECT_EQ(back.error, "");
    for (const OwnedRecord& record : back.records) values.push_back(record.value.value_or(""));
  }
  // kafka-python's v0 to v99, a partition's share of librdkafka's, and the Java client's 0 to 99.
  ASSERT_EQ(values.size(), 233u);
  for (std::size_t i = 0; i < 100; ++i) {
    EXPECT_EQ(values[i], "v" + std::to_string(i));
    EXPECT_EQ(values[133 + i], std::to_string(i));
  }
}

}  // namespace
}  // namespace ks::wire
