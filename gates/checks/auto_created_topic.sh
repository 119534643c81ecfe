#!/usr/bin/env bash
# S3: a topic that nobody created appears with its first record, and keeps it.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin auto_created_topic 'A topic that the first record creates'
needs admin produce consume

topic=$(unique topic)
owns_topic "$topic"
step absent ks-admin topics list "$topic" --expect 'topics == 0'
steps+=(produce)
run_step produce ks-produce -t "$topic" --count 10 --history "$history" || {
  worsen $?
  # To the tool a topic that is not there is a set-up that is missing; here it is what is judged.
  if grep -q 'unknown topic' "$KS_RUN_DIR/logs/$KS_CHECK.$check_client.produce.log"; then
    steps+=(created)
    record_step created fail 'Metadata, asked by a producer, did not create the topic'
    worsen 1
  fi
  finish
}
step consume ks-consume -t "$topic" -e --verify --history "$history" \
  --expect 'uuid_matched_records == 10' --expect 'foreign_records == 0'
end
