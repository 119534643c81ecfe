#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lib/history/writer.h"
#include "lib/tool/tool.h"

namespace ks::ops {

// Tells the history that --history names when a fault began, was seen to be there, and was gone
// again; without --history, nobody. A fault may begin in one process and be healed in another: they
// know it by its name. Each event is with the system before the call returns.
class FaultLog {
 public:
  static cli::Result<FaultLog> open(tool::Session& session);

  // `at_ns` is cli::monotonic_ns() of when it was so.
  void begin(const std::string& fault, std::int64_t at_ns);
  void confirm(const std::string& fault, std::int64_t at_ns);
  void heal(const std::string& fault, std::int64_t at_ns);

  // The first error of all that was written.
  cli::Result<void> close();

 private:
  void append(history::Kind kind, const std::string& fault, std::int64_t at_ns);

  std::unique_ptr<history::Writer> writer_;  // may be null
};

}  // namespace ks::ops
