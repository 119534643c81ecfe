#include "lib/report/tap.h"

#include <gtest/gtest.h>

#include "mixed_summary.h"

namespace ks::report {
namespace {

std::string tap_of(const Manifest& manifest, std::vector<Step> steps) {
  return to_tap(
      summarize(manifest, evidence_of(run_of("kafka"), std::move(steps)), "run", "report"));
}

TEST(Tap, OfAPassEveryPointIsOk) {
  const std::string text = to_tap(passed_summary());
  EXPECT_TRUE(text.starts_with("TAP version 14\n1..1\n# "));
  EXPECT_TRUE(has(text, "\nok 1 - offsets (librdkafka)\n"));
  EXPECT_FALSE(has(text, "not ok"));
}

TEST(Tap, WhatIsNotShownIsNotOk) {
  const std::string text =
      tap_of({check("open"), check("absent"), check("skip"), kafscale_only("metrics")},
             {step("open", Status::kInconclusive, "no data"), step("skip", Status::kSkip, "why")});
  EXPECT_TRUE(has(text, "\nnot ok 1 - open (librdkafka)\n  ---\n  status: inconclusive\n"));
  EXPECT_TRUE(has(text, "\nnot ok 2 - absent (librdkafka)\n"));
  EXPECT_TRUE(has(text, "\nnot ok 3 - skip (librdkafka)\n  ---\n  status: skip\n"));
  EXPECT_TRUE(
      has(text, "\nok 4 - metrics (librdkafka) # SKIP not required: Apache Kafka has none"));
}

TEST(Tap, WhatDoesNotCountIsToDo) {
  const std::string text = tap_of({check("offsets")}, {step("offsets", Status::kPass),
                                                       step("other", Status::kError, "no Java")});
  EXPECT_TRUE(has(text, "\nnot ok 2 - other (librdkafka) # TODO nothing asks for it\n"));
}

TEST(Tap, WhatIsWrongWithTheRunIsAPoint) {
  Evidence evidence = evidence_of(run_of("kafka"), {step("offsets", Status::kPass)});
  evidence[0].run.interrupted = "signal 2";
  const std::string text = to_tap(summarize({check("offsets")}, evidence, "run", "report"));
  EXPECT_TRUE(has(text, "\n1..2\n"));
  EXPECT_TRUE(has(text, "\nnot ok 2 - the run\n  ---\n  status: inconclusive\n"));
}

TEST(Tap, HostileTextIsNoDirectiveAndNoPoint) {
  const std::string text =
      tap_of({check("offsets")},
             {step("offsets", Status::kFail, "lost # SKIP\nok 7 - all is well\n  ...")});
  EXPECT_FALSE(has(text, "\nok"));
  EXPECT_TRUE(has(text, "\n  message: \"lost # SKIP ok 7 - all is well   ...\"\n")) << text;
  const std::string named = tap_of({check("a # SKIP \\")}, {});
  EXPECT_TRUE(has(named, "not ok 1 - a \\# SKIP \\\\ (librdkafka)\n"));
}

}  // namespace
}  // namespace ks::report
