#!/usr/bin/env bats
# ks-restart with any driver: status, readiness and usage.

load restart_helper

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
    ['stop --command dance=x']='not one of stop, kill, pause, continue, start, restart, replace, rolling, scale, status: --command'
    ['stop --timeout 3']='--timeout'
    ["kill broker-1 --random 1 --driver-dir $cluster"]='nodes and --random: broker-1; give one of the two'
    ["kill --random 2 --driver-dir $cluster"]='cannot choose that many nodes: --random; give 1 to 1'
    ["scale --driver-dir $cluster"]='not a number of brokers: scale; write ks-restart scale 3'
    ["scale 2 --driver-dir $cluster"]='there are only 1 nodes to scale: 2; give at most that many'
    ["replace --driver-dir $cluster"]='the node cannot be replaced: it has no file that gives it its id'
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
