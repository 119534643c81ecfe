#!/usr/bin/env bash
# S7: each broker in turn is ended in order and comes back, under traffic. KS_UPGRADE is a shell command
# after which what is started is the new build, such as one that changes an image's tag; without it the
# same build comes back. The command is run for each client in turn: the run of the first is from the old build to
# the new one, those of the others from the new one to itself.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin rolling_upgrade 'Each broker is replaced in turn under traffic'
needs admin produce consume offsets restart verify
disturbs_brokers

traffic_begin
step before ks-admin identify
upgrade_log=$KS_RUN_DIR/logs/$KS_CHECK.$check_client.upgrade.log
[[ -z ${KS_UPGRADE:-} ]] || bash -c "$KS_UPGRADE" &>"$upgrade_log" ||
  lacks "KS_UPGRADE ended with status $?: $(tail -n 1 "$upgrade_log")"
if is_kafka; then
  # As its operators do: the next one when the replicas of the last have caught up.
  for node in $(ks-restart status | cut -d ' ' -f 1); do
    step "restart_$node" ks-restart restart "$node" --history "$history" --timeout 60s
    step "whole_$node" ks-admin topics describe "$traffic_topic" "${waits[@]}" \
      --expect 'partitions_without_leader == 0' --expect 'partitions_under_replicated == 0'
  done
else
  step rolling ks-restart rolling --history "$history" --timeout 60s
fi
traffic_flows rolled
step after ks-admin identify
traffic_end
end
