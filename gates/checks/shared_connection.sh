#!/usr/bin/env bash
# S3: several producers share one connection; every record's UUID is found once.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin shared_connection 'Five producers on one connection, every UUID matched'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3
step produce ks-produce -t "$topic" --producers 5 --count 500 --history "$history"
step consume ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 500' --expect 'foreign_records == 0' \
  --expect 'verified_reads == 500'
end
