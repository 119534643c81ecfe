#include "lib/scenario/fleet_worker.h"

#include <gtest/gtest.h>

#include <fstream>

#include "../support/scratch_folder.h"
#include "lib/cli/file.h"
#include "lib/history/writer.h"
#include "lib/scenario/fleet_table.h"

namespace ks::scenario {
namespace {

namespace fs = std::filesystem;

// The folders of a fleet of two that did all that was asked of them.
class FleetWorkers : public test::ScratchFolder {
 protected:
  FleetWorkers() {
    plan_.run_id = "R";
    plan_.workers = 2;
    plan_.sha256 = "abc";
    for (std::uint32_t i = 0; i < plan_.workers; ++i) {
      reports_.push_back(new_worker_report("R", {i, 2}));
      reports_.back().sha256 = "abc";
      reports_.back().boot_id = "other";
      reports_.back().due_ns = kBegin;
      reports_.back().began_ns = kBegin;
      reports_.back().ended_ns = kBegin + 1'000'000'000;
      write(i, reports_.back());
      engine(i, 0);
      clock(i, 0);
    }
  }

  fs::path folder(std::uint32_t i) const { return run_ / kWorkersDir / std::to_string(i); }
  void write(std::uint32_t i, const WorkerReport& report) {
    EXPECT_TRUE(write_worker_report(folder(i), report));
  }
  void engine(std::uint32_t i, int status) {
    const std::string host = i == 0 ? "a" : "b";
    EXPECT_TRUE(cli::write_file(
        folder(i) / "engine.json",
        "{\"host\": \"" + host + "\", \"exit_status\": " + std::to_string(status) + "}"));
  }
  void clock(std::uint32_t i, std::int64_t offset_ns) {
    EXPECT_TRUE(
        cli::write_file(folder(i) / "clock.json", to_json(ClockOffset{offset_ns, 1000, 9}).dump()));
  }
  std::vector<FleetWorker> workers() const { return read_workers(run_, plan_, "here"); }
  FleetWord word() const { return word_of(workers()); }

