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
  using Kind = OffsetWord::Kind;
  const auto word = client::parse_offset_word(text);
  if (!word || word->kind == Kind::kCommitted || word->kind == Kind::kBeforeEnd) {
    return cli::fail("not an offset '" + std::string(text) + "'", "-o",
                     "give beginning, end, s@MILLISECONDS or a number from 0");
  }
  return *word;
}

cli::Result<client::Position> parse_position(std::string_view text) {
  const std::size_t open = text.rfind('[');
  const std::size_t close = text.rfind("]=");
  if (open != std::string_view::npos && open > 0 && close != std::string_view::npos &&
      open < close) {
    const auto partition = cli::parse_partition(text.substr(open + 1, close - open - 1));
    const auto offset = parse_int64(text.substr(close + 2));
    if (partition && offset) {
      return client::Position{{std::string(text.substr(0, open)), *partition}, *offset};
    }
  }
  return cli::fail("not a position '" + std::string(text) + "'", "commit",
                   "write it like orders[0]=42");
}

}  // namespace ks::admin
