#include "lib/report/evidence.h"

#include <gtest/gtest.h>

#include "../support/scratch_folder.h"
#include "delivery_builders.h"
#include "lib/cli/file.h"
#include "lib/report/delivery.h"

namespace ks::report {
namespace {

namespace fs = std::filesystem;

class RunFolders : public test::ScratchFolder {
 protected:
  // A run folder with one passed step.
  fs::path begin(const std::string& name, report::Run run) {
    run.run_id = name;
    EXPECT_TRUE(begin_run(dir_ / name, run));
    add(name, run, step("offsets", Status::kPass).result);
    return dir_ / name;
  }

  // A step as the run's own tools write it.
  void add(const std::string& name, const report::Run& run, Result result) {
    result.run_id = name;
    result.target = run.target;
    result.profile = run.profile;
    result.broker = run.broker;
    write(name, result);
  }

  void write(const std::string& name, const Result& result) {
    const fs::path file = dir_ / name / "results" / (result.check + "." + result.step + ".json");
    ASSERT_TRUE(write_result(file, result));
  }

  std::string refusal(const std::vector<fs::path>& dirs) {
    const auto evidence = read_evidence(dirs);
    return evidence ? "" : evidence.error().message();
  }
};

TEST_F(RunFolders, AreReadInTheOrderOfTheirSteps) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  Result earlier = step("zebra", Status::kFail, "lost").result;
  earlier.started_at_ns -= 1'000'000'000;
  add("run-1", run, earlier);
  const auto folder = read_run_folder(dir);
  ASSERT_TRUE(folder) << folder.error().message();
  ASSERT_EQ(folder->steps.size(), 2u);
  EXPECT_EQ(folder->steps[0].result.check, "zebra");
  EXPECT_TRUE(folder->problems.empty());
}

TEST_F(RunFolders, AMalformedResultIsNamedAndTheRestIsRead) {
  const fs::path dir = begin("run-1", run_of("kafka"));
  ASSERT_TRUE(cli::write_file(dir / "results/a.json", "{\"schema_version\": 1"));
  ASSERT_TRUE(cli::write_file(dir / "results/b.json", "{\"schema_version\": 1}"));
  fs::create_directory(dir / "results/c.json");
  const auto folder = read_run_folder(dir);
  ASSERT_TRUE(folder) << folder.error().message();
  EXPECT_EQ(folder->steps.size(), 1u);
  ASSERT_EQ(folder->problems.size(), 3u);
  EXPECT_EQ(folder->problems[0].file, dir / "results/a.json");
  EXPECT_EQ(folder->problems[0].message, "not JSON");
}

TEST_F(RunFolders, AFolderThatCannotBeReadIsNamedAndTheRestIsRead) {
  const fs::path dir = begin("run-1", run_of("kafka"));
  fs::remove_all(dir / "logs");
  ASSERT_TRUE(cli::write_file(dir / "logs", "no folder"));
  const auto folder = read_run_folder(dir);
  ASSERT_TRUE(folder) << folder.error().message();
  EXPECT_EQ(folder->steps.size(), 1u);
  ASSERT_EQ(folder->problems.size(), 1u);
  EXPECT_EQ(folder->problems[0].file, dir / "logs");
  EXPECT_EQ(folder->problems[0].message, "cannot read; Not a directory");
}

TEST_F(RunFolders, TheEndOfACheckIsNoStepAndCoversThoseItNames) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  EXPECT_FALSE(read_run_folder(dir)->steps.at(0).is_covered);
  Result end = step("offsets", Status::kPass).result;
  end.step = kEndStep;
  end.client = "wire";  // in whose check librdkafka produced
  end.artifacts = {"results/offsets.produce.json"};
  add("run-1", run, end);
  const auto folder = read_run_folder(dir);
  ASSERT_EQ(folder->steps.size(), 1u);
  EXPECT_TRUE(folder->steps[0].is_covered);
  EXPECT_EQ(folder->steps[0].client, "wire");
  ASSERT_EQ(folder->ends.size(), 1u);
  EXPECT_EQ(folder->ends[0].status, Status::kPass);
}

TEST_F(RunFolders, WhatIsStillBeingWrittenIsNoResult) {
  const fs::path dir = begin("run-1", run_of("kafka"));
  ASSERT_TRUE(cli::write_file(dir / "results/a.json.tmp17", "{"));
  EXPECT_TRUE(read_run_folder(dir)->problems.empty());
}

