#include "lib/workload/verification.h"

#include "lib/audit/audit.h"
#include "lib/cli/output.h"

namespace ks::workload {

cli::Result<std::unique_ptr<Evidence>> Evidence::open(tool::Session& session,
                                                      const ConsumePlan& plan) {
  auto evidence = std::make_unique<Evidence>();
  evidence->verify_ = session.has("verify");
  auto history = session.open_history();
  if (!history) return tl::make_unexpected(history.error());
  evidence->history_ = std::move(*history);
  if (evidence->history_ == nullptr && evidence->verify_) {
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
    sinks.flush = [this] { return history_->flush(); };
  } else if (checker_ != nullptr) {
    sinks.event = [this](const history::Event& event) { checker_->add({}, event); };
  }
  return sinks;
}

cli::Result<void> Evidence::judge(tool::Session& session) {
  const auto allowances =
      audit::Allowances::parse(session.option<std::vector<std::string>>("allow", {}));
  if (!allowances) return tl::make_unexpected(allowances.error());
  if (history_ != nullptr) {
    if (auto closed = history_->close(); !closed) return closed;
    if (!verify_) return {};
    const auto audit = audit::audit_folder(session.history_dir);
    if (!audit) return tl::make_unexpected(audit.error());
    put(*audit, *allowances, session.result);
  } else if (checker_ != nullptr) {
    audit::put(checker_->finish(), *allowances, session.result);
  }
  return {};
}

}  // namespace ks::workload
