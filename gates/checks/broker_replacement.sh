#!/usr/bin/env bash
# S4: a broker is killed and another, with a new id and without its data, takes its place; everything
# acknowledged is read back through it.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin broker_replacement 'A broker with a new id serves everything acknowledged'
needs admin produce consume offsets restart verify
disturbs_brokers

read -r node _ _ address < <(ks-restart status | shuf -n 1 --random-source=<(yes "$KS_SEED" 2>/dev/null))
traffic_begin
step replace ks-restart replace "$node" --history "$history" --timeout 60s
traffic_flows replaced
traffic_stop
# Any other address may lead to any other broker.
if [[ -n $address ]]; then
  step read_through ks-consume -b "$address" -t "$traffic_topic" -o beginning -e -f none --timeout 60s \
    --history "$history"
else
  inconclusive read_through "nothing could be read through the new broker alone: the driver has no address of $node"
fi
traffic_judge_recovery
end
