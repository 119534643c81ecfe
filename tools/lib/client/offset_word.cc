#include "lib/client/offset_word.h"

#include <algorithm>
#include <limits>

#include "lib/cli/units.h"

namespace ks::client {

using Kind = OffsetWord::Kind;

cli::Result<OffsetWord> parse_offset_word(std::string_view text) {
  if (text == "beginning") return OffsetWord{Kind::kEarliest, 0};
  if (text == "end") return OffsetWord{Kind::kLatest, 0};
  if (text == "stored") return OffsetWord{Kind::kCommitted, 0};
  Kind kind = Kind::kNumber;
  std::string_view digits = text;
  if (text.starts_with("s@")) {
    kind = Kind::kTimestamp;
    digits.remove_prefix(2);
  } else if (text.starts_with('-')) {
    kind = Kind::kBeforeEnd;
    digits.remove_prefix(1);
  }
  const auto value = cli::parse_count(digits);
  if (!value || *value > std::numeric_limits<std::int64_t>::max()) {
    return cli::fail("not an offset '" + std::string(text) + "'", "-o",
                     "give beginning, end, stored, N, -N or s@MILLISECONDS");
  }
  return OffsetWord{kind, static_cast<std::int64_t>(*value)};
}

cli::Result<void> check_in_log(const TopicPartition& at, std::int64_t offset,
                               std::int64_t beginning, std::int64_t end) {
  if (beginning <= offset && offset <= end) return {};
  return cli::fail("offset " + std::to_string(offset) + " is not in the log", at.text(),
                   "it reaches from " + std::to_string(beginning) + " to " + std::to_string(end));
}

cli::Result<std::int64_t> resolve(Admin& admin, const TopicPartition& at, const OffsetWord& word,
                                  cli::Deadline deadline) {
  switch (word.kind) {
    case Kind::kEarliest:
      return admin.list_offset(at, kBeginning, deadline);
    case Kind::kTimestamp: {
      auto offset = admin.list_offset(at, word.value, deadline);
      if (!offset || *offset != kEnd) return offset;
      break;
    }
    case Kind::kCommitted:
      return cli::fail("only a group has a stored offset", at.text(), "use -G GROUP");
    case Kind::kLatest:
    case Kind::kNumber:
    case Kind::kBeforeEnd:
      break;
  }
  auto end = admin.list_offset(at, kEnd, deadline);
  if (!end || (word.kind != Kind::kNumber && word.kind != Kind::kBeforeEnd)) return end;
  auto beginning = admin.list_offset(at, kBeginning, deadline);
  if (!beginning) return beginning;
  if (word.kind == Kind::kBeforeEnd) return std::max(*beginning, *end - word.value);
  if (auto ok = check_in_log(at, word.value, *beginning, *end); !ok) {
    return tl::make_unexpected(ok.error());
  }
  return word.value;
}

}  // namespace ks::client
