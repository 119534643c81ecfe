#include "lib/audit/cdc_input.h"

#include <gtest/gtest.h>

#include "lib/audit/cdc_audit.h"
#include "lib/report/anomaly_words.h"

namespace ks::audit {
namespace {

using verify::CdcEvent;
using verify::CdcInput;
using verify::CdcWorkerEvent;

std::string record(const std::string& payload) {
  return R"({"topic":"x.public.videos","partition":2,"offset":7,"ts":5,"headers":[],"key":null,"payload":)" +
         payload + "}\n";
}

std::string error_of(const cli::Result<void>& result) {
  return result ? "" : result.error().message();
}

TEST(CdcInput, ADiaryHasTransactionsAndWhatBecameOfTheWorker) {
  CdcInput input;
  ASSERT_TRUE(parse_cdc_diary(
      R"({"event":"committed","time_ms":9,"lsn":4,"changes":[{"table":"users","id":3,"op":"u","value":8}]})"
      "\n\n"
      R"({"event":"kill","time_ms":10})"
      "\n",
      "diary", input));
  ASSERT_EQ(input.commits.size(), 1U);
  EXPECT_EQ(input.commits[0].lsn, 4);
  EXPECT_EQ(input.commits[0].changes[0].table, "users");
  EXPECT_EQ(input.commits[0].changes[0].op, 'u');
  ASSERT_EQ(input.worker.size(), 1U);
  EXPECT_EQ(input.worker[0].kind, CdcWorkerEvent::Kind::kKill);
}

TEST(CdcInput, WhatIsNoDiaryIsNamedWithItsLine) {
  for (
      const char* line :
      {"{", R"({"event":"lunch","time_ms":1})", R"({"event":"kill"})",
       R"({"event":"committed","time_ms":1,"lsn":1,"changes":[{"table":"a","id":1,"op":"x","value":1}]})"}) {
    CdcInput input;
    const auto parsed =
        parse_cdc_diary(std::string("{\"event\":\"gone\",\"time_ms\":1}\n") + line, "d", input);
    EXPECT_NE(error_of(parsed).find("d:2"), std::string::npos) << line;
  }
}

TEST(CdcInput, AnEventHasItsRowPositionAndTime) {
  CdcInput input;
  ASSERT_TRUE(parse_cdc_events(
      record(
          R"("{\"before\":null,\"after\":{\"id\":3,\"value\":8},\"source\":{\"table\":\"videos\",\"lsn\":44},\"op\":\"c\",\"ts_ms\":6}")"),
      "f", input));
  const CdcEvent& event = input.events.at(0);
  EXPECT_EQ(event.table, "videos");
  EXPECT_EQ(event.partition, 2);
  EXPECT_EQ(event.offset, 7);
  EXPECT_EQ(event.op, 'c');
  EXPECT_EQ(event.id, 3);
  EXPECT_EQ(event.value, 8);
  EXPECT_EQ(event.lsn, 44);
  EXPECT_EQ(event.time_ms, 6);
}

TEST(CdcInput, ADeletionTellsItsKeyAloneAlsoWithASchema) {
  CdcInput input;
  ASSERT_TRUE(parse_cdc_events(
      record(
          R"("{\"schema\":{},\"payload\":{\"before\":{\"id\":3},\"after\":null,\"source\":{\"table\":\"videos\",\"lsn\":44},\"op\":\"d\",\"ts_ms\":6}}")"),
      "f", input));
  EXPECT_EQ(input.events.at(0).op, 'd');
  EXPECT_EQ(input.events.at(0).id, 3);
}

TEST(CdcInput, ARecordOfOthersIsAnEventOfNobodys) {
  CdcInput input;
  const std::string text = record("null") + record(R"("hello")") + record(R"("{\"op\":\"c\"}")");
  ASSERT_TRUE(parse_cdc_events(text, "f", input));
  EXPECT_EQ(input.events.at(0).op, CdcEvent::kTombstone);
  EXPECT_EQ(input.events.at(1).op, CdcEvent::kForeign);
  EXPECT_EQ(input.events.at(2).op, CdcEvent::kForeign);
  EXPECT_EQ(input.events.at(2).table, "videos");
}

// "t" is of a table that was emptied, and a tombstone in no case.
TEST(CdcInput, AnUnknownOperationIsAnEventOfNobodys) {
  for (const char* op : {"", "t", "m", "create", "read", "?"}) {
    CdcInput input;
    const std::string payload =
        std::string(R"("{\"before\":null,\"after\":{\"id\":3,\"value\":8},)") +
        R"(\"source\":{\"table\":\"videos\",\"lsn\":44},\"op\":\")" + op + R"(\",\"ts_ms\":6}")";
    ASSERT_TRUE(parse_cdc_events(record(payload), "f", input)) << op;
    EXPECT_EQ(input.events.at(0).op, CdcEvent::kForeign) << op;
    EXPECT_EQ(input.events.at(0).id, 0) << op;
  }
}

TEST(CdcInput, WhatIsNoRecordIsNamedWithItsLine) {
  CdcInput input;
  EXPECT_EQ(error_of(parse_cdc_events("{}\n", "f", input)), "not a record of ks-consume -J: f:1");
}

TEST(CdcInput, AnOffsetIsTheLastCommitThatTheWorkerIsDoneWith) {
  CdcInput input;
  const std::string text = record(R"("{\"lsn\":9,\"lsn_proc\":8,\"lsn_commit\":7}")") +
                           record(R"("{\"lsn\":9,\"lsn_proc\":8,\"lsn_commit\":null}")") +
                           record(R"("{\"lsn\":9}")") + record("null");
  ASSERT_TRUE(parse_cdc_offsets(text, "f", input));
  std::vector<std::int64_t> positions;
  for (const auto& offset : input.offsets) positions.push_back(offset.lsn);
  EXPECT_EQ(positions, (std::vector<std::int64_t>{7, 8, 9, 0}));
  EXPECT_EQ(error_of(parse_cdc_offsets(record(R"("{}")"), "f", input)),
            "not an offset of Debezium's, as ks-consume -J has it: f:1");
}

TEST(CdcAudit, AnAnomalyFailsTheResultAndMissingEvidenceLeavesItOpen) {
  verify::CdcVerdict verdict;
  verdict.missing = {"no worker was killed"};
  report::Result open;
  put(verdict, open);
  EXPECT_EQ(open.status, report::Status::kInconclusive);
  EXPECT_EQ(open.reason, "no worker was killed");
  verdict.anomalies[verify::kCdcGap] = {2, 0, {"insert of videos 3 never arrived"}};
  report::Result failed;
  put(verdict, failed);
  EXPECT_EQ(failed.status, report::Status::kFail);
  EXPECT_EQ(failed.reason, "cdc-gap: 2, first insert of videos 3 never arrived");
  EXPECT_EQ(failed.metrics.at("anomalies"), 2);
  verdict.anomalies[verify::kCdcNewSnapshot] = {1, 0, {"videos 4 was read again"}};
  report::Result caused;
  put(verdict, caused);
  EXPECT_EQ(caused.reason, "cdc-new-snapshot: 1, first videos 4 was read again");
}

TEST(CdcAudit, TheLongestOutageCountsAndOneWithoutAnEndHasNoTime) {
  const auto outage = [](bool is_kill, std::int64_t started_ms, std::int64_t resumed_ms) {
    verify::CdcOutage out;
    out.is_kill = is_kill;
    out.started_ms = started_ms;
    out.resumed_ms = out.caught_up_ms = resumed_ms;
    return out;
  };
  verify::CdcVerdict verdict;
  verdict.outages = {outage(true, 10, 14), outage(false, 30, 39), {}};
  verdict.outages[0].replayed = 4;
  report::Result result;
  put(verdict, result);
  EXPECT_EQ(result.metrics.at("kills"), 2);
  EXPECT_EQ(result.metrics.at("stops"), 1);
  EXPECT_EQ(result.metrics.at("resume_ms_max"), 9);
  EXPECT_EQ(result.metrics.at("replayed_events"), 4);
  EXPECT_EQ(result.metrics.at("outages_without_resume"), 1);
  EXPECT_TRUE(result.data["outages"][2]["resume_ms"].is_null());
}

TEST(CdcAudit, EveryAnomalyIsExplainedInTheReport) {
  using namespace verify;
  for (const char* name : {kCdcLost, kCdcGap, kCdcOrder, kCdcDuplicate, kCdcReplay, kCdcPhantom,
                           kCdcNewSnapshot, kCdcOffsetRegressed}) {
    EXPECT_NE(report::meaning_of_anomaly(name), "") << name;
  }
}

}  // namespace
}  // namespace ks::audit
