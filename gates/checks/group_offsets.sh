#!/usr/bin/env bash
# A4: OffsetCommit, OffsetFetch, a restarted consumer that resumes at the commit, ListGroups.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin group_offsets "A restarted consumer resumes at its group's commit"
needs admin produce consume offsets verify

topic=$(unique topic)
group=$(unique group)
owns_topic "$topic"
owns_group "$group"
step create ks-admin topics create "$topic" --partitions 1
step produce ks-produce -t "$topic" --count 100 --history "$history"
# Not the default of 45 s, lest the next member wait that long where leaving is of no effect.
quick=(-X session.timeout.ms=6000)
step first_member ks-consume -t "$topic" -G "$group" "${quick[@]}" -c 40 --history "$history" \
  --expect 'read_records == 40' --expect 'commits >= 1'
step committed ks-offsets fetch -t "$topic" -G "$group" --history "$history" \
  --expect 'committed_sum == 40'
step listed ks-admin groups list "$group" --expect 'groups == 1'
step second_member ks-consume -t "$topic" -G "$group" -e --verify --history "$history" \
  --expect 'read_records == 60' --expect 'uuid_matched_records == 100' \
  --expect 'foreign_records == 0'
step caught_up ks-offsets lag -t "$topic" -G "$group" --history "$history" \
  --expect 'lag_records_total == 0'
# The commits, too, are what the members made, and no member passed over a record.
step kept ks-verify "$history"
end
