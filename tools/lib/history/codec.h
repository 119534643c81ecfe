#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/cli/error.h"
#include "lib/history/event.h"

// The inside of a history block. Each block stands alone: it starts with the names its events use
// (varint count, then length-prefixed texts), then come the events. An event is its kind, a varint
// mask of the fields that differ from their prediction, and those fields as zigzag varints of the
// difference. A field is predicted from the last event of the same kind in the block: sequence and
// offset one higher, all others the same; the time from the last event of any kind.
namespace ks::history {

class BlockEncoder {
 public:
  // `names` gives the texts of the ids in the events; it must outlive the encoder.
  explicit BlockEncoder(const Names& names) : names_(names) {}

  void append(const Event& event);
  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }

  // The finished block; the encoder starts the next one.
  std::string take();

 private:
  std::uint32_t local_name(std::uint32_t id);

  const Names& names_;
  std::string events_;
  std::vector<std::uint32_t> local_;  // the block's names, by their number in the block
  std::vector<Event> last_ = std::vector<Event>(kLastKind + 1);
  std::int64_t last_time_ns_ = 0;
};

// Calls `visit` for each event of a block; names are numbered by `names`. An error tells the offset
// within the block; the events before it were visited.
cli::Result<void> decode_block(std::string_view block, Names& names,
                               const std::function<void(const Event&)>& visit);

}  // namespace ks::history
