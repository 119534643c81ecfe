#!/usr/bin/env bash
# S3: a topic that nobody created appears with its first record, and keeps it.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin auto_created_topic 'A topic that the first record creates'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step absent ks-admin topics list "$topic" --expect 'topics == 0'
step produce ks-produce -t "$topic" --count 10 --history "$history"
step consume ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 10' --expect 'foreign_records == 0'
end
