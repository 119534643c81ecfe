#!/usr/bin/env bats
# ks-restart with the process driver.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load restart_helper

@test "start runs the broker and waits until it answers" {
  make_node broker-1
  restart start --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$output" ''
  pid=$(pid_of broker-1)
  assert_equal "$(<"$cluster/broker-1/pid")" "$pid $(sed 's/.*) //' "/proc/$pid/stat" | cut -d ' ' -f 20)"
  grep -q 'stand-in broker at' "$cluster/broker-1/log"
  assert_equal "$(jq '.metrics | .nodes == 1 and .start_ms > 0 and .ready_ms >= .start_ms' \
    "$BATS_TEST_TMPDIR/result")" true
  assert_equal "$(jq -r '.data[0] | .node, .event, .confirmed' "$BATS_TEST_TMPDIR/result" | xargs)" \
    'broker-1 started true'
}

@test "the broker has a session of its own and nothing of ours" {
  make_node broker-1
  restart start 5<"$BATS_TEST_FILENAME"
  assert_success
  pid=$(pid_of broker-1)
  assert_equal "$(ps -o sid= -p "$pid" | tr -d ' ')" "$pid"
  assert_equal "$(readlink "/proc/$pid/fd/0")" /dev/null
  assert_equal "$(readlink "/proc/$pid/fd/1")" "$cluster/broker-1/log"
  run ls -l "/proc/$pid/fd"
  refute_output --partial "${BATS_TEST_FILENAME##*/}"
}

@test "start of a running broker does nothing and says so" {
  make_node broker-1
  restart start
  before=$(<"$cluster/broker-1/pid")
  restart start
  assert_success
  assert_equal "$(<"$cluster/broker-1/pid")" "$before"
  [[ $stderr == *'was running before'* ]]
}

@test "stop ends the broker" {
  make_node broker-1
  restart start
  pid=$(pid_of broker-1)
  restart stop --expect 'stop_ms > 0'
  assert_success
  assert_gone "$pid"
  [[ ! -e $cluster/broker-1/pid ]]
}

@test "stop of a stopped broker does nothing and says so" {
  make_node broker-1
  restart stop
  assert_success
  [[ $stderr == *'was not running'* ]]
}

@test "stop kills a broker that ignores SIGTERM, and says so" {
  make_node broker-1 ignore-term
  restart start
  pid=$(pid_of broker-1)
  restart stop --grace 200ms
  assert_success
  assert_gone "$pid"
  [[ $stderr == *SIGKILL* ]]
}

@test "stop is unconfirmed where something still listens" {
  make_node broker-1
  run_stranger python3 "$stand_in" "$(<"$cluster/broker-1/address")"
  restart stop --timeout 300ms
  assert_failure 3
  assert_one_line_error "still accepts connections, held by process ${strangers[0]}"
}

@test "kill ends the broker at once" {
  make_node broker-1 ignore-term
  restart start
  pid=$(pid_of broker-1)
  restart kill
  assert_success
  assert_gone "$pid"
}

@test "kill of a stopped broker is unconfirmed: nothing was killed" {
  make_node broker-1
  restart kill
  assert_failure 3
  assert_one_line_error 'was not running'
}

@test "restart brings another process that answers" {
  make_node broker-1
  restart start
  before=$(pid_of broker-1)
  restart restart --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_gone "$before"
  [[ $(pid_of broker-1) != "$before" ]]
  assert_equal "$(jq -c '.metrics | keys' "$BATS_TEST_TMPDIR/result")" \
    '["nodes","ready_ms","start_ms","stop_ms"]'
  restart restart --hard
  assert_success
  [[ $stderr == *restarted* ]]
}

@test "restart of a stopped broker is unconfirmed: it was only started" {
  make_node broker-1
  restart restart
  assert_failure 3
  assert_one_line_error 'started, not restarted'
  [[ -e $cluster/broker-1/pid ]]
}

