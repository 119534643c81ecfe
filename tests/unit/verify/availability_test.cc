#include "checking.h"

namespace ks::verify {
namespace {

TEST_F(CheckerTest, RecoveryIsFromTheLastSuccessToTheFirstOfTen) {
  for (std::int64_t i = 0; i < 5; ++i) {
    send_at(i * 10, i * 10 + 5, static_cast<std::uint64_t>(i), i);
  }
  fault(Kind::kFaultBegin, 50);
  fault(Kind::kFaultConfirmed, 55);
  send_at(60, 70, 5, -1, Outcome::kUnknown);
  send_at(80, 90, 6, 5);  // one success is not yet recovery
  send_at(91, 95, 7, -1, Outcome::kUnknown);
  for (std::int64_t i = 0; i < 10; ++i) {
    send_at(100 + i * 10, 105 + i * 10, static_cast<std::uint64_t>(8 + i), 6 + i);
  }
  const Verdict verdict = check();
  ASSERT_EQ(verdict.operations.size(), 1U);
  EXPECT_EQ(verdict.operations[0].name, std::string("produce"));
  const Availability& a = verdict.operations[0].availability;
  ASSERT_EQ(a.recoveries().size(), 1U);
  EXPECT_FALSE(a.recoveries()[0].is_open);
  EXPECT_EQ(a.recoveries()[0].to_ns - a.recoveries()[0].from_ns, (105 - 45) * kMs);
  EXPECT_EQ(a.longest_gap_ns(), (90 - 45) * kMs);
  EXPECT_EQ(a.longest_gap_from_ns(), 45 * kMs);
  EXPECT_EQ(a.attempts(), 18U);
  EXPECT_EQ(a.successes(), 16U);
}

// What was under way succeeds, then there is silence.
TEST_F(CheckerTest, APauseThatBeganDuringTheFaultIsItsRecovery) {
  send_at(0, 5, 0, 0);
  fault(Kind::kFaultBegin, 8);
  fault(Kind::kFaultConfirmed, 9);
  for (std::int64_t i = 0; i < 12; ++i) {
    send_at(2, 10 + i, static_cast<std::uint64_t>(1 + i), 1 + i);
  }
  fault(Kind::kFaultHealed, 3000);
  for (std::int64_t i = 0; i < 2; ++i) {
    send_at(4000, 7021 + i * 9000, static_cast<std::uint64_t>(13 + i), 13 + i);
  }
  const Verdict verdict = check();
  const Availability& a = verdict.operations.at(0).availability;
  ASSERT_EQ(a.recoveries().size(), 1U);
  EXPECT_FALSE(a.recoveries()[0].is_open);
  EXPECT_EQ(a.recoveries()[0].from_ns, 21 * kMs);
  // The next one, which is longer, began when the fault had been healed.
  EXPECT_EQ(a.recoveries()[0].to_ns, 7021 * kMs);
}

TEST_F(CheckerTest, APartitionFirstTriedDuringAFaultRecoversSinceThen) {
  reserve(30);
  fault(Kind::kFaultBegin, 8);
  fault(Kind::kFaultConfirmed, 9);
  fault(Kind::kFaultHealed, 2000);
  for (int i = 0; i < 10; ++i) send_at(500, 7000 + i, static_cast<std::uint64_t>(i), i);
  const Verdict verdict = check();
  const auto& recoveries = verdict.operations.at(0).availability.recoveries();
  ASSERT_EQ(recoveries.size(), 1u);
  EXPECT_FALSE(recoveries[0].is_open);
  EXPECT_EQ(recoveries[0].to_ns - recoveries[0].from_ns, 6500 * kMs);
}

TEST_F(CheckerTest, APartitionFirstTriedAfterAFaultHasNothingToRecoverFrom) {
  reserve(30);
  fault(Kind::kFaultBegin, 8);
  fault(Kind::kFaultConfirmed, 9);
  fault(Kind::kFaultHealed, 2000);
  send_at(2000, 7000, 0, 0);
  EXPECT_TRUE(check().operations.at(0).availability.recoveries().empty());
}

TEST_F(CheckerTest, AFaultThatIsNeverHealedHasEveryPauseBehindIt) {
  fault(Kind::kFaultBegin, 8);
  send_at(0, 5, 0, 0);
  fault(Kind::kFaultConfirmed, 9);
  for (std::int64_t i = 0; i < 12; ++i) {
    send_at(2, 10 + i, static_cast<std::uint64_t>(1 + i), 1 + i);
  }
  send_at(4000, 9000, 13, 13);
  const Verdict verdict = check();
  const Availability& a = verdict.operations.at(0).availability;
  EXPECT_EQ(a.recoveries().at(0).to_ns - a.recoveries().at(0).from_ns, (9000 - 21) * kMs);
}

TEST_F(CheckerTest, AnOutageAtTheEndIsAnOpenRecovery) {
  send_at(0, 5, 0, 0);
  fault(Kind::kFaultBegin, 50);
  fault(Kind::kFaultConfirmed, 55);
  send_at(60, 1000, 1, -1, Outcome::kUnknown);
  const Verdict verdict = check();
  const Availability& a = verdict.operations.at(0).availability;
  ASSERT_EQ(a.recoveries().size(), 1U);
  EXPECT_TRUE(a.recoveries()[0].is_open);
  EXPECT_EQ(a.recoveries()[0].to_ns - a.recoveries()[0].from_ns, 995 * kMs);
}

}  // namespace
}  // namespace ks::verify
