#include "lib/store/topic.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "memory_store.h"
#include "segment_maker.h"

namespace ks::store {
namespace {

constexpr const char* kFirst = "orders/0/segment-00000000000000000000";
constexpr const char* kSecond = "orders/0/segment-00000000000000000004";

class Collector final : public RecordSink {
 public:
  void on_segment(std::int64_t base_offset) override { segments.push_back(base_offset); }
  void on_record(const wire::Record& record) override {
    records.push_back(std::to_string(record.offset) + "=" + std::string(record.value.value_or("")));
  }
  void on_unreadable(std::int64_t first_offset, std::int64_t last_offset) override {
    records.push_back(std::to_string(first_offset) + "-" + std::to_string(last_offset) + "?");
  }

  std::vector<std::int64_t> segments;
  std::vector<std::string> records;
};

// Two segments: offsets 0 to 3 in two batches, then 4 and 5.
class StoredTopicTest : public testing::Test {
 protected:
  StoredTopicTest() {
    put(kFirst, {.base_offset = 0, .batches = {{"a", "b"}, {"c", "d"}}, .interval = 2});
    put(kSecond, {.base_offset = 4, .batches = {{"e", "f"}}});
  }

  void put(const std::string& name, const SegmentMaker& maker) {
    std::tie(store_.objects[name + ".kfs"], store_.objects[name + ".index"]) = maker.make();
  }
  std::string& segment(const char* name) { return store_.objects[std::string(name) + ".kfs"]; }
  std::string& index(const char* name) { return store_.objects[std::string(name) + ".index"]; }

  // Damage, as its anomalies say it.
  std::vector<std::string> read() {
    Damages damages;
    auto topic = StoredTopic::find(store_, "orders", damages);
    EXPECT_TRUE(topic);
    for (const std::int32_t partition : topic->partitions()) {
      const auto stored = topic->read(partition, damages, sink_);
      EXPECT_TRUE(stored) << stored.error().message();
      stored_ = *stored;
    }
    report::Result result;
    damages.put(result);
    std::vector<std::string> out;
    for (const report::Anomaly& each : result.anomalies) {
      out.push_back(each.type + ": " + each.examples.front());
    }
    EXPECT_EQ(result.status, out.empty() ? report::Status::kPass : report::Status::kFail);
    return out;
  }

