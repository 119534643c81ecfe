#include "lib/report/by_profile.h"

#include <algorithm>

namespace ks::report {
namespace {

bool is_same(const Run& a, const Run& b) { return a.profile == b.profile && a.target == b.target; }

// What a run says of itself, for one environment of its scenarios.
Run run_for(const Run& whole, const ScenarioRef& first) {
  Run run = whole;
  run.profile = first.profile;
  run.target = first.target;
  run.brokers = first.brokers;
  std::erase_if(run.scenarios, [&](const ScenarioRef& scenario) {
    return scenario.profile != first.profile || scenario.target != first.target;
  });
  for (const ScenarioRef& scenario : run.scenarios) {
    for (const std::string& broker : scenario.brokers) {
      if (std::ranges::find(run.brokers, broker) == run.brokers.end())
        run.brokers.push_back(broker);
    }
  }
  run.clients = clients_of(run.scenarios);
  return run;
}

RunFolder folder_for(const RunFolder& whole, const ScenarioRef& first) {
  RunFolder folder = whole;
  folder.run = run_for(whole.run, first);
  const auto is_of_another = [&](const std::string& check) {
    return folder.run.scenario(check) == nullptr && whole.run.scenario(check) != nullptr;
  };
  std::erase_if(folder.steps, [&](const Step& step) { return is_of_another(step.result.check); });
  std::erase_if(folder.ends, [&](const CheckEnd& end) { return is_of_another(end.check); });
  // Their names begin with the check's.
  std::erase_if(folder.logs, [&](const std::filesystem::path& log) {
    const std::string name = log.filename().string();
    return is_of_another(name.substr(0, name.find('.')));
  });
  return folder;
}

// A folder of one environment, or those of its scenarios.
std::vector<RunFolder> parts_of(const RunFolder& folder) {
  std::vector<RunFolder> parts;
  for (const ScenarioRef& scenario : folder.run.scenarios) {
    const bool is_known = std::ranges::any_of(parts, [&](const RunFolder& part) {
      return part.run.profile == scenario.profile && part.run.target == scenario.target;
    });
    if (!is_known) parts.push_back(folder_for(folder, scenario));
  }
  if (parts.empty()) parts.push_back(folder);
  return parts;
}

}  // namespace

std::vector<Evidence> by_profile(const Evidence& folders) {
  std::vector<Evidence> out;
  for (const RunFolder& folder : folders) {
    for (RunFolder& part : parts_of(folder)) {
      const auto found = std::ranges::find_if(
          out, [&](const Evidence& known) { return is_same(known.front().run, part.run); });
      if (found == out.end()) {
        out.push_back({std::move(part)});
      } else {
        found->push_back(std::move(part));
      }
    }
  }
  return out;
}

}  // namespace ks::report
