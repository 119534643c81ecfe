#!/usr/bin/env bash
# A8: produce, restart the broker, read every record back.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin restart_durability 'Every acknowledged record survives a broker restart'
needs admin produce consume restart

ks-restart status >/dev/null 2>"$KS_RUN_DIR/logs/$KS_CHECK.$check_client.driver.log" ||
  skip "the broker cannot be restarted from here: $(tail -n 1 "$KS_RUN_DIR/logs/$KS_CHECK.$check_client.driver.log")"

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3
step produce ks-produce -t "$topic" --count 3000 --history "$history"
step restart ks-restart restart
step read_back ks-consume -t "$topic" -o beginning -e --verify --history "$history" \
  --expect 'uuid_matched_records == 3000'
