#!/usr/bin/env bash
# S4: brokers chosen by chance are killed under traffic; no error reaches the application.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin broker_chaos 'Brokers are killed under traffic, nothing is lost'
needs admin produce consume offsets restart verify
disturbs_brokers

traffic_begin
for round in 1 2 3; do
  step "kill_$round" ks-restart kill --random 1 --seed "$KS_SEED$round" --history "$history"
  # Others take over; a broker that is alone has to come back first.
  ((brokers == 1)) || traffic_flows "taken_over_$round"
  step "start_$round" ks-restart start --history "$history"
  traffic_flows "flows_$round"
  step "whole_$round" ks-admin topics describe "$traffic_topic" "${waits[@]}" \
    --expect 'partitions_without_leader == 0' --expect 'partitions_under_replicated == 0'
done
traffic_end
end
