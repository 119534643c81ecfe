#!/usr/bin/env bash
# E: from the order to start until the brokers answer, and until they acknowledge a record, three times.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin startup 'The brokers start within 10 s'
needs admin produce consume restart verify report
disturbs_brokers

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3
for ((run = 1; run <= performance_repeats; run++)); do
  step "stop_$run" ks-restart stop
  begun_us=${EPOCHREALTIME/[.,]/}
  step "start_$run" ks-restart start
  step "produce_$run" ks-produce -t "$topic" --count 1 --history "$history"
  # The executables' own starts included.
  record_figures "first_ack_$run" first_ack_ms=$(((${EPOCHREALTIME/[.,]/} - begun_us) / 1000))
done
step read_back ks-consume -t "$topic" -o beginning -e --verify --history "$history" \
  --expect "uuid_matched_records == $performance_repeats"
performance_judge_start
end
