#!/usr/bin/env bash
# S3: each partition is read by a consumer of its own, without a group; together they saw it all.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin partition_consume 'Each partition read on its own, without a group'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3
step produce ks-produce -t "$topic" --count 300 --history "$history"
for partition in 0 1; do
  step "consume_$partition" ks-consume -t "$topic" -p "$partition" -o beginning -e \
    --history "$history" --expect 'read_records == 100'
done
step consume_2 ks-consume -t "$topic" -p 2 -o beginning -e --verify --history "$history" \
  --expect 'read_records == 100' --expect 'uuid_matched_records == 300' \
  --expect 'foreign_records == 0'
end
