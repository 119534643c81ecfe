#!/usr/bin/env bash
# S6: brokers are added under load, from one to three. No client is touched: none loses a connection, no
# error reaches the application, and the load goes on through the address that they know.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/one_address.sh"
begin scale_out 'From one broker to three under load, without touching clients'
needs admin produce consume offsets probe restart verify

# A cluster that cannot become one broker has another beside it for this, of which none runs yet.
if [[ -n ${KS_SCALE_OUT_DIR:-} ]]; then
  export KS_DRIVER_DIR=$KS_SCALE_OUT_DIR KS_REPLICATION=1
  KS_BROKERS=$(<"$KS_SCALE_OUT_DIR/broker-1/address")
  export KS_BROKERS
fi
scales_brokers

# Kafka gives a new broker nothing to do by itself: the fields of AlterPartitionReassignments that give
# the partitions to all brokers in turn.
partitions_in_turn() {
  ks-admin brokers | awk -F '\t' -v topic="$traffic_topic" -v partitions="$traffic_partitions" '
    $1 == "broker" { ids[n++] = $2 }
    END {
      for (p = 0; p < partitions; ++p) {
        parts = parts (p ? "," : "") "{\"partition_index\":" p ",\"replicas\":[" ids[p % n] "]}"
      }
      print "{\"timeout_ms\":10000,\"topics\":[{\"name\":\"" topic "\",\"partitions\":[" parts "]}]}"
    }'
}

step one ks-restart scale 1 --timeout 60s
traffic_options=(--expect 'disconnects == 0')
traffic_begin
is_kafka || one_address_watch address
step three ks-restart scale 3 --timeout 60s --history "$history"
if is_kafka; then
  step joined ks-admin brokers --wait 30s --expect 'brokers == 3' --expect 'brokers_unreachable == 0'
  step spread ks-probe call AlterPartitionReassignments --fields "$(partitions_in_turn)" --expect 'error_code == 0'
  step shared ks-admin topics describe "$traffic_topic" "${waits[@]}" \
    --expect 'leaders == 3' --expect 'partitions_under_replicated == 0'
fi
traffic_flows grown
is_kafka || stop address
# Who comes now knows no other address either.
step newcomer ks-produce -t "$traffic_topic" --count 300 --history "$history"
traffic_end
end
