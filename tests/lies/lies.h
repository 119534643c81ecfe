#pragma once

#include <string_view>
#include <vector>

#include "lie.h"

namespace ks::lies {

// Whose traffic the runner sends through a lie.
inline constexpr const char* kBoth = "wire librdkafka";
inline constexpr const char* kWire = "wire";

// A lie by its name, what must notice it, and the traffic that the runner has to send through it.
struct NamedLie {
  const char* name;
  const char* check;  // what the traffic looks for: anomalies, all of them, or a regular expression
  const char* traffic;  // as tests/lies/traffic.sh has it
  const char* clients;
  Lie (*make)(Draw draw);  // null: it is not the broker that lies
};

const std::vector<NamedLie>& all_lies();
const NamedLie* find_lie(std::string_view name);  // null: there is none

// produce_lies.cc: what is stored, and what is acknowledged.
Lie stored_twice(Draw draw);
Lie invented_record(Draw draw);
Lie rejected_but_stored(Draw draw);
Lie ack_offset_zero(Draw draw);
Lie ack_offset_wrong(Draw draw);
Lie reused_offset(Draw draw);
Lie lower_offset_later(Draw draw);
Lie reset_after_append(Draw draw);
Lie late_acks(Draw draw);
Lie never_answered(Draw draw);
Lie rejected_in_part(Draw draw);

// fetch_lies.cc: what a reader is given.
Lie dropped_record(Draw draw);
Lie swapped_records(Draw draw);
Lie rewritten_offset(Draw draw);
Lie fetch_skips(Draw draw);
Lie fetch_repeats(Draw draw);
Lie other_partition(Draw draw);
Lie flipped_payload(Draw draw);
Lie wrong_crc(Draw draw);
Lie truncated_batch(Draw draw);

// offset_lies.cc: where a log ends.
Lie hidden_tail(Draw draw);
Lie shrunk_log(Draw draw);
Lie stale_end(Draw draw);
Lie hole(Draw draw);

// group_lies.cc: what a group has committed, and who is in it.
Lie forgotten_commit(Draw draw);
Lie inflated_commit(Draw draw);
Lie fenced_commit(Draw draw);
Lie fenced_heartbeat(Draw draw);
Lie assigned_twice(Draw draw);

// frame_lies.cc: what is no answer to the request.
Lie partial_frame(Draw draw);
Lie huge_length(Draw draw);
Lie negative_length(Draw draw);
Lie wrong_correlation(Draw draw);
Lie answered_twice(Draw draw);

}  // namespace ks::lies