@test "a pid file of an earlier process is not taken for the broker" {
  make_node broker-1
  sleep 60 3>&- &
  strangers+=($!)
  disown
  echo "${strangers[0]} 1" >"$cluster/broker-1/pid"
  restart stop
  assert_success
  kill -0 "${strangers[0]}"
}

@test "a broker that dies at start is an error with its log" {
  make_node broker-1 dies
  restart start
  assert_failure 2
  assert_one_line_error "broker-1 ended while it started (status 9), log: FATAL no disk to write to"
  assert_one_line_error "$cluster/broker-1/log"
}

@test "a broker that listens but never answers is unconfirmed" {
  make_node broker-1 mute
  restart start --timeout 1500ms
  assert_failure 3
  assert_one_line_error 'accepts connections, but does not answer ApiVersions'
}

@test "a run that cannot be executed is named" {
  make_node broker-1
  chmod -x "$cluster/broker-1/run"
  restart start
  assert_failure 2
  assert_one_line_error "cannot run: $cluster/broker-1/run"
}

@test "start names who listens on the port" {
  make_node broker-1
  run_stranger python3 "$stand_in" "$(<"$cluster/broker-1/address")"
  restart start
  assert_failure 2
  assert_one_line_error "port held by somebody else: broker-1 at $(<"$cluster/broker-1/address")"
  assert_one_line_error "by process ${strangers[0]} (python3)"
  [[ ! -e $cluster/broker-1/pid ]]
}

@test "start names a client that holds the port without listening" {
  make_node broker-1
  run_stranger python3 -u -c "
import signal, socket
listener = socket.create_server(('127.0.0.1', 0))
client = socket.socket()
client.bind(('127.0.0.1', $(port_of broker-1)))
client.connect(listener.getsockname())
print('connected')
signal.pause()"
  restart start
  assert_failure 2
  assert_one_line_error "port $(port_of broker-1) is held by process ${strangers[0]}"
  assert_one_line_error 'Address already in use'
}

@test "the port stays locked as long as the broker runs" {
  # Taken in a subshell, so that this shell does not hold the lock as well.
  make_node broker-1
  port=$(ports_take port && echo "$port")
  echo "127.0.0.1:$port" >"$cluster/broker-1/address"
  echo "$port" >"$cluster/broker-1/ports"
  lock=${TMPDIR:-/tmp}/ks-ports/$port.lock
  restart start
  assert_success
  run flock --nonblock "$lock" true
  assert_failure
  restart kill
  assert_success
  flock --nonblock "$lock" true
}

@test "all nodes start together, a named one restarts alone" {
  for node in broker-1 broker-2 broker-3; do make_node "$node"; done
  restart start --expect 'nodes == 3'
  assert_success
  others=$(cat "$cluster"/broker-[13]/pid)
  restart restart broker-2 --hard --expect 'nodes == 1'
  assert_success
  assert_equal "$(cat "$cluster"/broker-[13]/pid)" "$others"
}

@test "a cluster folder of other brokers than those under test is left alone" {
  make_node broker-1
  restart start
  local before command
  before=$(pid_of broker-1)
  for command in restart kill status; do
    KS_BROKERS=127.0.0.1:1 KS_DRIVER_DIR=$cluster run_split "$KS_BIN/ks-restart" --driver process "$command"
    assert_failure 2
    assert_one_line_error "the cluster folder has no broker at 127.0.0.1:1: $cluster"
  done
  restart restart -b "$(<"$cluster/broker-1/address"),127.0.0.1:1"
  assert_failure 2
  assert_equal "$(pid_of broker-1)" "$before"
  kill -0 "$before"
}

@test "a broker under test is found by another name of its address" {
  make_node broker-1
  make_node broker-2
  restart start
  KS_BROKERS=localhost:$(port_of broker-2) KS_DRIVER_DIR=$cluster \
    run_split "$KS_BIN/ks-restart" --driver process restart broker-1
  assert_success
}
