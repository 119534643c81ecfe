#include "lib/runs/report_main.h"

#include <gtest/gtest.h>

#include <iostream>
#include <stdexcept>
#include <streambuf>

namespace ks::runs {
namespace {

struct Broken : std::streambuf {
  int_type overflow(int_type) override { throw std::runtime_error("broken"); }
};

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
