#!/usr/bin/env bash
# A8: produce, restart the broker, read every record back.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin restart_durability 'Every acknowledged record survives a broker restart'
needs admin produce consume offsets restart
disturbs_brokers

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3
step produce ks-produce -t "$topic" --count 3000 --history "$history"
step restart ks-restart restart
# A broker answers before it leads its partitions again.
step leads ks-offsets list -t "$topic" --wait 30s --history "$history" --expect 'partitions == 3'
step read_back ks-consume -t "$topic" -o beginning -e --verify --history "$history" \
  --expect 'uuid_matched_records == 3000' --expect 'foreign_records == 0'
! has_store || step stored ks-store verify -t "$topic" --history "$history" --allow duplicate=explained
end