  static constexpr std::int64_t kBegin = 1'800'000'000'000'000'000;
  const fs::path& run_ = dir_;
  FleetPlan plan_;
  std::vector<WorkerReport> reports_;
};

TEST_F(FleetWorkers, AreWellWhereEachDidItsPart) {
  EXPECT_EQ(word().lost, "");
  EXPECT_EQ(word().wrong, "");
  EXPECT_EQ(workers()[1].name(), "worker 1 (b)");
}

TEST_F(FleetWorkers, OneOfWhichNothingCameBackIsLost) {
  fs::remove_all(folder(1));
  EXPECT_EQ(word().lost, "worker 1 is lost: nothing came back of it, nobody saw it end");
}

TEST_F(FleetWorkers, OneThatWasKilledIsLost) {
  reports_[1].ended_ns = 0;
  write(1, reports_[1]);
  engine(1, 255);
  EXPECT_EQ(word().lost,
            "worker 1 (b) is lost: it did not reach its end, it ended with status 255");
}

TEST_F(FleetWorkers, OneWhoseHistoriesCannotBeReadIsLost) {
  ASSERT_TRUE(cli::write_file(folder(1) / "history", "no folder"));
  EXPECT_EQ(word().lost, "worker 1 (b) is lost: its histories cannot be read: Not a directory");
}

TEST_F(FleetWorkers, OneWithAHistoryThatHasNoEndIsLost) {
  auto writer = history::Writer::create(folder(1) / "history" / "c", {});
  ASSERT_TRUE(writer);
  EXPECT_NE(word().lost.find("has no end"), std::string::npos);
  ASSERT_TRUE((*writer)->close());
  EXPECT_EQ(word().lost, "");
}

TEST_F(FleetWorkers, OneThatBeganLateIsLost) {
  reports_[1].began_ns += 2'500'000'000;
  write(1, reports_[1]);
  EXPECT_EQ(word().lost, "worker 1 (b) is lost: it began 2500 ms late; give it more time to start");
}

TEST_F(FleetWorkers, TwoThatDidOnePartAreWrongWhereverTheirFoldersLie) {
  EXPECT_TRUE(write_worker_report(run_ / kWorkersDir / "again", reports_[1]));
  EXPECT_NE(word().wrong.find("did part 1/2, as worker 1 (b) did"), std::string::npos)
      << word().wrong;
  fs::remove_all(run_ / kWorkersDir / "again");
  write(1, reports_[0]);
  EXPECT_NE(word().wrong.find("worker 1 (b): it did part 0/2, as worker 0 (a) did"),
            std::string::npos)
      << word().wrong;
}

TEST_F(FleetWorkers, OneOfAnotherRunOrScenarioIsWrong) {
  reports_[1].sha256 = "def";
  write(1, reports_[1]);
  EXPECT_EQ(word().wrong, "worker 1 (b): it ran another scenario file, SHA-256 def");
  reports_[1].run_id = "S";
  write(1, reports_[1]);
  EXPECT_EQ(word().wrong, "worker 1 (b): it is of another run, S");
}

// ---- clocks -------------------------------------------------------------------------------------

Scenario reading() {
  Scenario out;
  out.traffic.resize(1);
  out.traffic[0].type = Type::kConsume;
  out.checks.resize(1);
  out.checks[0].type = CheckType::kLatency;
  out.checks[0].limit = 100;
  return out;
}

Outcome latency_of(double ms) {
  Outcome out;
  out.actual = std::to_string(ms);
  out.threshold = report::Threshold{"latency", "<=", 100, ms, ms <= 100};
  out.status = ms <= 100 ? report::Status::kPass : report::Status::kFail;
  return out;
}

report::Status doubted(const FleetWord& word, double ms) {
  std::vector<Outcome> outcomes{latency_of(ms)};
  doubt(reading(), word, outcomes);
  return outcomes[0].status;
}

TEST_F(FleetWorkers, ClocksDecideNoLatencyBetweenWorkers) {
  EXPECT_EQ(doubted(word(), 99), report::Status::kPass);
  clock(1, 30'000'000);
  EXPECT_EQ(doubted(word(), 60), report::Status::kPass);
  EXPECT_EQ(doubted(word(), 99), report::Status::kInconclusive);
  EXPECT_EQ(doubted(word(), 101), report::Status::kInconclusive);
  EXPECT_EQ(doubted(word(), 140), report::Status::kFail);
  fs::remove(folder(1) / "clock.json");
  EXPECT_EQ(doubted(word(), 60), report::Status::kInconclusive);
}

// Another worker's early acknowledgements fill the pause.
TEST_F(FleetWorkers, ClocksDecideNoRecovery) {
  Scenario disturbed = reading();
  disturbed.checks[0].type = CheckType::kRecovery;
  std::vector<Outcome> outcomes{latency_of(99)};
  doubt(disturbed, word(), outcomes);
  EXPECT_EQ(outcomes[0].status, report::Status::kPass);
  clock(1, 30'000'000);
  doubt(disturbed, word(), outcomes);
  EXPECT_EQ(outcomes[0].status, report::Status::kInconclusive);
}

TEST_F(FleetWorkers, ClocksThatAreFarApartAreAFinding) {
  const CheckPlace place{run_, "R", "c", "wire", ""};
  FleetMerge merge;
  merge.figures.resize(2);
  EXPECT_TRUE(workers_result(place, workers(), merge).findings.empty());
  clock(1, -30'000'000);
  const report::Result result = workers_result(place, workers(), merge);
  ASSERT_EQ(result.findings.size(), 1u);
  EXPECT_EQ(result.findings[0].id, "clock-offset");
  EXPECT_NE(result.findings[0].evidence.find("worker 1 (b) -30.00 ms"), std::string::npos);
  EXPECT_EQ(result.data.at("workers").at(1).at("clock_offset_ms"), -30);
}

}  // namespace
}  // namespace ks::scenario
