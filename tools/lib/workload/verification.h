#pragma once

#include <memory>

#include "lib/history/writer.h"
#include "lib/tool/tool.h"
#include "lib/verify/checker.h"
#include "lib/workload/consume.h"

namespace ks::workload {

// Where a consumer's events go, and what is made of them: to the history (--history), and with
// --verify to the checker, which judges the whole history folder, this consumer's part included.
class Evidence {
 public:
  static cli::Result<std::unique_ptr<Evidence>> open(tool::Session& session,
                                                     const ConsumePlan& plan);

  std::uint32_t topic_name() const { return topic_name_; }
  std::uint32_t group_name() const { return group_name_; }
  ConsumeSinks sinks(std::function<void(const client::ConsumedRecord&)> printer);

  // Closes the history; with --verify puts anomalies, metrics and the status they imply into the
  // session's result.
  cli::Result<void> judge(tool::Session& session);

 private:
  history::Names& names() { return history_ != nullptr ? history_->names() : own_names_; }

  bool verify_ = false;
  std::unique_ptr<history::Writer> history_;  // with --history
  history::Names own_names_;                  // without
  std::unique_ptr<verify::Checker> checker_;  // --verify without --history: what was read, alone
  std::uint32_t topic_name_ = 0;
  std::uint32_t group_name_ = 0;
};

}  // namespace ks::workload
