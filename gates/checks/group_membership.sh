#!/usr/bin/env bash
# A5: two members share four partitions; one leaves, the other takes over all of them.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin group_membership 'Two members share the partitions, one leaves, the other takes over'
needs admin produce consume

topic=$(unique topic)
group=$(unique group)
owns_topic "$topic"
owns_group "$group"
# Members hear of a rebalance with their next heartbeat.
quick=(-X heartbeat.interval.ms=500 -X session.timeout.ms=6000)
step create ks-admin topics create "$topic" --partitions 4
step produce ks-produce -t "$topic" --count 400 --history "$history"
# The first member holds all four, gives some up when the second joins, and has all four again.
start first_member ks-consume -t "$topic" -G "$group" "${quick[@]}" --history "$history" --timeout 30s \
  --until 'revocations >= 2' --until 'partitions_assigned == 4' --expect 'errors == 0'
step first_joined ks-admin groups describe "$group" --wait 15s \
  --expect 'members == 1' --expect 'partitions_assigned == 4'
step second_member ks-consume -t "$topic" -G "$group" "${quick[@]}" --history "$history" --timeout 30s \
  --until 'partitions_assigned == 2' --expect 'read_records >= 0'
await_started
step left ks-admin groups describe "$group" --wait 10s --expect 'members == 0'
step all_read ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 400'
