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

@test "pause keeps the connections and stops the answers, until continue" {
  make_node broker-1
  restart start
  local before
  before=$(<"$cluster/broker-1/pid")
  restart pause --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$(jq -r '.data[0] | .event, .confirmed, has("gone_at")' "$BATS_TEST_TMPDIR/result" | xargs)" \
    'paused true true'
  assert_equal "$(ps -o stat= -p "$(pid_of broker-1)" | cut -c 1)" T
  restart status
  assert_failure 1
  assert_output --partial ' paused '
  restart continue
  assert_success
  [[ $stderr == *'continued: pid '*' answers'* ]]
  assert_equal "$(<"$cluster/broker-1/pid")" "$before"
  restart continue
  assert_success
  [[ $stderr == *'was running before'* ]]
}

@test "pause of a stopped broker is unconfirmed; a paused one can be stopped" {
  make_node broker-1
  restart pause --timeout 100ms
  assert_failure 3
  assert_one_line_error 'broker-1 not confirmed as paused: was not running'
  restart start
  restart pause
  restart stop
  assert_success
}

@test "a broker that the others do not list is unconfirmed" {
  make_node broker-1
  make_node broker-2
  restart start
  touch "$cluster/broker-2/unlisted"
  restart restart broker-2 --timeout 3s
  assert_failure 3
  assert_one_line_error 'answers, but it is not in the Metadata of broker-1'
}

@test "a replaced broker is without its data, and known by a new id" {
  local node
  for node in broker-1 broker-2; do
    make_node "$node"
    echo "${node#broker-}" >"$cluster/$node/id"
    mkdir "$cluster/$node/data"
  done
  restart start
  before=$(pid_of broker-1)
  restart replace broker-1
  assert_success
  [[ $stderr == *"broker-1 replaced: pid $before ended; pid $(pid_of broker-1) answers"* ]]
  assert_equal "$(<"$cluster/broker-1/id")" 3
  [[ ! -e $cluster/broker-1/data && -e $cluster/broker-2/data ]]
}

@test "a replaced broker that comes back with its old id is unconfirmed" {
  make_node broker-1
  make_node broker-2
  echo 1 >"$cluster/broker-1/id"
  sed -i '2i echo 1 >"$(dirname "$0")/id"' "$cluster/broker-1/run"
  restart start
  restart replace broker-1 --timeout 3s
  assert_failure 3
  assert_one_line_error 'knows it by its old id 1'
}

@test "rolling restarts one node after the other, and stops where one does not come back" {
  local node
  for node in broker-1 broker-2 broker-3; do make_node "$node"; done
  restart start
  before=$(cat "$cluster"/broker-*/pid)
  restart rolling --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$(jq '[.data[] | .gone_at, .up_at] | . == sort' "$BATS_TEST_TMPDIR/result")" true
  [[ $(cat "$cluster"/broker-*/pid) != *"${before%%$'\n'*}"* ]]
  before=$(pid_of broker-3)
  echo mute >"$cluster/broker-2/mode"
  restart rolling --timeout 4s -q
  assert_failure 3
  assert_one_line_error 'does not answer ApiVersions; those behind it were left alone'
  assert_equal "$(pid_of broker-3)" "$before"
}

@test "scale leaves the first nodes running" {
  local node
  for node in broker-1 broker-2 broker-3; do make_node "$node"; done
  restart scale 2 --expect 'brokers == 2'
  assert_success
  restart status --expect 'nodes_answering == 2'
  assert_output --partial 'broker-3 - stopped'
  restart scale 1 --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_equal "$(jq -c '[.data[] | .changed]' "$BATS_TEST_TMPDIR/result")" '[false,true,false]'
}

@test "the seed says which nodes are chosen" {
  local node first
  for node in broker-1 broker-2 broker-3; do make_node "$node"; done
  restart start
  restart pause --random 2 --seed 7 --json - --timeout 5s
  assert_success
  first=$(jq -c '[.data[].node]' <<<"$output")
  assert_equal "$(jq '.metrics.seed, (.data | length)' <<<"$output" | xargs)" '7 2'
  restart continue
  restart pause --random 2 --seed 7 --json -
  assert_equal "$(jq -c '[.data[].node]' <<<"$output")" "$first"
}

@test "faults are told as they are seen, and healed by another process" {
  make_node broker-1
  restart start
  local history=$BATS_TEST_TMPDIR/history
  restart restart --hard --history "$history"
  restart stop --history "$history"
  restart start --history "$history"
  restart pause --history "$history"
  restart continue --history "$history"
  restart kill broker-1 --history "$history"
  restart kill broker-1 --history "$history"
  assert_failure 3
  restart scale 1 --history "$history"
  run_split "$KS_BIN/ks-verify" dump "$history"
  assert_equal "$(jq -rs 'sort_by(.time_ns) | .[] | select(.event | startswith("fault")) | "\(.event | .[6:]) \(.fault)"' <<<"$output" |
    tr '\n' ,)" "$(
    local fault
    for fault in 'broker-1 down' 'broker-1 down' 'broker-1 paused' 'broker-1 down' 'scale to 1'; do
      printf '%s,' "begin $fault" "confirmed $fault" "healed $fault"
    done | sed 's/healed broker-1 down,begin scale/begin scale/'
  )"
}
