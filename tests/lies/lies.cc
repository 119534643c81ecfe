#include "lies.h"

#include <algorithm>

namespace ks::lies {

// `check` is an anomaly's type, or what the runner says of the traffic: tests/lies/run.
const std::vector<NamedLie>& all_lies() {
  static const std::vector<NamedLie> kLies{
      {"dropped-record", "log", "lost", dropped_record},
      {"hidden-tail", "log", "lost|truncation", hidden_tail},
      {"shrunk-log", "log", "truncation", shrunk_log},
      {"stored-twice", "log", "duplicate", stored_twice},
      {"swapped-records", "log", "producer-order", swapped_records},
      {"reused-offset", "log", "inconsistent-offset", reused_offset},
      {"rewritten-offset", "log", "inconsistent-offset", rewritten_offset},
      {"ack-offset-zero", "log", "inconsistent-offset", ack_offset_zero},
      {"ack-offset-wrong", "log", "inconsistent-offset", ack_offset_wrong},
      {"fetch-skips", "log", "poll-skip", fetch_skips},
      {"fetch-repeats", "group", "nonmonotonic-poll", fetch_repeats},
      {"stale-end", "log", "stale-read", stale_end},
      {"invented-record", "log", "phantom", invented_record},
      {"other-partition", "log", "phantom", other_partition},
      {"rejected-but-stored", "log", "aborted-read", rejected_but_stored},
      {"lower-offset-later", "log", "nonmonotonic-send", lower_offset_later},
      {"hole", "log", "offset-gap", hole},
      {"flipped-payload", "log", "corrupt", flipped_payload},
      {"wrong-crc", "read", "crc", wrong_crc},
      {"forgotten-commit", "group", "commit-regressed", forgotten_commit},
      {"inflated-commit", "group", "commit-ahead", inflated_commit},
      {"fenced-commit", "members", "fenced-commit-accepted", fenced_commit},
      {"fenced-heartbeat", "members", "fenced-heartbeat-accepted", fenced_heartbeat},
      {"assigned-twice", "members", "assigned-twice", assigned_twice},
      {"truncated-batch", "read", "truncated", truncated_batch},
      {"partial-frame", "read", "closed", partial_frame},
      {"huge-length", "read", "length", huge_length},
      {"negative-length", "read", "length", negative_length},
      {"wrong-correlation", "read", "correlation", wrong_correlation},
      {"answered-twice", "read", "correlation", answered_twice},
      {"reset-after-append", "reset", "pass", reset_after_append},
      {"late-acks", "late", "latency_ms_p99", late_acks},
      {"never-answered", "silence", "unknown", never_answered},
      {"rejected-in-part", "errors", "error_rate", rejected_in_part},
      {"ignored-kill", "kill", "no effect", nullptr},
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
