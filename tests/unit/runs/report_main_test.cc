#include "lib/runs/report_main.h"

#include <gtest/gtest.h>

#include <iostream>
#include <sstream>
#include <stdexcept>
#include <streambuf>

namespace ks::runs {
namespace {

struct Broken : std::streambuf {
  int_type overflow(int_type) override { throw std::runtime_error("broken"); }
};

TEST(ReportMain, HelpTellsEveryStageAndEveryReasonOfAStatus) {
  std::ostringstream help;
  std::streambuf* const before = std::cout.rdbuf(help.rdbuf());
  const char* const argv[] = {"ks-report", "--help"};
  const int status = report_main(2, argv);
  std::cout.rdbuf(before);
  EXPECT_EQ(status, 0);
  for (const char* told : {"--stage pr|main|release|performance|delivery",
                           "3 too few earlier runs or a figure that is missing"}) {
    EXPECT_NE(help.str().find(told), std::string::npos) << told;
  }
}

// Of what a library throws the user is told, in a line and with the status of what could not run.
TEST(ReportMain, WhatIsThrownWithinIsAnErrorLikeAnyOther) {
  Broken broken;
  std::streambuf* const before = std::cout.rdbuf(&broken);
  std::cout.exceptions(std::ios::badbit);
  const char* const argv[] = {"ks-report", "--version"};
  testing::internal::CaptureStderr();
  const int status = report_main(2, argv);
  const std::string said = testing::internal::GetCapturedStderr();
  std::cout.exceptions(std::ios::goodbit);
  std::cout.rdbuf(before);
  EXPECT_EQ(status, 2);
  EXPECT_EQ(said, "ks-report: broken\n");
}

}  // namespace
}  // namespace ks::runs
