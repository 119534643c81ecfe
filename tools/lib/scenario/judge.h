#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "lib/report/result.h"
#include "lib/scenario/outcome.h"
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
  double refusals = 0;                    // errors of authorization
  double mismatched = 0;                  // values without their record's UUID
  double elapsed_s = 0;                   // of the slowest client
  std::int64_t began_ns = 0;              // the first client, wall clock
  stats::Histogram latency;               // ns; merged, never averaged
  std::map<std::string, double> samples;  // metrics: the page
  std::map<std::string, double> growth;   // metrics: of series that have to move
  std::vector<std::string> violations;    // metrics: what the page does not keep
};

// `results` are those of its clients.
Figures figures_of(const Traffic& traffic, const std::vector<report::Result>& results);

// What a check says. `verification` is the result of ks-verify, where there is one.
Outcome judge(const Check& check, const std::vector<Figures>& figures,
              const std::optional<report::Result>& verification);

// The same of one that is judged by the history (Check::needs_history).
void judge_history(const Check& check, const std::vector<Figures>& figures,
                   const report::Result& verification, Outcome& out);

// The anomalies that a check is about.
std::vector<std::string> anomalies_of(const Check& check);

}  // namespace ks::scenario