  MemoryStore store_;
  Collector sink_;
  StoredPartition stored_;
};

using Words = std::vector<std::string>;

TEST_F(StoredTopicTest, WhatIsWholeIsReadInOrder) {
  EXPECT_EQ(read(), Words{});
  EXPECT_EQ(sink_.records, (Words{"0=a", "1=b", "2=c", "3=d", "4=e", "5=f"}));
  EXPECT_EQ(sink_.segments, (std::vector<std::int64_t>{0, 4}));
  EXPECT_EQ(stored_.segments, 2u);
  EXPECT_EQ(stored_.records, 6u);
  EXPECT_EQ(stored_.end_offset, 6);
  EXPECT_EQ(stored_.base_offsets, (std::vector<std::int64_t>{0, 4}));
}

TEST_F(StoredTopicTest, OfALongSegmentOnlySomeIsInMemory) {
  std::vector<std::vector<std::string>> batches(40, {std::string(1 << 20, 'x')});
  put("orders/0/segment-00000000000000000006", {.base_offset = 6, .batches = batches});
  EXPECT_EQ(read(), Words{});
  EXPECT_EQ(stored_.end_offset, 46);
  EXPECT_LE(store_.most_bytes_read, 8u << 20);
}

TEST_F(StoredTopicTest, AMissingSegmentIsNamedByItsOffsets) {
  store_.objects.erase(std::string(kFirst) + ".kfs");
  EXPECT_EQ(read(), Words{"missing-segment: orders[0]: none has offsets 0 to 3"});
}

TEST_F(StoredTopicTest, AMissingLastSegmentIsNamedByItsIndex) {
  store_.objects.erase(std::string(kSecond) + ".kfs");
  EXPECT_EQ(read(), Words{"missing-segment: that of " + std::string(kSecond) + ".index"});
}

TEST_F(StoredTopicTest, ASegmentWithoutAnIndex) {
  store_.objects.erase(std::string(kSecond) + ".index");
  EXPECT_EQ(read(), Words{"missing-index: of " + std::string(kSecond) + ".kfs"});
}

TEST_F(StoredTopicTest, SwappedSegments) {
  std::swap(segment(kFirst), segment(kSecond));
  std::swap(index(kFirst), index(kSecond));
  EXPECT_EQ(read(),
            Words{"swapped-segment: " + std::string(kFirst) + ".kfs holds that of offset 4"});
}

TEST_F(StoredTopicTest, SegmentsThatOverlap) {
  put("orders/0/segment-00000000000000000005", {.base_offset = 5, .batches = {{"f", "g"}}});
  EXPECT_EQ(read(), Words{"overlap: orders[0]: two have offsets 5 to 5"});
}

TEST_F(StoredTopicTest, ForeignObjectsAreNamed) {
  store_.objects["orders/0/segment-4.kfs"] = "x";
  EXPECT_EQ(read(), Words{"foreign-object: orders/0/segment-4.kfs"});
  store_.objects.erase("orders/0/segment-4.kfs");
  store_.objects["orders/old/x"] = "x";
  EXPECT_EQ(read(), Words{"foreign-object: orders/old/"});
}

TEST_F(StoredTopicTest, EveryTruncationIsNamed) {
  const std::string whole = segment(kFirst);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    segment(kFirst) = whole.substr(0, size);
    const Words damages = read();
    ASSERT_FALSE(damages.empty()) << size;
    const bool is_named = std::ranges::any_of(
        damages, [](const std::string& each) { return each.starts_with("truncated-segment: "); });
    EXPECT_TRUE(is_named) << size << " " << damages.front();
  }
}

TEST_F(StoredTopicTest, EveryFlippedByteIsNoticed) {
  for (const char* name : {kFirst, kSecond}) {
    for (const char* suffix : {".kfs", ".index"}) {
      std::string& object = store_.objects[std::string(name) + suffix];
      for (std::size_t at = 0; at < object.size(); ++at) {
        // The flags, the time and what is reserved say nothing about the records.
        const bool is_free = suffix == std::string(".kfs")
                                 ? (at >= 6 && at < 8) || (at >= 20 && at < 32)
                                 : (at >= 10 && at < 16);
        object[at] ^= 0x10;
        EXPECT_EQ(read().empty(), is_free) << name << suffix << " " << at;
        object[at] ^= 0x10;
      }
    }
  }
}

TEST_F(StoredTopicTest, ABadBatchHidesOnlyItsOwnRecords) {
  segment(kFirst)[32 + 70] ^= 1;
  EXPECT_EQ(read(), Words{"bad-crc: " + std::string(kFirst) + ".kfs: the batch at position 32"});
  EXPECT_EQ(sink_.records, (Words{"0-1?", "2=c", "3=d", "4=e", "5=f"}));
}

TEST_F(StoredTopicTest, WhatHeaderAndFooterPromiseIsCounted) {
  SegmentMaker maker{.base_offset = 4, .batches = {{"e", "f"}}};
  auto& bytes = segment(kSecond);
  bytes[19] = 3;  // the count's last byte
  EXPECT_EQ(read(), Words{"bad-count: " + std::string(kSecond) +
                          ".kfs says that it has 3 records, and has 2"});
  bytes = maker.make().first;
  bytes[bytes.size() - 5] = 9;  // the last offset's
  EXPECT_EQ(read(), Words{"bad-footer: " + std::string(kSecond) +
                          ".kfs says that it ends at offset 9, and does at 5"});
}

TEST_F(StoredTopicTest, AnIndexOfAnotherSegment) {
  index(kSecond) = index(kFirst);
  EXPECT_EQ(read(), Words{"bad-index: of " + std::string(kSecond) +
                          ".kfs: offset 0 is not at position 32"});
}

TEST_F(StoredTopicTest, AHugeLengthAllocatesNothing) {
  segment(kFirst)[32 + 8] = 0x7f;
  EXPECT_EQ(read(), Words{"bad-batch: " + std::string(kFirst) +
                          ".kfs: the length of the batch at position 32 is impossible"});
  EXPECT_LE(store_.most_bytes_read, 1024u);
}

TEST_F(StoredTopicTest, APlaceThatIsNoNamespaceIsAnError) {
  MemoryStore above;
  above.objects["default/orders/0/segment-00000000000000000000.kfs"] = "x";
  Damages damages;
  const auto topic = StoredTopic::find(above, "orders", damages);
  ASSERT_FALSE(topic);
  EXPECT_EQ(topic.error().message(),
            "no topic: memory; give the folder of a KafScale namespace, where the topics are; here "
            "is: default");
  // Where other topics are, this one is missing: that is for the comparison to tell.
  const auto other = StoredTopic::find(store_, "payments", damages);
  ASSERT_TRUE(other);
  EXPECT_TRUE(other->partitions().empty());
}

}  // namespace
}  // namespace ks::store
