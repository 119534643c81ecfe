#!/usr/bin/env bash
# A8 on KafScale: what spans several segments of each partition survives a restart, is in the object
# store, and is served from the start of each of them.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin segment_durability 'A restart over three segments a partition, confirmed in the object store' none
needs admin produce consume offsets restart store
has_store || skip 'the object store cannot be read from here, give the profile a store'
disturbs_brokers
export KS_CLIENT=wire # a client for the errands that every broker serves

topic=$(unique topic)
owns_topic "$topic"
partitions=3
step create ks-admin topics create "$topic" --partitions $partitions
# What is acknowledged was flushed: each round makes a segment of each partition at least.
for round in 1 2 3 4; do
  step "produce_$round" ks-produce -t "$topic" --count 300 --history "$history"
done
step restart ks-restart restart
step leads ks-offsets list -t "$topic" --wait 30s --history "$history" --expect "partitions == $partitions"
step stored ks-store verify -t "$topic" --history "$history" --allow duplicate=explained \
  --expect 'uuid_matched_records == 1200' --expect 'segments_min >= 3'
step read_back ks-consume -t "$topic" -o beginning -e --verify --history "$history" \
  --expect 'uuid_matched_records == 1200' --expect 'foreign_records == 0'
for ((partition = 0; partition < partitions; ++partition)); do
  mapfile -t bases < <(ks-store ls -t "$topic" -p "$partition" | awk -F '\t' 'NR > 1 { print $3 }')
  for base in "${bases[@]:1:3}"; do # the start is read above
    step "from_${partition}_$base" ks-consume -t "$topic" -p "$partition" -o "$base" -e -f none \
      --expect "read_records == $((1200 / partitions - base))"
  done
done
end
