#!/usr/bin/env bash
# A6: ListOffsets earliest, latest and by timestamp.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin offsets 'Offsets by earliest, latest and timestamp'
needs admin produce consume offsets

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 1
step empty ks-offsets list -t "$topic" --expect 'earliest_min == 0' --expect 'latest_max == 0'
step produce_before ks-produce -t "$topic" --count 30
# The clocks of client and broker may differ by what the network takes, not by seconds.
between_ms=$(($(date +%s%3N) + 1))
step produce_after ks-produce -t "$topic" --count 20
step ends ks-offsets list -t "$topic" --expect 'earliest_min == 0' --expect 'latest_max == 50'
step first_by_time ks-offsets list -t "$topic" -o "s@$between_ms" --expect 'offset_min == 30'
step by_time ks-consume -t "$topic" -o "s@$between_ms" -e --expect 'read_records == 20'
step before_end ks-consume -t "$topic" -o -10 -e --expect 'read_records == 10'
end
