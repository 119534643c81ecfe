#include <gtest/gtest.h>
#include <sys/resource.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"
#include "lib/history/codec.h"
#include "lib/history/format.h"
#include "lib/history/reader.h"
#include "lib/history/writer.h"

namespace ks::history {
namespace {

namespace fs = std::filesystem;

class HistoryTest : public test::ScratchFolder {
 protected:
  // A closed file of `count` sends; its path.
  fs::path write_sends(int count) {
    auto writer = Writer::create(dir_, {"run", "ks-test", "librdkafka", true, false});
    EXPECT_TRUE(writer);
    const std::uint32_t topic = (*writer)->names().id("orders");
    for (int i = 0; i < count; ++i) {
      Event event;
      event.kind = Kind::kSend;
      event.time_ns = 1000 + i;
      event.name = topic;
      event.partition = i % 3;
      event.sequence = static_cast<std::uint64_t>(i);
      event.offset = i / 3;
      (*writer)->append(event);
    }
    EXPECT_TRUE((*writer)->close());
    return (*writer)->path();
  }

  struct Read {
    std::vector<FileSummary> files;
    std::vector<Event> events;
    Names names;
  };
  Read read() {
    Read out;
    auto folder = Folder::open(dir_);
    EXPECT_TRUE(folder);
    folder->read(out.names, [&](const auto&, const Event& e) { out.events.push_back(e); });
    out.files = folder->files();
    return out;
  }
};

Event random_event(std::mt19937_64& random, std::uint32_t names) {
  const auto any = [&] { return random() >> random() % 64; };
  Event e;
  e.kind = static_cast<Kind>(1 + random() % kLastKind);
  e.outcome = static_cast<Outcome>(random() % 3);
  e.integrity = static_cast<std::uint8_t>(random() % 3);
  e.time_ns = static_cast<std::int64_t>(any());
  e.invoke_ns = static_cast<std::int64_t>(any());
  e.actor = static_cast<std::uint32_t>(any());
  e.name = static_cast<std::uint32_t>(random() % names);
  e.group = static_cast<std::uint32_t>(random() % names);
  e.partition = static_cast<std::int32_t>(any());
  e.offset = static_cast<std::int64_t>(any());
  e.run = any();
  e.producer = static_cast<std::uint16_t>(any());
  e.sequence = any();
  e.count = any();
  e.error_code = static_cast<std::int32_t>(any());
  return e;
}

std::string block_of(BlockEncoder& encoder) {
  std::string block;
  encoder.take(block);
  return block;
}

TEST(HistoryCodec, AnyEventsRoundTrip) {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    std::mt19937_64 random(seed);
    Names names;
    for (int i = 0; i < 10; ++i) names.id("name-" + std::to_string(i));
    BlockEncoder encoder(names);
    std::vector<Event> events;
    for (int i = 0; i < 200; ++i) {
      events.push_back(random_event(random, 11));
      for (auto more = random() % 4; more > 0; --more) {
        events.push_back(events.back());
        advance(events.back());
      }
    }
    for (const Event& event : events) encoder.append(event);
    const std::string block = block_of(encoder);
    BlockDecoder decoder(block, names);
    std::vector<Event> decoded;
    while (decoder.next()) decoded.push_back(decoder.event());
    EXPECT_FALSE(decoder.damage());
    EXPECT_EQ(decoded, events) << "seed " << seed;
  }
}

TEST(HistoryCodec, EveryTruncationIsAnErrorOrAWholePrefix) {
  Names names;
  BlockEncoder encoder(names);
  std::mt19937_64 random(1);
  for (int i = 0; i < 20; ++i) encoder.append(random_event(random, 1));
  const std::string block = block_of(encoder);
  for (std::size_t size = 0; size < block.size(); ++size) {
    BlockDecoder decoder(std::string_view(block).substr(0, size), names);
    int decoded = 0;
    while (decoder.next()) ++decoded;
    EXPECT_LT(decoded, 20);
    if (decoder.damage()) {
      EXPECT_NE(decoder.damage()->where.find("block offset"), std::string::npos);
    }
  }
}

TEST(HistoryCodec, RegularTrafficCostsFewBytes) {
  Names names;
  BlockEncoder encoder(names);
  constexpr int kEvents = 10'000;
  for (int i = 0; i < kEvents; ++i) {
    Event event;
    event.kind = Kind::kRead;
    event.time_ns = 1'000'000'000 + i * 700;
    event.offset = i;
    event.sequence = static_cast<std::uint64_t>(i);
    encoder.append(event);
  }
  EXPECT_LE(encoder.size(), kEvents * 4u + 64);
}

TEST(HistoryCodec, WhatWasPolledAtOnceCostsNothingMore) {
  Names names;
  BlockEncoder encoder(names);
  Event event;
  event.kind = Kind::kRead;
  for (std::uint64_t i = 0; i < 2 * kMostRepeats; ++i, advance(event)) encoder.append(event);
  const std::string block = block_of(encoder);
  EXPECT_LE(block.size(), 32u);

  BlockDecoder decoder(block, names);
  std::uint64_t decoded = 0;
  for (; decoder.next(); ++decoded) ASSERT_EQ(decoder.event().sequence, decoded);
  EXPECT_FALSE(decoder.damage());
  EXPECT_EQ(decoded, 2 * kMostRepeats);
}

TEST(HistoryCodec, RepeatsThatNobodyWritesAreDamage) {
  Names names;
  const auto damage_of = [&](const std::string& block) {
    BlockDecoder decoder(block, names);
    while (decoder.next()) {
    }
    return decoder.damage() ? decoder.damage()->what : "";
  };
  BlockEncoder encoder(names);
  encoder.append({.kind = Kind::kRead});
  const std::string event = block_of(encoder);
  EXPECT_EQ(damage_of(event + std::string("\0\1", 2)), "");
  EXPECT_EQ(damage_of(std::string("\0\0\5", 3)), "repeats of nothing");
  EXPECT_EQ(damage_of(event + std::string("\0\0", 2)), "malformed repeats");
  EXPECT_EQ(damage_of(event + std::string("\0\xff\xff\x7f", 4)), "malformed repeats");
  EXPECT_EQ(damage_of(event + std::string("\0", 1)), "malformed repeats");
}

TEST_F(HistoryTest, EventsComeBackInOrderWithTheirNames) {
  write_sends(100'000);
  const Read read = this->read();
  ASSERT_EQ(read.files.size(), 1u);
  EXPECT_FALSE(read.files[0].problem);
  EXPECT_TRUE(read.files[0].closed);
  EXPECT_EQ(read.files[0].head.run_id, "run");
  EXPECT_TRUE(read.files[0].head.in_order);
  ASSERT_EQ(read.events.size(), 100'000u);
  EXPECT_EQ(read.names.text(read.events[99'999].name), "orders");
  EXPECT_EQ(read.events[99'999].sequence, 99'999u);
  EXPECT_EQ(read.events[99'999].partition, 0);
}

TEST_F(HistoryTest, TimesAreTurnedIntoWallClock) {
  write_sends(1);
  const std::int64_t age_ns = cli::wall_ns() - read().events[0].time_ns;
  // Written as 1000 ns after the monotonic clock's start.
  EXPECT_NEAR(static_cast<double>(age_ns), static_cast<double>(cli::monotonic_ns()), 1e9);
}

// Each file's events come in their own order, those of several files in the order of time.
TEST_F(HistoryTest, SeveralFilesAreOneHistory) {
  std::vector<std::unique_ptr<Writer>> writers;
  for (int file = 0; file < 3; ++file) {
    auto writer = Writer::create(dir_, {"run", "ks-test", "", false, false});
    ASSERT_TRUE(writer);
    writers.push_back(std::move(*writer));
  }
  constexpr int kEvents = 3000;
  for (int i = 0; i < kEvents; ++i) {
    Event event;
    event.time_ns = 1'000'000 + i;
    event.sequence = static_cast<std::uint64_t>(i);
    writers[static_cast<std::size_t>(i / 7 % 3)]->append(event);
    if (i % 100 == 0) {
      ASSERT_TRUE(writers[static_cast<std::size_t>(i / 100 % 3)]->flush());
    }
  }
  for (const auto& writer : writers) ASSERT_TRUE(writer->close());
  const Read read = this->read();
  ASSERT_EQ(read.events.size(), static_cast<std::size_t>(kEvents));
  for (int i = 0; i < kEvents; ++i) {
    EXPECT_EQ(read.events[static_cast<std::size_t>(i)].sequence, static_cast<std::uint64_t>(i));
  }
  ASSERT_EQ(read.files.size(), 3U);
  for (const FileSummary& file : read.files) EXPECT_EQ(file.clock, 0U);
}

TEST_F(HistoryTest, ADamagedFileDoesNotEndTheOthers) {
  const fs::path first = write_sends(50);
  write_sends(50);
  ASSERT_TRUE(cli::write_file(first, "hello, world"));
  const Read read = this->read();
  EXPECT_EQ(read.events.size(), 50U);
  EXPECT_EQ(std::ranges::count_if(read.files, [](const auto& f) { return f.problem.has_value(); }),
            1);
}

TEST_F(HistoryTest, WhatAKilledWriterFlushedIsThere) {
  auto writer = Writer::create(dir_, {"run", "ks-test", "", false, false});
  ASSERT_TRUE(writer);
  (*writer)->append({});
  ASSERT_TRUE((*writer)->flush());
  const Read read = this->read();  // the writer has not closed
  EXPECT_EQ(read.events.size(), 1u);
  EXPECT_FALSE(read.files[0].closed);
  EXPECT_FALSE(read.files[0].problem);
}

TEST_F(HistoryTest, EveryTruncationKeepsTheIntactPart) {
  const fs::path path = write_sends(50);
  const std::string whole = *cli::read_file(path);
  for (std::size_t size = 0; size < whole.size(); ++size) {
    ASSERT_TRUE(cli::write_file(path, std::string_view(whole).substr(0, size)));
    const Read read = this->read();
    EXPECT_FALSE(read.files[0].closed);
    EXPECT_LE(read.events.size(), 50u);
  }
}

TEST_F(HistoryTest, EveryFlippedBitIsNamedWithFileAndOffset) {
  const fs::path path = write_sends(5);
  const std::string whole = *cli::read_file(path);
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string damaged = whole;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    ASSERT_TRUE(cli::write_file(path, damaged));
    const Read read = this->read();
    ASSERT_TRUE(read.files[0].problem) << "bit " << bit;
    EXPECT_NE(read.files[0].problem->where.find("at offset"), std::string::npos);
    EXPECT_NE(read.files[0].problem->where.find(path.filename().string()), std::string::npos);
  }
}

TEST_F(HistoryTest, AForeignFileAndAFutureVersionAreNamed) {
  const fs::path path = write_sends(1);
  std::string future = *cli::read_file(path);
  future[6] = 9;
  ASSERT_TRUE(cli::write_file(path, future));
  EXPECT_NE(read().files[0].problem->what.find("format version 9"), std::string::npos);
  ASSERT_TRUE(cli::write_file(path, "hello, world"));
  EXPECT_EQ(read().files[0].problem->what, "not a history file");
}

TEST_F(HistoryTest, AFullDiskIsToldAndLeavesNoHalfFrame) {
  // /dev/full takes no byte; a folder on it cannot be had, so the limit of the file size stands in.
  auto writer = Writer::create(dir_, {"run", "ks-test", "", false, false});
  ASSERT_TRUE(writer);
  (*writer)->append({});
  ASSERT_TRUE((*writer)->flush());
  rlimit before{};
  getrlimit(RLIMIT_FSIZE, &before);
  rlimit tight = before;
  tight.rlim_cur = fs::file_size((*writer)->path()) + 5;
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  setrlimit(RLIMIT_FSIZE, &tight);
  (*writer)->append({});
  const auto flushed = (*writer)->flush();
  setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, old_handler);
  ASSERT_FALSE(flushed);
  EXPECT_NE(flushed.error().where.find("ks-test"), std::string::npos);
  const Read read = this->read();
  EXPECT_FALSE(read.files[0].problem);
  EXPECT_EQ(read.events.size(), 1u);
}

TEST_F(HistoryTest, ProducersOfSeveralProcessesDoNotCollide) {
  EXPECT_EQ(*claim_producers(dir_, 5), 0);
  EXPECT_EQ(*claim_producers(dir_, 1), 5);
  EXPECT_EQ(*claim_producers(dir_, 1), 6);
  EXPECT_FALSE(claim_producers(dir_, 65'536));
}

TEST_F(HistoryTest, AMissingFolderIsAnError) { EXPECT_FALSE(Folder::open(dir_ / "nowhere")); }

}  // namespace
}  // namespace ks::history
