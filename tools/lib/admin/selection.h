#pragma once

#include <string>
#include <vector>

#include "lib/admin/context.h"
#include "lib/admin/offset_words.h"

namespace ks::admin {

// What -t, -p and -G select.
struct Selection {
  std::string group;  // empty where the command needs none
  std::string topic;
  std::vector<std::int32_t> partitions;  // as -p gave them, ascending; empty: all
};

enum class Group { kNotNeeded, kNeeded };

// Reads the options; nothing is asked of a broker.
cli::Result<Selection> read_selection(const tool::Session& session, Group group);

// The selected partitions in order, after asking which there are. An unknown topic or partition is
// an error.
cli::Result<std::vector<client::TopicPartition>> find_partitions(Context& context,
                                                                 const Selection& selection);

// The offset that `word` means there; a number means itself. For a time after the last record:
// client::kEnd.
cli::Result<std::int64_t> ask_offset(Context& context, const client::TopicPartition& at,
                                     const OffsetWord& word);

// Puts `value` into the metrics NAME_min, NAME_max and NAME_sum.
void measure(report::Metrics& metrics, const std::string& name, std::int64_t value);

}  // namespace ks::admin
