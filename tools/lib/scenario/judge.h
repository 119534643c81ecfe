#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/result.h"
#include "lib/scenario/scenario.h"
#include "lib/stats/histogram.h"

// From the results of a scenario's steps to what its checks say. No I/O.
namespace ks::scenario {

// One named scenario: its clients together.
struct Figures {
  std::string name;
  Type type = Type::kProduce;
  bool is_complete = true;  // each client has a result that is not an error
  std::string why;          // it is not
  double records = 0;       // acknowledged, or read
  double attempts = 0;      // of which so many were errors
  double errors = 0;
  double mismatched = 0;                  // values without their record's UUID
  double elapsed_s = 0;                   // of the slowest client
  stats::Histogram latency;               // ns; merged, never averaged
  std::map<std::string, double> samples;  // metrics: the page
};

// `results` are those of its clients.
Figures figures_of(const Traffic& traffic, const std::vector<report::Result>& results);

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

// What a check says. `verification` is the result of ks-verify, where there is one.
Outcome judge(const Check& check, const std::vector<Figures>& figures,
              const std::optional<report::Result>& verification);

// The anomalies that a check is about.
std::vector<std::string> anomalies_of(const Check& check);

}  // namespace ks::scenario
