#pragma once

#include <gtest/gtest.h>

#include <utility>
#include <vector>

#include "lib/history/identity.h"
#include "lib/verify/checker.h"

namespace ks::verify {

using history::Event;
using history::Integrity;
using history::Kind;
using history::Outcome;

inline constexpr std::uint64_t kRun = 42;
inline constexpr std::int64_t kMs = 1'000'000;

// A small history in the words of its events. Each test takes a healthy one and breaks one thing.
class CheckerTest : public testing::Test {
 protected:
  void reserve(std::uint64_t count, std::uint16_t producer = 0) {
    Event e;
    e.kind = Kind::kReserve;
    e.producer = producer;
    e.count = count;
    add(sender_, e);
  }
  void send(std::uint64_t sequence, std::int64_t offset, Outcome outcome = Outcome::kOk) {
    Event e;
    e.kind = Kind::kSend;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = 0;
    e.sequence = sequence;
    e.offset = offset;
    e.outcome = outcome;
    add(sender_, e);
  }
  // Two records that their producer sent in the other order.
  void two_swapped() {
    reserve(2);
    send(0, 1);
    send(1, 0);
    assign(0);
    read(0, 1);
    read(1, 0);
    drain(2);
  }
  void assign(std::int64_t offset) { consumer_event(Kind::kAssign, offset); }
  void drain(std::int64_t end) { consumer_event(Kind::kDrain, end); }
  void read(std::int64_t offset, std::uint64_t sequence, Integrity integrity = Integrity::kIntact,
            std::int32_t partition = 0) {
    Event e;
    e.kind = Kind::kRead;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = partition;
    e.offset = offset;
    e.run = kRun;
    e.sequence = sequence;
    e.integrity = static_cast<std::uint8_t>(integrity);
    add(reader_, e);
  }
  void consumer_event(Kind kind, std::int64_t offset) {
    Event e;
    e.kind = kind;
    e.time_ns = ++now_;
    e.name = topic_;
    e.partition = 0;
    e.offset = offset;
    add(reader_, e);
  }
  // Times in milliseconds.
  Event timed(Kind kind, std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) const {
    Event e;
    e.kind = kind;
    e.invoke_ns = invoke_ms * kMs;
    e.time_ns = time_ms * kMs;
    e.name = topic_;
    e.partition = 0;
    e.offset = offset;
    return e;
  }
  void send_at(std::int64_t invoke_ms, std::int64_t time_ms, std::uint64_t sequence,
               std::int64_t offset, Outcome outcome = Outcome::kOk) {
    Event e = timed(Kind::kSend, invoke_ms, time_ms, offset);
    e.sequence = sequence;
    e.outcome = outcome;
    add(sender_, e);
  }
  void end(Kind kind, std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) {
    add(reader_, timed(kind, invoke_ms, time_ms, offset));
  }
  void fault(Kind kind, std::int64_t time_ms) {
    Event e = timed(kind, 0, time_ms, -1);
    e.name = names_.id("kill");
    e.partition = -1;
    add(reader_, e);
  }
  void commit(std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset,
              Outcome outcome = Outcome::kOk) {
    Event e = timed(Kind::kCommit, invoke_ms, time_ms, offset);
    e.group = group_;
    e.outcome = outcome;
    add(reader_, e);
  }
  void offset_fetch(std::int64_t invoke_ms, std::int64_t time_ms, std::int64_t offset) {
    Event e = timed(Kind::kOffsetFetch, invoke_ms, time_ms, offset);
    e.group = group_;
    add(reader_, e);
  }
  // A member of the group gets the partition and reads from `from` on.
  void member_reads(std::int64_t from, std::int64_t to) {
    consumer_event(Kind::kAssign, -1);
    events_.back().second.group = group_;
    for (std::int64_t i = from; i < to; ++i) {
      read(i, static_cast<std::uint64_t>(i));
      events_.back().second.group = group_;
    }
  }
  void expect_anomaly(AnomalyType type) { EXPECT_EQ(count(check(), type), 1U) << name_of(type); }
  void expect_no_anomaly() {
    const Verdict verdict = check();
    for (const auto& [type, anomaly] : verdict.anomalies.by_type()) {
      ADD_FAILURE() << name_of(type) << ": " << anomaly.examples.front();
    }
  }
  void add(const Writer& writer, const Event& event) { events_.emplace_back(writer, event); }

  Verdict check(Options options = {}) {
    Checker checker(names_, options);
    for (const auto& [writer, event] : events_) checker.add(writer, event);
    return checker.finish();
  }
  static std::uint64_t count(const Verdict& verdict, AnomalyType type) {
    const auto found = verdict.anomalies.by_type().find(type);
    return found == verdict.anomalies.by_type().end() ? 0 : found->second.count;
  }
  // Exactly `type`, once, and nothing else.
  void expect_only(AnomalyType type) {
    const Verdict verdict = check();
    EXPECT_EQ(count(verdict, type), 1u) << name_of(type);
    for (const auto& [other, anomaly] : verdict.anomalies.by_type()) {
      EXPECT_EQ(other, type) << name_of(other) << ": " << anomaly.examples.front();
    }
  }

  history::Names names_;
  std::uint32_t topic_ = names_.id("orders");
  std::uint32_t group_ = names_.id("billing");
  Writer sender_{0, 0, kRun, true, false};
  Writer reader_{1, 0, kRun, false, false};
  std::int64_t now_ = 0;
  std::vector<std::pair<Writer, Event>> events_;
};

}  // namespace ks::verify
