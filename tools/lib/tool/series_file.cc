#include "lib/tool/series_file.h"

#include "lib/cli/environment.h"
#include "lib/cli/file.h"

namespace ks::tool {
namespace {

std::string path_of(const Session& session) {
  const report::Result& result = session.result;
  const std::string run_folder = cli::environment("KS_RUN_DIR");
  const bool is_step = !run_folder.empty() && !result.check.empty() && !result.step.empty();
  return session.option<std::string>("series", is_step ? run_folder + "/series/" + result.check +
                                                             "." + result.client + "." +
                                                             result.step + ".jsonl"
                                                       : "");
}

}  // namespace

cli::Result<void> write_series(Session& session, const std::string& lines) {
  session.result.series = path_of(session);
  if (session.result.series.empty()) return {};
  return cli::write_file(session.result.series, lines);
}

}  // namespace ks::tool
