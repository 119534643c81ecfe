#include "lib/workload/verification.h"

#include <map>

#include "lib/cli/output.h"
#include "lib/history/reader.h"

namespace ks::workload {
namespace {

// Judges every file of the folder; damage to one is evidence missing, not an excuse.
cli::Result<verify::Verdict> check_folder(const std::string& folder) {
  history::Names names;
  verify::Checker checker(names, {});
  std::map<const history::FileSummary*, verify::Writer> writers;
  const auto files =
      history::read_folder(folder, names, [&](const auto& file, const history::Event& event) {
        const auto [entry, is_new] = writers.try_emplace(&file);
        if (is_new) {
          entry->second = {static_cast<std::uint32_t>(writers.size()),
                           history::run_hash(file.head.run_id), file.head.in_order,
                           file.head.retries_may_duplicate};
        }
        checker.add(entry->second, event);
      });
  if (!files) return tl::make_unexpected(files.error());
  verify::Verdict verdict = checker.finish();
  for (const history::FileSummary& file : *files) {
    if (file.problem) verdict.missing.push_back(file.problem->message());
  }
  return verdict;
}

void put(const verify::Verdict& verdict, bool explained_allowed, report::Result& result) {
  report::Metrics& m = result.metrics;
  m["attempted_records"] = static_cast<double>(verdict.attempts);
  m["acked_records"] = static_cast<double>(verdict.acked);
  m["failed_records"] = static_cast<double>(verdict.failed);
  m["unknown_records"] = static_cast<double>(verdict.unknown);
  m["verified_reads"] = static_cast<double>(verdict.reads);
  m["uuid_matched_records"] = static_cast<double>(verdict.matched);
  m["foreign_records"] = static_cast<double>(verdict.foreign);
  std::uint64_t anomalies = 0;
  for (const auto& [type, anomaly] : verdict.anomalies) {
    const std::uint64_t allowed = explained_allowed ? anomaly.explained : 0;
    result.anomalies.push_back({verify::name_of(type), anomaly.count, allowed, anomaly.examples});
    if (anomaly.count <= allowed) continue;
    anomalies += anomaly.count - allowed;
    result.lower_to(report::Status::kFail, std::string(verify::name_of(type)) + ": " +
                                               std::to_string(anomaly.count) + ", first " +
                                               anomaly.examples.front());
  }
  m["anomalies"] = static_cast<double>(anomalies);
  if (!verdict.missing.empty()) result.data["missing_evidence"] = verdict.missing;
  for (const std::string& missing : verdict.missing) {
    result.lower_to(report::Status::kInconclusive, missing);
  }
}

}  // namespace

cli::Result<std::unique_ptr<Evidence>> Evidence::open(const tool::Session& session,
                                                      const ConsumePlan& plan) {
  auto evidence = std::make_unique<Evidence>();
  evidence->verify_ = session.has("verify");
  if (!session.history_dir.empty()) {
    auto history = history::Writer::create(
        session.history_dir,
        {session.result.run_id, "ks-consume", session.result.client, false, false});
    if (!history) return tl::make_unexpected(history.error());
    evidence->history_ = std::move(*history);
  } else if (evidence->verify_) {
    evidence->checker_ = std::make_unique<verify::Checker>(evidence->own_names_,
                                                           verify::Options{.reads_only = true});
  }
  evidence->topic_name_ = evidence->names().id(plan.topic);
  evidence->group_name_ = evidence->names().id(plan.group);
  return evidence;
}

ConsumeSinks Evidence::sinks(std::function<void(const client::ConsumedRecord&)> printer) {
  ConsumeSinks sinks;
  sinks.record = std::move(printer);
  sinks.tick = [this] {
    auto written = cli::tick_output();
    return written && history_ != nullptr ? history_->tick() : written;
  };
  if (history_ != nullptr) {
    sinks.event = [this](const history::Event& event) { history_->append(event); };
  } else if (checker_ != nullptr) {
    sinks.event = [this](const history::Event& event) { checker_->add({}, event); };
  }
  return sinks;
}

cli::Result<void> Evidence::judge(tool::Session& session) {
  const bool explained_allowed = session.has("allow");
  if (history_ != nullptr) {
    session.result.artifacts.push_back(history_->path());
    if (auto closed = history_->close(); !closed) return closed;
    if (!verify_) return {};
    const auto verdict = check_folder(session.history_dir);
    if (!verdict) return tl::make_unexpected(verdict.error());
    put(*verdict, explained_allowed, session.result);
  } else if (checker_ != nullptr) {
    put(checker_->finish(), explained_allowed, session.result);
  }
  return {};
}

}  // namespace ks::workload
