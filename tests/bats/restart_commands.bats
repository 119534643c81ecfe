#!/usr/bin/env bats
# ks-restart with the commands driver.

load restart_helper

# `broker` is the user's own way to run a broker.
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
  [[ $stderr == *'refuses connections; answers'* ]]
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

@test "commands pause, replace and scale" {
  make_broker
  local broker=$BATS_TEST_TMPDIR/broker pid="\$(cat $BATS_TEST_TMPDIR/broker.pid)"
  with_commands "start=$broker start \$1" start
  with_commands "pause=kill -STOP $pid" pause
  assert_success
  [[ $stderr == *'paused: takes connections, and does not answer'* ]]
  with_commands "continue=kill -CONT $pid" continue
  assert_success
  with_commands "replace=$broker kill; exec $broker start \$1" replace
  assert_success
  [[ $stderr == *'replaced: refuses connections; answers'* ]]
  run_split "$KS_BIN/ks-restart" scale 0 -b "$address" --command "scale=test \$1 = 0 && $broker stop"
  assert_success
  [[ $stderr == *'all scaled: 0 running, 0 ready'* ]]
  run_split "$KS_BIN/ks-restart" scale 1 -b "$address" --command scale=true --timeout 200ms
  assert_failure 3
  assert_one_line_error 'all not confirmed as scaled: 0 running, 0 ready instead of 1'
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
  assert_one_line_error 'never refused connections: the command had no effect, or a proxy answers there'
}

@test "a command that fails is named with its status" {
  make_broker
  with_commands 'start=exit 7' start
  assert_failure 2
  assert_one_line_error "command ended with status 7: the start command"
}

@test "a command that does not end is killed" {
  make_broker
  timeout=200ms
  with_commands "start=echo \$\$ >$BATS_TEST_TMPDIR/command.pid; sleep 60 & wait" start
  assert_failure 2
  assert_one_line_error 'command did not end in time'
  assert_gone "$(<"$BATS_TEST_TMPDIR/command.pid")"
}

@test "brokers behind a proxy that goes on accepting connections are looked at where they are" {
  make_broker
  local broker=$BATS_TEST_TMPDIR/broker proxy
  ports_take proxy
  proxy=127.0.0.1:$proxy
  run_stranger python3 "$stand_in" "$proxy"
  cat >"$BATS_TEST_TMPDIR/mine.yaml" <<PROFILE
target: kafka
brokers: [$proxy]
driver:
  kind: commands
  brokers: [$address]
  commands: {start: "$broker start \$1", stop: $broker stop}
PROFILE
  "$KS_BIN/ks-restart" start --profile "$BATS_TEST_TMPDIR/mine.yaml"
  run_split "$KS_BIN/ks-restart" restart --profile "$BATS_TEST_TMPDIR/mine.yaml"
  assert_success
  [[ $stderr == *"$address restarted: refuses connections; answers"* ]]
  # Another environment's address is not one that these brokers are behind.
  for other in "-b $proxy" "KS_BROKERS=$proxy"; do
    [[ $other == -b* ]] || export "${other?}"
    # shellcheck disable=SC2086 # words
    run_split "$KS_BIN/ks-restart" status --profile "$BATS_TEST_TMPDIR/mine.yaml" ${other%%KS_*}
    [[ $output == "$proxy "* ]]
  done
  "$KS_BIN/ks-restart" kill -b "$address" --command "kill=$broker kill"
}
