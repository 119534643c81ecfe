#pragma once

#include <string>
#include <vector>

#include "lib/report/result.h"
#include "lib/report/step.h"

// A check that is killed leaves only results that passed: that it reached its end must be seen.
namespace ks::report {

// The step that stands for a check's end: results/CHECK.CLIENT.end.json. From the check's begin on
// it says what the check comes to if it dies; at the end, its status and, as artifacts, the results
// of its steps.
inline constexpr const char* kEndStep = "end";
inline constexpr const char* kNoEnd = "it did not reach its end: killed, or still running";

// What a check's end adds to its steps: pass where they say everything.
struct CheckEnd {
  std::string check;
  std::string client;
  Status status = Status::kPass;
  std::string reason;
};

// `end` is a result of kEndStep, `steps` those of its check in the same run. A pass without all its
// results is none.
CheckEnd judge_end(const Result& end, const std::vector<const Step*>& steps);

// Whether the check had the step when it ended.
bool covers(const Result& end, const Step& step);

}  // namespace ks::report
