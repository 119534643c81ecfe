# Sourced by the checks that disturb brokers or their network: traffic goes on meanwhile, and every
# attempt and every fault is in one history.
#
#   traffic_begin            a topic of the check's own, produced to and read without an end
#   traffic_flows STEP       waits until every partition takes records (again)
#   traffic_stop             ends it
#   traffic_judge OPTION…    reads everything with a fresh client and has the history judged; the
#                            options are ks-verify's
#   traffic_end              both, after faults: with the limits on recovery
# shellcheck disable=SC2154 # history is the check's

# What only waits asks with the wire client, whichever is judged: librdkafka may take half a minute to
# ask another broker for offsets when the one that led is gone.
waits=(--client wire --wait 30s)

traffic_partitions=6
recovery_ms=5000 # of one partition, from the last success before a fault
traffic_rate=300 # records a second: ten and more probes a second of every partition

traffic_begin() {
  traffic_topic=$(unique traffic)
  owns_topic "$traffic_topic"
  step create ks-admin topics create "$traffic_topic" --partitions "$traffic_partitions" \
    --replication-factor "${KS_REPLICATION:-1}"
  # A broker that starts takes the machine's time from the producer, too, where they share one.
  start produce ks-produce -t "$traffic_topic" --until-stopped --rate "$traffic_rate/s" --most-lag 1s \
    --history "$history"
  start consume ks-consume -t "$traffic_topic" -o beginning -f none --history "$history"
  traffic_flows warm
}

# What was due before the fault may stand in any partition's way: each has to pass the farthest one.
traffic_flows() { # STEP
  local farthest
  farthest=$(ks-offsets list -t "$traffic_topic" "${waits[@]}" |
    awk -F '\t' 'NR > 1 && $4 > n { n = $4 } END { print n + 0 }')
  step "$1" ks-offsets list -t "$traffic_topic" "${waits[@]}" --expect "partitions == $traffic_partitions" \
    --expect "latest_min >= $((farthest + 20))"
}

# No error may have reached the application: both clients end with what they saw.
traffic_stop() {
  stop produce consume
}

traffic_judge() { # OPTION…
  step read_back ks-consume -t "$traffic_topic" -o beginning -e -f none --timeout 60s --history "$history"
  step ends ks-offsets list -t "$traffic_topic" --history "$history"
  # Retries that the client does not tell of may repeat a record, where the broker has no idempotence.
  step kept ks-verify "$history" --allow duplicate=explained "$@"
}

# After faults: each partition came back within the limit, and none is still away.
traffic_end() {
  traffic_stop
  traffic_judge \
    --limit "produce_recovery_ms_max < $recovery_ms" --expect 'produce_recoveries_open == 0' \
    --limit "consume_recovery_ms_max < $recovery_ms" --expect 'consume_recoveries_open == 0'
}
