#include "lib/workload/tally_file.h"

namespace ks::workload {

cli::Result<std::unique_ptr<cli::Tally>> open_tally(const tool::Session& session) {
  const auto path = session.option<std::string>("tally", "");
  if (path.empty()) return nullptr;
  auto tally = cli::Tally::open(path);
  if (!tally) return tl::make_unexpected(tally.error());
  return std::make_unique<cli::Tally>(std::move(*tally));
}

}  // namespace ks::workload
