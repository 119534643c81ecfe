#!/usr/bin/env bash
# S3: five producers at once, then five consumers at once; each consumer sees everything.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin concurrent_clients 'Five producers, then five consumers at once'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 5
for i in 1 2 3 4 5; do
  start "produce_$i" ks-produce -t "$topic" --count 200 --history "$history.sent"
done
await_started
for i in 1 2 3 4 5; do
  # Each consumer is judged by itself: its reads against what all producers sent.
  cp -r "$history.sent" "$history.$i"
  start "consume_$i" ks-consume -t "$topic" -e --verify --history "$history.$i" \
    --expect 'uuid_matched_records == 1000' --expect 'foreign_records == 0'
done
await_started
end
