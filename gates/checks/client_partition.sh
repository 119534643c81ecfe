#!/usr/bin/env bash
# E: the network between clients and brokers is cut; they come back by themselves, without loss.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin client_partition 'Clients cut off from the broker come back without loss'
needs admin produce consume offsets fault verify
disturbs_path clients

export KS_BROKERS=$through
cut_s=$(lasting client_partition 5 30)
traffic_begin
step cut ks-fault down clients --for "${cut_s}s" --history "$history"
traffic_flows back
# Nothing can succeed before the network is back.
recovery_ms=$((recovery_ms + cut_s * 1000))
traffic_end
end
