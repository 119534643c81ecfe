#include "lies.h"

#include <algorithm>

namespace ks::lies {

const std::vector<NamedLie>& all_lies() {
  static const std::vector<NamedLie> kLies{
      {"dropped-record", "lost", "log", kBoth, dropped_record},
      {"hidden-tail", "lost|truncation", "log", kBoth, hidden_tail},
      {"shrunk-log", "truncation", "log", kBoth, shrunk_log},
      {"stored-twice", "duplicate", "log", kBoth, stored_twice},
      {"swapped-records", "producer-order", "log", kBoth, swapped_records},
      {"reused-offset", "inconsistent-offset", "log", kBoth, reused_offset},
      {"rewritten-offset", "inconsistent-offset", "log", kBoth, rewritten_offset},
      {"ack-offset-zero", "inconsistent-offset", "log", kBoth, ack_offset_zero},
      {"ack-offset-wrong", "inconsistent-offset", "log", kBoth, ack_offset_wrong},
      {"fetch-skips", "poll-skip", "log", kBoth, fetch_skips},
      {"fetch-repeats", "nonmonotonic-poll", "group", kBoth, fetch_repeats},
      {"stale-end", "stale-read", "log", kBoth, stale_end},
      {"invented-record", "phantom", "log", kBoth, invented_record},
      {"other-partition", "phantom", "log", kBoth, other_partition},
      {"rejected-but-stored", "aborted-read", "log", kBoth, rejected_but_stored},
      {"lower-offset-later", "nonmonotonic-send", "log", kBoth, lower_offset_later},
      {"hole", "offset-gap", "log", kBoth, hole},
      {"flipped-payload", "corrupt", "log", kBoth, flipped_payload},
      {"wrong-crc", "CRC|_BAD_MSG", "read", kBoth, wrong_crc},
      {"forgotten-commit", "commit-regressed", "group", kBoth, forgotten_commit},
      {"inflated-commit", "commit-ahead group-skip", "group", kBoth, inflated_commit},
      {"fenced-commit", "fenced-commit-accepted", "fence", kWire, fenced_commit},
      {"fenced-heartbeat", "fenced-heartbeat-accepted", "pause", kWire, fenced_heartbeat},
      {"assigned-twice", "assigned-twice", "shares", kWire, assigned_twice},
      {"truncated-batch", "cut off", "read", kBoth, truncated_batch},
      {"partial-frame", "closed the connection|Disconnected", "read", kBoth, partial_frame},
      {"huge-length", "(frame length|response size) [0-9]+", "read", kBoth, huge_length},
      {"negative-length", "(frame length|response size) -[0-9]+", "read", kBoth, negative_length},
      {"wrong-correlation", "another correlation id", "read", kBoth, wrong_correlation},
      {"answered-twice", "another correlation id|unknown CorrId", "twice", kBoth, answered_twice},
      {"reset-after-append", "pass", "reset", kBoth, reset_after_append},
      {"late-acks", "latency_ms_p99", "late", kBoth, late_acks},
      {"never-answered", "unknown", "silence", kBoth, never_answered},
      {"rejected-in-part", "error_rate", "errors", kBoth, rejected_in_part},
      {"ignored-kill", "no effect", "kill", kWire, nullptr},
  };
  return kLies;
}

const NamedLie* find_lie(std::string_view name) {
  const auto& lies = all_lies();
  const auto found =
      std::find_if(lies.begin(), lies.end(), [=](const NamedLie& lie) { return lie.name == name; });
  return found == lies.end() ? nullptr : &*found;
}

}  // namespace ks::lies
