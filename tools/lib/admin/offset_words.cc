#include "lib/admin/offset_words.h"

#include <limits>
#include <string>

#include "lib/cli/units.h"

namespace ks::admin {
namespace {

cli::Result<std::int64_t> parse_int64(std::string_view text) {
  const auto value = cli::parse_count(text);
  if (!value || *value > std::numeric_limits<std::int64_t>::max()) return cli::fail("out of range");
  return static_cast<std::int64_t>(*value);
}

}  // namespace

cli::Result<OffsetWord> parse_offset(std::string_view text) {
  constexpr std::string_view kFromTime = "s@";
  if (text == "beginning") return OffsetWord{OffsetWord::Kind::kBeginning, 0};
  if (text == "end") return OffsetWord{OffsetWord::Kind::kEnd, 0};
  const bool is_time = text.starts_with(kFromTime);
  const auto value = parse_int64(is_time ? text.substr(kFromTime.size()) : text);
  if (!value) {
    return cli::fail("not an offset '" + std::string(text) + "'", "-o",
                     "give beginning, end, s@MILLISECONDS or a number from 0");
  }
  return OffsetWord{is_time ? OffsetWord::Kind::kTimestamp : OffsetWord::Kind::kNumber, *value};
}

cli::Result<client::Position> parse_position(std::string_view text) {
  const std::size_t open = text.rfind('[');
  const std::size_t close = text.rfind("]=");
  if (open != std::string_view::npos && open > 0 && close != std::string_view::npos &&
      open < close) {
    const auto partition = cli::parse_count(text.substr(open + 1, close - open - 1));
    const auto offset = parse_int64(text.substr(close + 2));
    if (partition && *partition <= std::numeric_limits<std::int32_t>::max() && offset) {
      return client::Position{
          {std::string(text.substr(0, open)), static_cast<std::int32_t>(*partition)}, *offset};
    }
  }
  return cli::fail("not a position '" + std::string(text) + "'", "commit",
                   "write it like orders[0]=42");
}

}  // namespace ks::admin
