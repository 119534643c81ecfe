#!/usr/bin/env bash
# D: leaders fail over under traffic, in-sync replicas shrink and regrow, and each replica of each
# partition, made its leader, has the same records.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin leader_failover 'Leaders fail over under traffic, and each replica can lead'
needs admin produce consume offsets probe restart verify
disturbs_brokers
((brokers > 1)) || skip 'one broker has nobody to fail over to'

# The node that the driver knows by the address of the broker that leads partition 0.
leading_node() {
  local leader address
  leader=$(ks-admin topics describe "$traffic_topic" | awk -F '\t' '$2 == 0 { print $3 }')
  address=$(ks-admin brokers | awk -F '\t' -v id="$leader" '$1 == "broker" && $2 == id { print $3 }')
  ks-restart status | awk -v address="$address" '$4 == address { print $1 }'
}

# Each replica list, turned once, as the fields of AlterPartitionReassignments: the next replica comes
# first, which makes it the preferred leader.
turned_replicas() {
  ks-admin topics describe "$traffic_topic" | awk -F '\t' -v topic="$traffic_topic" '
    NR > 1 {
      first = $4; sub(/,.*/, "", first)
      rest = $4; sub(/^[^,]*,?/, "", rest)
      parts = parts (parts ? "," : "") "{\"partition_index\":" $2 ",\"replicas\":[" rest (rest ? "," : "") first "]}"
    }
    END { print "{\"timeout_ms\":10000,\"topics\":[{\"name\":\"" topic "\",\"partitions\":[" parts "]}]}" }'
}

traffic_begin
node=$(leading_node)
step kill ks-restart kill "$node" --history "$history"
step shrunk ks-admin topics describe "$traffic_topic" "${waits[@]}" \
  --expect 'partitions_without_leader == 0' --expect "partitions_under_replicated == $traffic_partitions"
traffic_flows taken_over
step start ks-restart start "$node" --history "$history"
step regrown ks-admin topics describe "$traffic_topic" "${waits[@]}" --expect 'partitions_under_replicated == 0'

partitions=$(seq -s , 0 $((traffic_partitions - 1)))
for ((replica = 1; replica <= ${KS_REPLICATION:-1}; replica++)); do
  step "turn_$replica" ks-probe call AlterPartitionReassignments --fields "$(turned_replicas)" \
    --expect 'error_code == 0'
  # A partition that has its leader already answers that it needs none: the next step sees who leads.
  step "elect_$replica" ks-probe call ElectLeaders --fields \
    "{\"election_type\":0,\"timeout_ms\":10000,\"topic_partitions\":[{\"topic\":\"$traffic_topic\",\"partitions\":[$partitions]}]}"
  step "led_$replica" ks-admin topics describe "$traffic_topic" "${waits[@]}" \
    --expect 'partitions_led_by_another == 0' --expect 'partitions_under_replicated == 0'
  step "read_$replica" ks-consume -t "$traffic_topic" -o beginning -e -f none --timeout 60s --history "$history"
done
traffic_end
end
