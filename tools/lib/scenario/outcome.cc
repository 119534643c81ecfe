#include "lib/scenario/outcome.h"

#include <cmath>
#include <cstdio>

namespace ks::scenario {

using report::Status;

std::string text_of(double value) {
  char text[48];
  std::snprintf(text, sizeof text, "%.10g", value);
  return text;
}

double rounded(double value) {
  constexpr double kDigits = 1000;
  return std::round(value * kDigits) / kDigits;
}

void set(Outcome& outcome, Status status, const std::string& reason) {
  outcome.status = status;
  outcome.reason = status == Status::kPass ? "" : reason;
}

void compare(Outcome& outcome, bool holds, std::string expected, std::string actual) {
  outcome.expected = std::move(expected);
  outcome.actual = std::move(actual);
  set(outcome, holds ? Status::kPass : Status::kFail,
      "expected " + outcome.expected + ", observed " + outcome.actual);
}

void compare(Outcome& outcome, const char* op, double limit, double observed,
             const std::string& unit) {
  const bool holds = report::holds({outcome.name, op, limit}, observed);
  outcome.threshold = report::Threshold{outcome.name, op, limit, observed, holds};
  compare(outcome, holds, std::string(op) + " " + text_of(limit) + unit, text_of(observed) + unit);
}

void Outcome::void_for(const std::string& why) {
  status = Status::kError;
  reason = why;
  threshold.reset();
}

}  // namespace ks::scenario
