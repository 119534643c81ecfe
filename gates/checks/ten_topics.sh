#!/usr/bin/env bash
# D: ten topics with traffic at once.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin ten_topics 'Ten topics with traffic at once'
needs admin produce consume verify

topics=()
for ((i = 0; i < 10; i++)); do topics+=("$(unique "topic-$i")"); done
owns_topic "${topics[@]}"
step create ks-admin topics create "${topics[@]}" --partitions 3 \
  --replication-factor "${KS_REPLICATION:-1}"
watch_metrics
for i in "${!topics[@]}"; do
  start "consume_$i" ks-consume -t "${topics[i]}" -o beginning -f none -c 500 --timeout 60s --history "$history"
  start "produce_$i" ks-produce -t "${topics[i]}" --count 500 --history "$history"
done
await_started
for i in "${!topics[@]}"; do
  start "read_back_$i" ks-consume -t "${topics[i]}" -o beginning -e -f none --timeout 60s --history "$history"
done
await_started
step kept ks-verify "$history" --allow duplicate=explained --expect 'acked_records == 5000' \
  --expect 'uuid_matched_records == 5000' --expect 'foreign_records == 0'
end
