#include "lib/report/check_end.h"

#include <algorithm>

namespace ks::report {
namespace {

bool is_file_of(const Step& step, const std::string& artifact) {
  return step.file.filename() == std::filesystem::path(artifact).filename();
}

}  // namespace

CheckEnd judge_end(const Result& end, const std::vector<const Step*>& steps) {
  Status worst_step = Status::kPass;
  std::string missing;
  for (const std::string& artifact : end.artifacts) {
    const auto step = std::find_if(steps.begin(), steps.end(),
                                   [&](const Step* s) { return is_file_of(*s, artifact); });
    if (step == steps.end()) {
      missing = artifact;
    } else {
      worst_step = worst(worst_step, (*step)->result.status);
    }
  }
  CheckEnd out{end.check, end.client, Status::kPass, {}};
  const auto add = [&](Status status, const std::string& reason) {
    out.status = status;
    out.reason = reason;
  };
  const bool steps_say_why =
      end.status != Status::kPass && exit_status(worst_step) == exit_status(end.status);
  if (end.status != Status::kPass && !steps_say_why) {
    add(end.status, end.reason);
  } else if (!missing.empty() && (end.status == Status::kPass || end.status == Status::kFail)) {
    // Behind a failure, too: where the charter accepts that one, what got lost may be another.
    add(Status::kError, missing + " is missing");
  } else if (end.status == Status::kPass && end.artifacts.empty()) {
    add(Status::kInconclusive, "it had no step");
  }
  return out;
}

bool covers(const Result& end, const Step& step) {
  return end.check == step.result.check &&
         std::any_of(end.artifacts.begin(), end.artifacts.end(),
                     [&](const std::string& artifact) { return is_file_of(step, artifact); });
}

}  // namespace ks::report
