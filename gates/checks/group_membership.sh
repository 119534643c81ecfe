#!/usr/bin/env bash
# A5: two members share four partitions; one leaves, the other takes over all of them.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin group_membership 'Two members share the partitions, one leaves, the other takes over'
needs admin produce consume offsets

topic=$(unique topic)
group=$(unique group)
owns_topic "$topic"
owns_group "$group"
# Members hear of a rebalance with their next heartbeat.
quick=(-X heartbeat.interval.ms=500 -X session.timeout.ms=6000)
step create ks-admin topics create "$topic" --partitions 4
# The first member holds all four, gives some up when the second joins, and has all four again.
start first_member ks-consume -t "$topic" -G "$group" "${quick[@]}" --history "$history" --timeout 45s \
  --until 'revocations >= 2' --until 'partitions_assigned == 4' --until 'read_records >= 200' \
  --expect 'errors == 0'
step first_joined ks-admin groups describe "$group" --wait 10s \
  --expect 'members == 1' --expect 'members_without_assignment == 0' --expect 'partitions_assigned == 4'
# The second stays until it has read its half, which is sent when both have been seen.
start second_member ks-consume -t "$topic" -G "$group" "${quick[@]}" --history "$history" --timeout 30s \
  --until 'partitions_assigned == 2' --until 'read_records >= 200'
step shared ks-admin groups describe "$group" --wait 10s --expect 'groups_stable == 1' \
  --expect 'members == 2' --expect 'members_without_assignment == 0' \
  --expect 'partitions_assigned == 4' --expect 'partitions_assigned_distinct == 4'
step produce ks-produce -t "$topic" --count 400 --history "$history"
await_started
step left ks-admin groups describe "$group" --wait 10s --expect 'members == 0'
# Each read 200, and nothing is left: no partition was read by both.
step caught_up ks-offsets lag -t "$topic" -G "$group" --history "$history" \
  --expect 'partitions_without_commit == 0' --expect 'lag_records_total == 0'
step all_read ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 400' --expect 'foreign_records == 0'
end
