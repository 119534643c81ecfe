#include "lib/probe/promised.h"

#include "lib/report/promises.h"

namespace ks::probe {
namespace {

int missing_versions(const wire::VersionRange& promised, const wire::VersionRange& offered) {
  int missing = 0;
  for (int version = promised.min; version <= promised.max; ++version) {
    if (!offered.contains(static_cast<std::int16_t>(version))) ++missing;
  }
  return missing;
}

}  // namespace

cli::Result<report::Charter> promised(const tool::Session& session) {
  if (!session.has("charter")) return report::Charter{};
  return report::load_charter(session.option<std::string>("charter", ""));
}

void judge_promised(const report::Charter& charter, tool::Session& session) {
  std::vector<report::Expectation> expected;
  std::string evidence;
  for (const report::Promise& promise : charter.promises) {
    if (!promise.api) continue;
    const wire::VersionRange offered = session.broker_versions.range(promise.api->key);
    const int missing = missing_versions(promise.api->versions, offered);
    const std::string metric = report::missing_versions_metric(*promise.api);
    session.result.metrics[metric] += missing;
    expected.push_back({metric, "==", 0});
    if (missing == 0) continue;
    evidence += (evidence.empty() ? "" : "; ") + promise.api->name + " is promised in " +
                promise.api->versions.text() + ", offered in " + offered.text();
  }
  session.result.metrics["promised_apis"] = static_cast<double>(expected.size());
  if (expected.empty()) {
    session.result.lower_to(report::Status::kInconclusive,
                            "the charter promises no version of any API: " + charter.file);
  }
  if (!evidence.empty()) session.note({wire::FindingId::kPromisedVersionMissing, evidence});
  report::apply(expected, session.result);
}

}  // namespace ks::probe
