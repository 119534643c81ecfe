#include "lib/report/check_end.h"

#include <gtest/gtest.h>

#include "builders.h"

namespace ks::report {
namespace {

// The end of check offsets, which had these steps.
Result end_of(Status status, const std::vector<std::string>& steps) {
  Result end;
  end.check = "offsets";
  end.step = kEndStep;
  end.client = "librdkafka";
  end.status = status;
  end.reason = status == Status::kPass ? "" : "its own reason";
  for (const std::string& step : steps) {
    end.artifacts.push_back("results/offsets.librdkafka." + step + ".json");
  }
  return end;
}

Step named(const std::string& name, Status status = Status::kPass) {
  return step("offsets", status, "", "librdkafka", name);
}

CheckEnd judged(const Result& end, const std::vector<Step>& steps) {
  std::vector<const Step*> own;
  for (const Step& step : steps) own.push_back(&step);
  return judge_end(end, own);
}

TEST(CheckEnd, AddsNothingToStepsThatAreAllThere) {
  const CheckEnd end = judged(end_of(Status::kPass, {"a", "b"}), {named("a"), named("b")});
  EXPECT_EQ(end.status, Status::kPass);
  EXPECT_EQ(end.check, "offsets");
  EXPECT_EQ(end.client, "librdkafka");
}

TEST(CheckEnd, APassMissesWhatGotLost) {
  const CheckEnd end = judged(end_of(Status::kPass, {"a", "b"}), {named("a")});
  EXPECT_EQ(end.status, Status::kError);
  EXPECT_EQ(end.reason, "results/offsets.librdkafka.b.json is missing");
}

// It may have told of another failure than the one that is there, and which may be accepted.
TEST(CheckEnd, AFailureMissesWhatGotLost) {
  const CheckEnd end = judged(end_of(Status::kFail, {"a", "b"}), {named("a", Status::kFail)});
  EXPECT_EQ(end.status, Status::kError);
  EXPECT_EQ(end.reason, "results/offsets.librdkafka.b.json is missing");
}

TEST(CheckEnd, APassOfNothingShowsNothing) {
  EXPECT_EQ(judged(end_of(Status::kPass, {}), {}).status, Status::kInconclusive);
}

TEST(CheckEnd, AStatusThatAStepExplainsIsTheSteps) {
  for (const auto& [end, step] :
       {std::pair{Status::kFail, Status::kFail}, std::pair{Status::kError, Status::kError},
        std::pair{Status::kInconclusive, Status::kInconclusive},
        std::pair{Status::kInconclusive, Status::kSkip}}) {
    EXPECT_EQ(judged(end_of(end, {"a", "b"}), {named("a"), named("b", step)}).status,
              Status::kPass);
  }
}

TEST(CheckEnd, AStatusThatNoStepExplainsStays) {
  for (const Status status : {Status::kFail, Status::kError, Status::kInconclusive}) {
    const CheckEnd end = judged(end_of(status, {"a"}), {named("a")});
    EXPECT_EQ(end.status, status);
    EXPECT_EQ(end.reason, "its own reason");
  }
}

TEST(CheckEnd, CoversTheStepsItNamesAndNoNamesakesOfAnotherCheck) {
  const Result end = end_of(Status::kPass, {"a"});
  EXPECT_TRUE(covers(end, named("a")));
  EXPECT_FALSE(covers(end, named("b")));
  Step other = named("a");
  other.result.check = "groups";
  EXPECT_FALSE(covers(end, other));
}

}  // namespace
}  // namespace ks::report
