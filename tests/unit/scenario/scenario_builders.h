#pragma once

#include <gtest/gtest.h>

#include <string>

#include "lib/scenario/document.h"
#include "lib/scenario/plan.h"

// Short ways to say what a test is about.
namespace ks::scenario {

// REQUIRES: the text is a scenario without complaints.
inline Scenario scenario_of(const std::string& yaml) {
  const auto document = parse_yaml(yaml, "f.yaml");
  EXPECT_TRUE(document);
  auto reading = read_scenario(*document);
  EXPECT_TRUE(reading && reading->complaints.empty());
  return reading->scenario;
}

inline PlanContext context() {
  PlanContext out;
  out.run_id = "R";
  out.client = "wire";
  out.work = "/w";
  out.seed = "7";
  return out;
}

}  // namespace ks::scenario
