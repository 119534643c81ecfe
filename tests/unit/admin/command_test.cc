#include "lib/admin/command.h"

#include <gtest/gtest.h>

#include <array>

namespace ks::admin {
namespace {

using Words = std::vector<std::string>;

// Commands that reach no broker: one that tells what it was given, one that fails before it
// connects.
Answer given(Context& context) {
  Answer answer{{{"name"}, {}}, {{"names", static_cast<double>(context.names.size())}}, {}, {}};
  for (const std::string& name : context.names) answer.table.rows.push_back({name});
  return answer;
}
cli::Result<Answer> show(Context& context) { return given(context); }
cli::Result<Answer> object(Context& context) {
  Answer answer = given(context);
  answer.violation = "something is wrong";
  return answer;
}
cli::Result<Answer> refuse(Context&) { return cli::fail("bad usage"); }

const std::array kCommands{
    Command{"things show", "NAME...", 1, 2, {"color", "wait"}, true, true, show},
    Command{"things object", "", 0, 0, {}, true, false, object},
    Command{"refuse", "", 0, 0, {"wait"}, true, false, refuse},
};

class RunCommand : public testing::Test {
 protected:
  RunCommand() { session_.json_on_stdout = true; }  // keeps stdout clean

  void set(const char* option, const boost::any& value) {
    session_.options.insert({option, cli::po::variable_value(value, false)});
  }
  std::string error_of(Words words) {
    session_.words = std::move(words);
    const auto done = run_command(kCommands, session_);
    return done ? "" : done.error().message();
  }
  void expect_error(Words words, const std::string& part) {
    const std::string error = error_of(std::move(words));
    EXPECT_NE(error.find(part), std::string::npos) << "'" << error << "' lacks '" << part << "'";
  }

  tool::Session session_;
};

TEST_F(RunCommand, FillsTheResult) {
  EXPECT_EQ(error_of({"things", "show", "a", "b"}), "");
  EXPECT_EQ(session_.result.metrics.at("names"), 2);
  EXPECT_EQ(session_.result.data, Json::parse(R"([{"name":"a"},{"name":"b"}])"));
  EXPECT_EQ(session_.result.status, report::Status::kPass);
}

TEST_F(RunCommand, AViolationFailsTheResultWithItsReason) {
  EXPECT_EQ(error_of({"things", "object"}), "");
  EXPECT_EQ(session_.result.status, report::Status::kFail);
  EXPECT_EQ(session_.result.reason, "something is wrong");
}

TEST_F(RunCommand, UnknownWordsGetTheOnesThereAre) {
  expect_error({}, "give one of");
  expect_error({}, "things, refuse");
  expect_error({"stuff"}, "unknown command 'stuff': give one of things, refuse");
  expect_error({"things"}, "incomplete command 'things': give one of show, object");
  expect_error({"things", "hide"}, "unknown command 'things hide': give one of show, object");
}

TEST_F(RunCommand, NamesAreCounted) {
  expect_error({"things", "show"}, "'things show' needs more words: things show NAME...");
  expect_error({"things", "show", "a", "b", "c"}, "does not take 'c'");
  expect_error({"things", "show", ""}, "a name is empty");
}

TEST_F(RunCommand, AnOptionOfAnotherCommandIsRefused) {
  set("color", std::string("red"));
  expect_error({"things", "object"}, "option '--color' does not go with 'things object'");
  EXPECT_EQ(error_of({"things", "show", "a"}), "");
}

TEST_F(RunCommand, HistoryIsRefusedWhereThereIsNothingToRecord) {
  session_.history_dir = "somewhere";
  expect_error({"things", "object"}, "nothing to record");
}

TEST_F(RunCommand, AnUnknownFormatIsRefused) {
  set("format", std::string("xml"));
  expect_error({"things", "object"}, "unknown format 'xml'");
}

TEST_F(RunCommand, BadUsageEndsAWaitAtOnce) {
  set("wait", cli::DurationArg{std::chrono::hours(1)});
  expect_error({"refuse"}, "bad usage");
}

TEST_F(RunCommand, AWaitEndsWhenEverythingHolds) {
  set("wait", cli::DurationArg{std::chrono::hours(1)});
  session_.expectations = {*report::parse_expectation("names == 1")};
  EXPECT_EQ(error_of({"things", "show", "a"}), "");
}

TEST_F(RunCommand, AWaitThatEndsInVainLeavesTheLastAnswer) {
  set("wait", cli::DurationArg{std::chrono::milliseconds(1)});
  session_.expectations = {*report::parse_expectation("names == 2")};
  EXPECT_EQ(error_of({"things", "show", "a"}), "");
  EXPECT_EQ(session_.result.metrics.at("names"), 1);
}

TEST(AskUntilItHolds, AsksAgainUntilTheAnswerIsRight) {
  tool::Session session;
  session.expectations = {*report::parse_expectation("looks >= 3")};
  Context context(session, {});
  double looks = 0;
  const auto answer = context.ask_until_it_holds(
      [&](Context&) -> cli::Result<Answer> {
        return Answer{{}, {{"looks", ++looks}}, {}, {}};
      },
      std::chrono::minutes(1));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->metrics.at("looks"), 3);
}

TEST(WithDone, SaysWhatWasDoneBeforeTheError) {
  const Table done{{"topic"}, {{"a"}, {"b"}}};
  EXPECT_EQ(with_done({"refused", "c", ""}, done).message(), "refused: c; done before: a, b");
  EXPECT_EQ(with_done({"refused", "c", ""}, Table{}).message(), "refused: c");
}

}  // namespace
}  // namespace ks::admin