TEST_F(RunFolders, AResultOfAnotherRunIsNamed) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  Result stray = step("groups", Status::kPass).result;
  stray.run_id = "run-2";
  write("run-1", stray);
  const auto folder = read_run_folder(dir);
  ASSERT_EQ(folder->problems.size(), 1u);
  EXPECT_EQ(folder->problems[0].message, "result of another run, run-2");
  EXPECT_EQ(folder->steps.size(), 1u);
}

TEST_F(RunFolders, AResultThatNamesNoCheckIsNamed) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  add("run-1", run, step("", Status::kPass).result);
  EXPECT_EQ(read_run_folder(dir)->problems.size(), 1u);
}

TEST_F(RunFolders, AResultOfAnotherSystemIsRefused) {
  const auto run = run_of("kafscale");
  struct Case {
    const char* what;
    void (*change)(Result&);
  };
  for (const Case& c : {Case{"target", [](Result& r) { r.target = "kafka"; }},
                        Case{"profile", [](Result& r) { r.profile = "other"; }},
                        Case{"product", [](Result& r) { r.broker.product = "Apache Kafka"; }}}) {
    const fs::path dir = begin(c.what, run);
    Result result = step("groups", Status::kPass).result;
    result.run_id = c.what;
    result.target = run.target;
    result.profile = run.profile;
    c.change(result);
    write(c.what, result);
    const std::string message = refusal({dir});
    EXPECT_NE(message.find(std::string("result of another ") + c.what), std::string::npos)
        << message;
    EXPECT_NE(message.find("groups.produce.json"), std::string::npos) << message;
  }
}

TEST_F(RunFolders, AToolThatFailedEarlyKnowsNoTarget) {
  const fs::path dir = begin("run-1", run_of("kafka"));
  Result result = step("groups", Status::kError, "no profile").result;
  result.broker.product = "unknown";
  write("run-1", result);
  EXPECT_EQ(refusal({dir}), "");
  EXPECT_EQ(read_run_folder(dir)->steps.size(), 2u);
}

TEST_F(RunFolders, OfOneKindMerge) {
  const auto run = run_of("kafka");
  EXPECT_EQ(refusal({begin("run-1", run), begin("run-2", run)}), "");
}

TEST_F(RunFolders, OfDifferentKindsDoNotMerge) {
  const fs::path one = begin("run-1", run_of("kafka"));
  struct Case {
    const char* what;
    void (*change)(report::Run&);
  };
  for (const Case& c : {Case{"targets", [](report::Run& r) { r.target = "kafscale"; }},
                        Case{"profiles", [](report::Run& r) { r.profile = "kafka-local"; }},
                        Case{"products", [](report::Run& r) { r.broker.product = "KafScale"; }},
                        Case{"broker builds", [](report::Run& r) { r.broker.build = "2"; }}}) {
    auto run = run_of("kafka");
    c.change(run);
    const std::string message = refusal({one, begin(c.what, run)});
    EXPECT_EQ(message.find(std::string("cannot merge runs of different ") + c.what), 0u) << message;
  }
}

TEST_F(RunFolders, BuildsOfTheirResultsTellRunsApart) {
  auto run = run_of("kafka");
  run.broker.build = "";
  const fs::path one = begin("run-1", run), two = begin("run-2", run);
  Result result = step("groups", Status::kPass).result;
  run.broker.build = "build-1";
  add("run-1", run, result);
  EXPECT_EQ(refusal({one, two}), "") << "one run without a build";
  run.broker.build = "build-2";
  add("run-2", run, result);
  EXPECT_NE(refusal({one, two}), "");
  result.step = "before the upgrade";
  run.broker.build = "build-1";
  add("run-2", run, result);
  EXPECT_EQ(refusal({one, two}), "") << "a rolling upgrade has two builds";
}

TEST_F(RunFolders, AreGivenOnce) {
  const fs::path one = begin("run-1", run_of("kafka"));
  EXPECT_EQ(refusal({one, one}).find("the run is given twice"), 0u);
}

TEST_F(RunFolders, WithoutRunFileAreNone) {
  EXPECT_EQ(refusal({dir_ / "none"}), "not a run folder: " + (dir_ / "none/run.json").string() +
                                          "; No such file or directory");
}

