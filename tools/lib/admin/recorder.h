#pragma once

#include <memory>
#include <string>

#include "lib/client/client.h"
#include "lib/history/writer.h"
#include "lib/tool/tool.h"

namespace ks::admin {

// Writes what ks-offsets saw and did to the history that --history names; without it, nothing.
class Recorder {
 public:
  static cli::Result<Recorder> open(tool::Session& session);

  // One event. `group` may be empty; `began_ns` is the monotonic clock.
  void append(history::Kind kind, const client::Position& position, const std::string& group,
              history::Outcome outcome, std::int64_t began_ns);
  cli::Result<void> close();

 private:
  std::unique_ptr<history::Writer> writer_;
};

}  // namespace ks::admin
