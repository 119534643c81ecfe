#pragma once

#include <optional>
#include <string>

#include "lib/report/result.h"

namespace ks::scenario {

// What a check says.
struct Outcome {
  std::string name;
  std::string type;
  report::Status status = report::Status::kPass;
  std::string expected;                        // "== 1000"
  std::string actual;                          // "998"
  std::string reason;                          // empty only for pass
  std::optional<report::Threshold> threshold;  // where it is one figure; its metric is the check

  // Takes back what it says: the scenario did not run as it is described.
  void void_for(const std::string& why);
};

// Says how it is, and why where that is no pass.
void set(Outcome& outcome, report::Status status, const std::string& reason);

// Fails it where it does not hold.
void compare(Outcome& outcome, bool holds, std::string expected, std::string actual);

// The same for one figure; `unit` stands behind both.
void compare(Outcome& outcome, const char* op, double limit, double observed,
             const std::string& unit = "");

// A figure as it is told, at most ten digits of it.
std::string text_of(double value);

// Three digits behind the point say all that a clock and a machine can tell.
double rounded(double value);

}  // namespace ks::scenario
