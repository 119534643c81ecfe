#!/usr/bin/env bats
# needs: broker
# ks-resources: what processes, control groups and containers use.

load helper

setup() {
  require_broker
  unset K6_TARGET KS_RUN_ID KS_DRIVER_DIR KS_STORE
  export K6_PROFILE=$BATS_TEST_TMPDIR/p.yaml KS_BROKERS=$KS_TEST_BROKERS
  printf 'target: kafka\nbrokers: []\n' >"$K6_PROFILE"
}

resources() {
  run_split "$KS_BIN/ks-resources" --interval 200ms --duration 400ms "$@"
}

result() {
  jq -r "$1" "$BATS_TEST_TMPDIR/result"
}

@test "the broker that listens is found, and a limit on it is judged" {
  resources --json "$BATS_TEST_TMPDIR/result" --series "$BATS_TEST_TMPDIR/series" \
    --expect 'broker_memory_bytes_max > 10000000' --expect 'broker_cpu_cores_mean >= 0'
  assert_success
  assert_equal "$(result '.metrics.samples')" 3
  assert_equal "$(jq -s 'length' "$BATS_TEST_TMPDIR/series")" 3
  assert_equal "$(jq -s '.[2].metrics | .broker_memory_bytes > 1e7 and .broker_cpu_cores >= 0' "$BATS_TEST_TMPDIR/series")" true
  # Its network is the machine's, and is not told as the broker's.
  assert_equal "$(result '[.findings[].id] | join(" ")')" network-of-the-machine
  assert_equal "$(result '.metrics | has("broker_network_received_bytes")')" false

  resources --expect 'broker_memory_bytes_max < 1000'
  assert_failure 1
  [[ $stderr == *'broker_memory_bytes_max < 1000'* ]]
}

@test "a node of a cluster folder is followed where it is restarted" {
  local node=$BATS_TEST_TMPDIR/cluster/broker-1
  mkdir -p "$node"
  echo 127.0.0.1:1 >"$node/address"
  echo 1 >"$node/ports"
  printf '#!/bin/sh\nexec sleep 60\n' >"$node/run"
  chmod +x "$node/run"
  sleep 60 3>&- &
  identify "$!" >"$node/pid"
  "$KS_BIN/ks-resources" --driver-dir "$BATS_TEST_TMPDIR/cluster" --interval 100ms --duration 2s \
    --json "$BATS_TEST_TMPDIR/result" >"$BATS_TEST_TMPDIR/lines" 2>/dev/null 3>&- &
  within 5 grep -q broker_memory_bytes "$BATS_TEST_TMPDIR/lines"
  kill %1
  sleep 60 3>&- &
  identify "$!" >"$node/pid"
  wait %2
  kill %3
  assert_equal "$(result '.metrics.broker_restarts')" 1
}

# "pid start", as a pid file has it.
identify() { # PID
  echo "$1 $(sed 's/.*) //' "/proc/$1/stat" | cut -d ' ' -f 20)"
}

@test "a process by its number, with what it started" {
  sh -c 'sleep 60 & wait' 3>&- &
  local parent=$!
  within 5 pgrep -P "$parent"
  resources --pid "$parent" --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$(result '.data[0].node')" "pid $parent"
  kill "$(pgrep -P "$parent")"
  resources --pid 999999999
  assert_refused 'no such process'
}

@test "what cannot be read is named, and is not zero" {
  resources --cgroup "$BATS_TEST_TMPDIR" --json "$BATS_TEST_TMPDIR/result" --expect 'samples >= 2'
  assert_failure 3
  assert_equal "$(result '.findings[0].id')" resources-unread
  assert_equal "$(result '.metrics | has("broker_memory_bytes_max")')" false
  assert_regex "$(result .reason)" 'nothing was measured: no control group is there'
}

@test "a control group in a folder" {
  echo 5000000 >"$BATS_TEST_TMPDIR/memory.current"
  echo 'usage_usec 100' >"$BATS_TEST_TMPDIR/cpu.stat"
  resources --cgroup "$BATS_TEST_TMPDIR" --expect 'broker_memory_bytes_max == 5000000' \
    --expect 'broker_cpu_cores_max == 0'
  assert_success
}

@test "a container that an engine elsewhere runs is read by a shell in it" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  cat >"$BATS_TEST_TMPDIR/bin/docker" <<'END'
#!/bin/sh
case $1 in
  inspect) echo 0123456789abcdef 999999998 ;;
  exec) printf '== cpu.stat\nusage_usec 1000000\n== memory.current\n7000\n== stat\n1 (x) S 0 1 1 0 -1 0 0 0 0 0 1 2 0 0 20 0 1 0 4711 9 9\n' ;;
esac
END
  chmod +x "$BATS_TEST_TMPDIR/bin/docker"
  PATH=$BATS_TEST_TMPDIR/bin:$PATH resources --container broker-1 --expect 'broker_memory_bytes_max == 7000' \
    --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$(result '.metrics | has("machine_cpu_cores_mean")')" false
}

@test "brokers elsewhere, without a driver: nothing is made up" {
  KS_BROKERS=192.0.2.1:9092 resources
  assert_refused "the brokers' resources cannot be read from here"
}

@test "bad options are refused" {
  run_split "$KS_BIN/ks-resources" --interval 1ms
  assert_refused 'interval too short'
  run_split "$KS_BIN/ks-resources" --duration 1ms --interval 1s
  assert_refused 'shorter than an interval'
}
