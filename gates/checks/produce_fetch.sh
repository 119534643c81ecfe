#!/usr/bin/env bash
# A3, S3: a single record, and a small batch; every payload identical.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin produce_fetch 'A single record and a small batch arrive unchanged'
needs admin produce consume

single=$(unique single)
batch=$(unique batch)
owns_topic "$single" "$batch"
step create ks-admin topics create "$single" "$batch" --partitions 1
step produce_single ks-produce -t "$single" --count 1 --history "$history.single"
step fetch_single ks-consume -t "$single" -e --verify --history "$history.single" \
  --expect 'uuid_matched_records == 1' --expect 'foreign_records == 0'
step produce_batch ks-produce -t "$batch" --count 100 --size 1KiB --history "$history.batch"
step fetch_batch ks-consume -t "$batch" -e --verify --history "$history.batch" \
  --expect 'uuid_matched_records == 100' --expect 'foreign_records == 0'
end