TEST_F(RunFolders, FilesOfAStepAreAttachedOnlyFromInside) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  ASSERT_TRUE(cli::write_file(dir / "series/s.jsonl", "{}"));
  ASSERT_TRUE(cli::write_file(dir / "history/h", ""));
  ASSERT_TRUE(cli::write_file(dir / "logs/groups.produce.log", ""));
  ASSERT_TRUE(cli::write_file(dir_ / "outside", ""));
  Result result = step("groups", Status::kPass).result;
  result.series = (dir / "series/s.jsonl").string();
  result.artifacts = {"/where/it/was/made/run-1/history/h", "../outside", "missing"};
  add("run-1", run, result);
  const auto folder = read_run_folder(dir);
  const Step& with_files =
      folder->steps.at(0).result.check == "groups" ? folder->steps.at(0) : folder->steps.at(1);
  ASSERT_EQ(with_files.attachments.size(), 3u);
  EXPECT_EQ(with_files.attachments[2].filename(), "groups.produce.log");
  EXPECT_EQ(with_files.result.artifacts, (std::vector<std::string>{"../outside", "missing"}));
}

TEST_F(RunFolders, SeriesAndFaultsOfAStepAreReadAndOtherDataIsNotKept) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  ASSERT_TRUE(cli::write_file(dir / "series/s.jsonl",
                              R"({"time":"2026-01-31T12:00:00.000Z","records":3,"errors":0})"));
  Result result = step("groups", Status::kPass).result;
  result.series = "/where/it/was/made/run-1/series/s.jsonl";
  result.data = {{"faults", {{{"fault", "kill"}, {"begun_at", "2026-01-31T12:00:00.000Z"}}}}};
  result.started_at_ns += 1'000'000'000;
  add("run-1", run, result);
  const auto folder = read_run_folder(dir);
  ASSERT_EQ(folder->steps.size(), 2u);
  const Step& step = folder->steps[1];
  ASSERT_EQ(step.series.seconds.size(), 1u);
  EXPECT_EQ(step.series.seconds[0].records, 3);
  EXPECT_EQ(step.series.problem, "");
  EXPECT_EQ(step.disturbances.faults.size(), 1u);
  EXPECT_TRUE(step.result.data.is_null());
}

// What the page of delivery shows of change data capture comes from a result's data.
TEST_F(RunFolders, OutagesAndSecondsOfChangeDataCaptureReachThePage) {
  const auto run = delivery_run();
  const fs::path dir = begin("run-1", run);
  add("run-1", run, judged_step().result);
  const auto evidence = read_evidence({dir});
  ASSERT_TRUE(evidence) << evidence.error().message();
  const std::string page =
      to_delivery_report(summarize(delivery_manifest(), *evidence, "run", "report"));
  for (const char* part : {"| 1 | worker killed | +3 s | 2.95 s | 90 | 4.1 s | 4.3 s | 24 |",
                           "| 2 | worker stopped | +13 s | – | 0 | – | – | 0 |",
                           "committed  ██·········▄  up to 50/s"}) {
    EXPECT_NE(page.find(part), std::string::npos) << part;
  }
}

TEST_F(RunFolders, WhatIsNoOutageAndNoSecondIsLeftOut) {
  const auto changes = parse_change_capture(nlohmann::ordered_json::parse(R"({
    "outages": [7, {"kind": 1, "ordered_at": "2026-01-31T12:00:04.000Z", "resume_ms": "x"}, {}],
    "seconds": {"time": "2026-01-31T12:00:04.000Z"}})"));
  ASSERT_EQ(changes.outages.size(), 1u);
  EXPECT_FALSE(changes.outages[0].is_kill);
  EXPECT_FALSE(changes.outages[0].resume_ms);
  EXPECT_TRUE(changes.seconds.empty());
}

TEST_F(RunFolders, ASeriesThatIsNotThereOrElsewhereIsAProblem) {
  const auto run = run_of("kafka");
  const fs::path dir = begin("run-1", run);
  fs::create_directories(dir / "series/folder");
  ASSERT_TRUE(cli::write_file(dir_ / "outside", "{}"));
  for (const auto& [series, problem] :
       {std::pair{"series/none.jsonl", "not in the run folder: series/none.jsonl"},
        {"../outside", "not in the run folder: ../outside"},
        {"series/folder", "cannot read"}}) {
    Result result = step("offsets", Status::kPass).result;
    result.series = series;
    add("run-1", run, result);
    const auto folder = read_run_folder(dir);
    EXPECT_EQ(folder->steps.at(0).series.problem.find(problem), 0u)
        << folder->steps.at(0).series.problem;
    EXPECT_TRUE(folder->problems.empty()) << series;
  }
}

}  // namespace
}  // namespace ks::report
