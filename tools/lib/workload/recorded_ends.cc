#include "lib/workload/recorded_ends.h"

#include "lib/report/result.h"

namespace ks::workload {

cli::Result<RecordedEnds> read_recorded_ends(const std::filesystem::path& file,
                                             const std::string& topic) {
  const auto result = report::read_result(file);
  if (!result) return tl::make_unexpected(result.error());
  RecordedEnds out;
  try {
    for (const auto& row : result->data) {
      if (row.at("topic") == topic) out[row.at("partition")] = row.at("latest");
    }
  } catch (const nlohmann::ordered_json::exception&) {
    out.clear();
  }
  if (!out.empty()) return out;
  return cli::fail("no ends of topic '" + topic + "'", file.string(),
                   "give the --json of 'ks-offsets list -t " + topic + "'");
}

}  // namespace ks::workload
