#include "lib/report/matrix.h"

#include <gtest/gtest.h>

#include "builders.h"
#include "lib/report/verdict.h"

namespace ks::report {
namespace {

CheckSpec compared() {
  CheckSpec spec = check("clients");
  spec.others = {"java", "kcat"};
  spec.capabilities = {"topics", "group"};
  return spec;
}

Step cell(Status status, const std::string& reason, const std::string& client,
          const std::string& name) {
  return step("clients", status, reason, client, name);
}

std::vector<Row> rows(std::vector<Step> steps, Run run = run_of("kafka")) {
  return rows_of({compared()}, evidence_of(std::move(run), std::move(steps)));
}

Run run_with(std::vector<std::string> clients) {
  Run run = run_of("kafka");
  run.clients = std::move(clients);
  return run;
}

TEST(Matrix, ACellIsTheWorstOfItsSteps) {
  const auto of = make_matrices(rows({
      cell(Status::kPass, "", "librdkafka", "topics_create"),
      cell(Status::kFail, "not gone", "librdkafka", "topics_delete"),
      cell(Status::kPass, "", "librdkafka", "group"),
  }));
  ASSERT_EQ(of.size(), 1u);
  ASSERT_EQ(of[0].rows.size(), 3u);
  const auto& cells = of[0].rows[0].cells;
  EXPECT_EQ(cells[0].can, Can::kNo);
  EXPECT_EQ(cells[0].reason, "not gone");
  EXPECT_EQ(cells[1].can, Can::kYes);
}

TEST(Matrix, WhatWasSkippedIsNotTestedAndWhatWasNotAskedIsNeither) {
  const auto of = make_matrices(rows({
      cell(Status::kSkip, "kcat is not installed", "kcat", "skipped"),
      cell(Status::kPass, "", "librdkafka", "group"),
      cell(Status::kInconclusive, "nothing read", "java", "group"),
  }));
  const auto& cells = [&](std::size_t row) { return of.at(0).rows.at(row).cells; };
  EXPECT_EQ(cells(0)[0].can, Can::kNotAsked);
  EXPECT_EQ(cells(1)[1].can, Can::kNotShown);
  EXPECT_EQ(cells(2)[0].can, Can::kNotTested);
  EXPECT_EQ(reason_told(of[0].rows[2], 0), "kcat is not installed");
  EXPECT_EQ(reason_told(of[0].rows[2], 1), "");
}

TEST(Matrix, IsLeftOutWhereNothingRan) { EXPECT_TRUE(make_matrices(rows({})).empty()); }

TEST(Matrix, AVersionIsThatOfTheClientAndNotOfAnErrand) {
  Step errand = cell(Status::kPass, "", "wire", "create");
  errand.client = "java";
  errand.result.client_version = "0.1.0";
  Step own = cell(Status::kPass, "", "java", "group");
  own.result.client_version = "4.1.1";
  const auto of = make_matrices(rows({errand, own}));
  EXPECT_EQ(client_name(of.at(0).rows.at(1)), "java 4.1.1");
}

TEST(Evidence, OfAClientThatIsNotTheRunsChangesNoVerdict) {
  const auto all = rows({
      cell(Status::kPass, "", "librdkafka", "group"),
      cell(Status::kFail, "refused", "java", "group"),
      cell(Status::kFail, "refused", "librdkafka-2.6.1", "group"),
  });
  ASSERT_EQ(all.size(), 4u);
  EXPECT_EQ(all[1].status, Status::kFail);
  EXPECT_EQ(all[1].requirement, Requirement::kEvidence);
  EXPECT_EQ(all[3].client, "librdkafka-2.6.1");
  EXPECT_EQ(all[3].requirement, Requirement::kEvidence);
  EXPECT_EQ(judge(run_of("kafka"), all, {}).status, Status::kPass);
}

TEST(Evidence, OfAClientOfTheRunCounts) {
  const auto all = rows({cell(Status::kPass, "", "librdkafka", "group"),
                         cell(Status::kFail, "refused", "java", "group")},
                        run_with({"librdkafka", "java"}));
  EXPECT_TRUE(all[1].required());
  EXPECT_EQ(judge(run_with({"librdkafka", "java"}), all, {}).status, Status::kFail);
}

TEST(Evidence, AClientThatACheckDoesNotKnowIsNotAskedOfIt) {
  EXPECT_EQ(check("offsets").clients_of({"librdkafka", "wire", "java"}),
            (std::vector<std::string>{"librdkafka", "wire"}));
}

TEST(Evidence, AnswersNoQuestion) {
  CheckSpec spec = compared();
  spec.questions = {2};
  const auto all =
      rows_of({spec}, evidence_of(run_of("kafka"), {cell(Status::kPass, "", "librdkafka", "group"),
                                                    cell(Status::kFail, "no", "kcat", "group")}));
  EXPECT_EQ(answer_questions(all)[1].kind, AnswerKind::kYes);
}

}  // namespace
}  // namespace ks::report
