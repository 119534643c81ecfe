#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/history/identity.h"

namespace ks::workload {

// A value with placeholders, read once and filled for each record:
//   {{uuid}}    made of the record's identity: different for each record of a run
//   {{now}}     when it was to be sent, RFC 3339 with milliseconds
//   {{seq}}     the number that its producer gives it, from 0
//   {{run_id}}  the run's
// Everything else stays as it is.
class ValueTemplate {
 public:
  // Errors name a placeholder that there is not, or one without its end.
  static cli::Result<ValueTemplate> parse(std::string_view text, const std::string& run_id);

  // Puts the record's value into `out`, whose memory is used again.
  void fill(const history::Identity& identity, std::string& out) const;

  bool has_uuid() const;

 private:
  enum class Field : std::uint8_t { kNone, kUuid, kNow, kSequence };
  struct Part {
    std::string text;
    Field field = Field::kNone;  // behind the text
  };

  std::vector<Part> parts_;
};

}  // namespace ks::workload
