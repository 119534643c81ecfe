#!/usr/bin/env bash
# E: several groups read the same topic; members are killed, stopped and replaced meanwhile, and each
# group is judged by itself.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin consumer_groups 'Consumer restarts and several groups, each judged by itself'
needs admin produce consume offsets verify

calm=$(unique calm) bereft=$(unique bereft) restarted=$(unique restarted)
owns_group "$calm" "$bereft" "$restarted"

# A member that is gone is soon missed.
quick=(-X heartbeat.interval.ms=500 -X session.timeout.ms=6000)

member() { # STEP GROUP
  start "$1" ks-consume -t "$traffic_topic" -G "$2" -f none --history "$history" "${quick[@]}"
}

# A member that is going to be killed leaves no result.
victim() { # GROUP
  set -m
  ks-consume -t "$traffic_topic" -G "$1" -f none --history "$history" "${quick[@]}" \
    &>"$KS_RUN_DIR/logs/$KS_CHECK.$check_client.victim.log" &
  set +m
  background[victim]=$!
}

kill_victim() {
  kill -KILL "${background[victim]}"
  wait "${background[victim]}" 2>/dev/null
  unset 'background[victim]'
}

traffic_begin
member calm "$calm"
member survivor "$bereft"
victim "$bereft"
member first "$restarted"
step joined ks-admin groups describe "$calm" "$bereft" "$restarted" --wait 30s \
  --expect 'members == 4' --expect 'groups_stable == 3'
traffic_flows joined_flows
kill_victim
stop first
step missed ks-admin groups describe "$bereft" --wait 30s --expect 'members == 1' --expect 'groups_stable == 1'
member successor "$bereft"
member second "$restarted"
step joined_again ks-admin groups describe "$calm" "$bereft" "$restarted" --wait 30s \
  --expect 'members == 4' --expect 'groups_stable == 3'
traffic_flows joined_again_flows
traffic_stop
stop calm survivor successor second
for group in "$calm" "$bereft" "$restarted"; do
  name=${group##*-}
  # Its members may have left nothing to be read.
  step "drain_$name" ks-consume -t "$traffic_topic" -G "$group" -e -f none --timeout 60s --history "$history" \
    --expect 'read_records >= 0'
  step "lag_$name" ks-offsets lag -t "$traffic_topic" -G "$group" --history "$history" \
    --expect 'lag_records_total == 0'
done
traffic_judge --expect 'foreign_records == 0'
end
