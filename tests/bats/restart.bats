#!/usr/bin/env bats
# ks-restart with stand-ins for brokers.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

stand_in=$BATS_TEST_DIRNAME/support/stand_in_broker.py

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_DRIVER_DIR
  cluster=$BATS_TEST_TMPDIR/cluster
  strangers=()
}

# Ends what the test left running: brokers by what they wrote of themselves, strangers by number.
teardown() {
  local file pid
  for file in "$BATS_TEST_TMPDIR"/*.pid "$cluster"/*/stand-in.pid; do
    [[ -e $file ]] && strangers+=("$(<"$file")")
  done
  for pid in "${strangers[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

# A node with a stand-in that starts in MODE, the content of its file `mode`.
make_node() { # NAME [MODE]
  local port
  ports_take port
  mkdir -p "$cluster/$1"
  echo "127.0.0.1:$port" >"$cluster/$1/address"
  echo "$port" >"$cluster/$1/ports"
  echo "${2:-normal}" >"$cluster/$1/mode"
  cat >"$cluster/$1/run" <<RUN
#!/usr/bin/env bash
cd "\$(dirname "\$0")"
echo \$\$ >stand-in.pid
if [[ \$(<mode) == dies ]]; then
  echo 'starting'
  echo 'FATAL no disk to write to'
  echo 'bye'
  exit 9
fi
exec python3 "$stand_in" "\$(<address)" "\$(<mode)"
RUN
  chmod +x "$cluster/$1/run"
}

restart() {
  run_split "$KS_BIN/ks-restart" --driver-dir "$cluster" "$@"
}

pid_of() { # NODE
  cut -d ' ' -f 1 "$cluster/$1/pid"
}

port_of() { # NODE
  cut -d : -f 2 "$cluster/$1/address"
}

assert_gone() { # PID
  [[ ! -e /proc/$1 || $(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat") == Z ]] || fail "$1 still runs"
}

# Runs a stranger (not a node of ours) and waits until it says that it is up.
run_stranger() { # COMMAND...
  local out=$BATS_TEST_TMPDIR/stranger.out
  "$@" >"$out" 2>&1 3>&- &
  strangers+=($!)
  disown
  until [[ -s $out ]]; do kill -0 "${strangers[-1]}"; done
}

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
  refute_output --partial restart.bats
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

@test "status shows every node, and is 1 where one does not answer" {
  make_node broker-1
  make_node broker-2 mute
  make_node broker-3
  restart start broker-1
  restart start broker-2 --timeout 100ms
  restart status
  assert_failure 1
  assert_line "broker-1 $(pid_of broker-1) answers $(<"$cluster/broker-1/address")"
  assert_line "broker-2 $(pid_of broker-2) running $(<"$cluster/broker-2/address")"
  assert_line "broker-3 - stopped $(<"$cluster/broker-3/address")"
  assert_one_line_error 'broker-2 is running broker-3 is stopped'
  restart status broker-1 --expect 'nodes_answering == 1'
  assert_success
}

@test "wait-ready asks the addresses alone" {
  ports_take port
  run_stranger python3 "$stand_in" "127.0.0.1:$port"
  run_split "$KS_BIN/ks-restart" wait-ready -b "127.0.0.1:$port" --expect 'ready_ms > 0'
  assert_success
  run_split "$KS_BIN/ks-restart" wait-ready -b 127.0.0.1:1 --timeout 100ms
  assert_failure 2
  assert_one_line_error '127.0.0.1:1 does not accept connections'
}

# The commands driver: `broker` is the user's own way to run a broker.
make_broker() {
  ports_take port
  address=127.0.0.1:$port
  cat >"$BATS_TEST_TMPDIR/broker" <<BROKER
#!/usr/bin/env bash
pid_file=$BATS_TEST_TMPDIR/broker.pid
case \$1 in
  start)
    echo "\$0 starts \$2"
    setsid python3 "$stand_in" "\$2" >/dev/null 2>&1 </dev/null &
    echo \$! >"\$pid_file"
    ;;
  stop) kill "\$(<"\$pid_file")" ;;
  kill) kill -KILL "\$(<"\$pid_file")" ;;
esac
BROKER
  chmod +x "$BATS_TEST_TMPDIR/broker"
}

with_commands() { # NAME=COMMAND... VERB
  local flags=()
  while (($# > 1)); do
    flags+=(--command "$1")
    shift
  done
  run_split "$KS_BIN/ks-restart" "$1" -b "$address" "${flags[@]}" --timeout "${timeout:-20s}"
}

@test "commands start, restart, stop and kill a broker" {
  make_broker
  broker=$BATS_TEST_TMPDIR/broker
  with_commands "start=$broker start \"\$1\"" start
  assert_success
  assert_equal "$output" ''
  [[ $stderr == *"$broker starts $address"* ]]
  with_commands "start=$broker start \$1" "stop=$broker stop" restart
  assert_success
  [[ $stderr == *'refuses connections; answers'* ]]
  with_commands "restart=$broker kill; exec $broker start \$1" restart
  assert_success
  [[ $stderr == *'refused connections, answers again'* ]]
  with_commands "kill=$broker kill" kill
  assert_success
  with_commands "kill=true" kill
  assert_failure 3
  assert_one_line_error 'was not running'
}

@test "commands of a profile are used" {
  make_broker
  cat >"$BATS_TEST_TMPDIR/mine.yaml" <<PROFILE
target: kafka
brokers: [$address]
driver:
  kind: commands
  commands: {start: "$BATS_TEST_TMPDIR/broker start \$1"}
PROFILE
  run_split "$KS_BIN/ks-restart" start --profile "$BATS_TEST_TMPDIR/mine.yaml"
  assert_success
  run_split "$KS_BIN/ks-restart" stop --profile "$BATS_TEST_TMPDIR/mine.yaml"
  assert_failure 2
  assert_one_line_error "no command for 'stop': driver; add driver.commands.stop to the profile"
}

@test "a command that does nothing is unconfirmed" {
  make_broker
  timeout=400ms
  with_commands 'start=true' start
  assert_failure 3
  assert_one_line_error "$address does not accept connections"
  run_stranger python3 "$stand_in" "$address"
  for verb in stop kill; do
    with_commands "$verb=true" "$verb"
    assert_failure 3
    assert_one_line_error 'the command had no effect'
  done
  with_commands 'restart=true' restart
  assert_failure 3
  assert_one_line_error 'never refused connections: the command had no effect'
}

@test "a command that fails is named with its status" {
  make_broker
  with_commands 'start=exit 7' start
  assert_failure 2
  assert_one_line_error "command ended with status 7: 'exit 7'"
}

@test "a command that does not end is killed" {
  make_broker
  timeout=200ms
  with_commands "start=echo \$\$ >$BATS_TEST_TMPDIR/command.pid; sleep 60 & wait" start
  assert_failure 2
  assert_one_line_error 'command did not end in time'
  assert_gone "$(<"$BATS_TEST_TMPDIR/command.pid")"
}

@test "bad usage is one line, status 2 and nothing on stdout" {
  make_node broker-1
  local -A complaint=(
    ['--no-such-flag']='no-such-flag'
    ['-q']='no command given'
    ['dance']="unknown command 'dance'"
    ['stop']='no driver to stop brokers with: profile local-service'
    ["stop --driver-dir $BATS_TEST_TMPDIR/nowhere"]='cannot read the cluster folder'
    ["stop --driver-dir $BATS_TEST_TMPDIR"]='no nodes in the cluster folder'
    ["stop broker-9 --driver-dir $cluster"]='no such node: broker-9; there are broker-1'
    ['stop --driver process']='the process driver has no cluster folder'
    ['stop --driver magic']="unknown driver 'magic'"
    ['stop --command dance=x']="not a command 'dance=x'"
    ['stop --timeout 3']='--timeout'
    ['wait-ready -b :']="not a broker address ':'"
    ['wait-ready --profile embedded']='the process driver has no cluster folder'
  )
  for arguments in "${!complaint[@]}"; do
    # shellcheck disable=SC2086 # several words
    run_split "$KS_BIN/ks-restart" $arguments
    assert_failure 2
    assert_one_line_error "${complaint[$arguments]}"
    assert_equal "$output" ''
  done
}

@test "help is 0" {
  run_split "$KS_BIN/ks-restart" --help
  assert_success
  assert_output --partial 'usage: ks-restart'
}
