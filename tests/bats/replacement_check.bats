#!/usr/bin/env bats
# alone: three brokers of its own, which it replaces
# KafScale's brokers are stateless, so broker_replacement is for it alone; here three Kafka brokers of
# which the first one holds the metadata stand in for it, and what is replaced loses its replicas.

load cluster_helper

setup_file() {
  export cluster=$BATS_FILE_TMPDIR/cluster KS_OWNER_PID=$$
  # A controller that stood still takes what it did not hear meanwhile for silence.
  echo broker.heartbeat.interval.ms=100 >"$BATS_FILE_TMPDIR/settings"
  KS_KAFKA_QUORUM=1 KS_KAFKA_SETTINGS=$BATS_FILE_TMPDIR/settings embedded_up "$cluster" 3 3>&-
}

teardown_file() {
  embedded_down "$cluster"
}

# Until the process has ended, whether or not its parent has heard of it; at once, unlike tail --pid.
await_end() { # PID
  while [[ $(ps -o stat= -p "$1") == [^Z]* ]]; do sleep 0.02; done
}

setup() {
  cluster_setup
  export -f await_end
  export KS_SEED=2 # by which another than the first one is chosen
}

teardown() {
  "$real/ks-restart" continue &>/dev/null || true
  "$real/ks-restart" start -q
}

# What was replaced last has another id than before.
ids() {
  cat "$cluster"/broker-*/id
}

@test "broker_replacement: everything acknowledged is read through a broker with a new id" {
  local before
  before=$(ids)
  check broker_replacement
  assert_success
  [[ $(ids) != "$before" ]]
}

@test "broker_replacement: without an address of the new broker nothing was read through it, and the rest is judged" {
  sabotage restart <<'END'
[[ $1 == status ]] || exec "$real/ks-restart" "$@"
"$real/ks-restart" "$@" | cut -d ' ' -f 1-3
exit "${PIPESTATUS[0]}"
END
  check broker_replacement
  assert_failure 3
  assert_reason read_through 'the driver has no address of broker-2'
  assert_equal "$(jq -r .status "$KS_REPORTS/$KS_RUN_ID"/results/broker_replacement.librdkafka.{replace,kept}.json | paste -sd ' ')" 'pass pass'
}

@test "broker_replacement: a driver that does nothing is no fault" {
  sabotage restart <<'END'
[[ $1 == replace ]] || exec "$real/ks-restart" "$@"
exec "$real/ks-restart" replace "$(<"$cluster/$2/address")" "${@:3:3}" 1s "${@:7}" --command replace=true
END
  check broker_replacement
  assert_failure 3
  assert_reason replace 'no effect'
}

@test "broker_replacement: what the broker alone had is lost with its data" {
  sabotage produce <<'END'
exec "$real/ks-produce" "$@" -a 1
END
  # The others stand still until it is gone, and so do not know that they lack anything; for far less than a
  # session of 2 s lasts, after which they would not be in sync any more, and nobody would follow the leader.
  sabotage restart <<'END'
[[ $1 == replace ]] || exec "$real/ks-restart" "$@"
broker=$(cut -d ' ' -f 1 "$cluster/broker-2/pid")
others=$(cut -d ' ' -f 1 "$cluster"/broker-[13]/pid)
kill -STOP $others
sleep 0.2 # of traffic
{
  await_end "$broker"
  kill -CONT $others
} &>/dev/null </dev/null &
exec "$real/ks-restart" "$@"
END
  check broker_replacement
  assert_failure 1
  # A Kafka whose controller takes them for gone all the same has nobody to lead: then it is out of reach.
  assert_reason kept 'lost: [0-9]+|[0-9]+ acknowledged records were neither read'
}

@test "broker_replacement: brokers that are all gone for a while" {
  ln -sf "$real/ks-offsets" "$KS_BIN/ks-offsets"
  sabotage restart <<'END'
[[ $1 == replace ]] || exec "$real/ks-restart" "$@"
"$real/ks-restart" "$@" || exit
KS_STEP= "$real/ks-restart" kill broker-1 broker-3
{ sleep 7 && "$real/ks-restart" start; } &>/dev/null </dev/null &
END
  check broker_replacement
  assert_failure 1
  assert_reason kept "recovery_ms_max < 5000"
}
