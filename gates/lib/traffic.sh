# Sourced by the checks that disturb brokers or their network: traffic goes on meanwhile, and every
# attempt and every fault is in one history.
#
#   traffic_begin            a topic of the check's own, produced to and read without an end
#   traffic_flows STEP       waits until every partition takes records (again)
#   traffic_stop             ends it
#   traffic_judge OPTION…    reads everything with a fresh client and has the history judged; the
#                            options are ks-verify's. Also where a step ends the check before: what was
#                            lost is the first thing to know
#   traffic_judge_recovery   the same after faults, with the limits on recovery
#   traffic_end              ends it and judges recovery
# shellcheck disable=SC2154 # history and others are check.sh's

# What only waits asks with the wire client, whichever is judged: librdkafka may take half a minute to
# ask another broker for offsets when the one that led is gone.
waits=(--client wire --wait 30s)

traffic_partitions=6
# Longer than any fault lasts: no error may reach the application only because it is impatient. What is
# measured is the broker's way back, not how rarely a client tries again.
patient=(--timeout 120s -X reconnect.backoff.max.ms=500)
recovery_ms=5000 # of one partition, from the last success before a fault
traffic_rate=300 # records a second: ten and more probes a second of every partition
# More options for both clients, a check's own: what it expects of them.
traffic_options=()
# Retries that the client does not tell of may repeat a record, where the broker has no idempotence, and may
# put what one leader held behind what the next one took.
traffic_allows=(--allow duplicate=explained --allow producer-order=explained)

traffic_begin() {
  require_replicas
  traffic_topic=$(unique traffic)
  owns_topic "$traffic_topic"
  step create ks-admin topics create "$traffic_topic" --partitions "$traffic_partitions" \
    --replication-factor "${KS_REPLICATION:-1}"
  local idempotence=()
  ! has_fatal_idempotence || idempotence=(--idempotence off)
  # A broker that starts takes the machine's time from the producer, too, where they share one.
  # shellcheck disable=SC2034 # check.sh's
  before_finish=traffic_judge_early
  watch_metrics
  start produce ks-produce -t "$traffic_topic" --until-stopped --rate "$traffic_rate/s" --most-lag 1s \
    "${idempotence[@]}" --history "$history" "${patient[@]}" "${traffic_options[@]}"
  start consume ks-consume -t "$traffic_topic" -o beginning -f none --history "$history" "${patient[@]:2}" \
    "${traffic_options[@]}"
  traffic_flows warm
}

# What only one of several Kafka brokers has is away as long as that broker is: no fault of the broker's.
require_replicas() {
  [[ -z $is_disturbing || ${KS_REPLICATION:-1} != 1 ]] || ((brokers == 1)) || ! is_kafka ||
    lacks "set KS_REPLICATION to 2 or more: of $brokers brokers one alone would have each partition, and is ended"
}

# librdkafka before 2.3 gives up for good where a leader goes at a bad moment (its pull request 4438). One
# request in flight keeps the order, too, as long as the leader stays.
has_fatal_idempotence() {
  local version
  version=$(sed -n 's/^ *"client_version": "\(.*\)",$/\1/p' "$KS_RUN_DIR/results/$KS_CHECK.$check_client.create.json")
  [[ $check_client == librdkafka && $(printf '%s\n' 2.3.0 "$version" | sort -V | head -n 1) != 2.3.0 ]]
}

# What was due before the fault may stand in any partition's way: each has to pass the farthest one.
traffic_flows() { # STEP
  local farthest
  farthest=$(ks-offsets list -t "$traffic_topic" "${waits[@]}" |
    awk -F '\t' 'NR > 1 && $4 > n { n = $4 } END { print n + 0 }')
  step_while produce consume -- "$1" ks-offsets list -t "$traffic_topic" "${waits[@]}" \
    --expect "partitions == $traffic_partitions" --expect "latest_min >= $((farthest + 20))"
}

# No error may have reached the application: both clients end with what they saw. The check goes on to
# what became of the records.
traffic_stop() {
  signal_started produce consume
  reap produce consume
}

traffic_judge() { # OPTION…
  # shellcheck disable=SC2034 # check.sh's
  before_finish=
  try read_back ks-consume -t "$traffic_topic" -o beginning -e -f none --timeout 60s --history "$history"
  try ends ks-offsets list -t "$traffic_topic" --history "$history"
  ! has_store || try stored ks-store verify -t "$traffic_topic" --history "$history" "${traffic_allows[@]}"
  step kept ks-verify "$history" "${traffic_allows[@]}" "$@"
  ((check_status == 0)) || finish
}

# Whatever was disturbed is whole again before anything is read.
traffic_judge_early() {
  undisturb &>"$KS_RUN_DIR/logs/$KS_CHECK.$check_client.undisturb.log"
  signal_started "${!background[@]}"
  reap "${!background[@]}"
  traffic_judge
}

# After faults: each partition came back within the limit, and none is still away.
traffic_judge_recovery() {
  traffic_judge \
    --limit "produce_recovery_ms_max < $recovery_ms" --expect 'produce_recoveries_open == 0' \
    --limit "consume_recovery_ms_max < $recovery_ms" --expect 'consume_recoveries_open == 0'
}

traffic_end() {
  traffic_stop
  traffic_judge_recovery
}
