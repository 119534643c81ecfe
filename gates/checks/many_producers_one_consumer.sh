#!/usr/bin/env bash
# S3: many producers write one partition, one consumer reads them all, in each one's order.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin many_producers_one_consumer 'Many producers, one consumer'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 1
for i in 1 2 3 4 5 6 7 8; do
  start "produce_$i" ks-produce -t "$topic" --count 100 --history "$history"
done
await_started
step consume ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 800' --expect 'foreign_records == 0'
end
