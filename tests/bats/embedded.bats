#!/usr/bin/env bats
# The embedded Kafka comes up, goes away, and leaves nothing behind, whatever ends the one who asked
# for it.
load helper

setup() {
  cluster=$BATS_TEST_TMPDIR/cluster
  embedded_sh=$project_root/gates/lib/embedded.sh
}

teardown() {
  "$embedded_sh" down "$cluster"
}

restart() { # COMMAND...
  "$KS_BIN/ks-restart" --profile embedded --driver-dir "$cluster" "$@"
}

broker_pid() {
  cut -d ' ' -f 1 "$cluster/broker-1/pid"
}

@test "up prints the address of a broker that answers, and again while it runs; down leaves nothing" {
  run_split "$embedded_sh" up "$cluster"
  assert_success
  assert_output --regexp '^127\.0\.0\.1:[23][0-9]{4}$'
  local address=$output pid
  pid=$(broker_pid)
  restart status --expect 'nodes_answering == 1'
  run_split "$embedded_sh" up "$cluster"
  assert_output "$address"
  assert_equal "$(broker_pid)" "$pid"
  "$embedded_sh" down "$cluster"
  is_gone "$pid"
  [[ ! -e $cluster ]]
  "$embedded_sh" down "$cluster"
}

@test "three nodes form one cluster" {
  run_split "$embedded_sh" up "$cluster" 3
  assert_success
  assert_output --regexp '^127\.0\.0\.1:[0-9]+(,127\.0\.0\.1:[0-9]+){2}$'
  restart status --expect 'nodes_answering == 3'
}

@test "a broker does not outlive its owner, even one that was killed" {
  sleep 60 3>&- &
  local owner=$!
  KS_OWNER_PID=$owner "$embedded_sh" up "$cluster"
  kill -KILL "$owner"
  within 5 is_gone "$(broker_pid)"
  within 5 test ! -e "$cluster/broker-1/data"
}

@test "an owner that does not run is refused" {
  KS_OWNER_PID=4194304 run_split "$embedded_sh" up "$cluster"
  assert_equal "$status" 2
  assert_one_line_error 'KS_OWNER_PID=4194304, does not run'
}

@test "a start that fails says why, and keeps the log but no data" {
  KS_JAVA_OPTS=-XX:NoSuchOption run_split "$embedded_sh" up "$cluster"
  assert_equal "$status" 2
  assert_one_line_error "$cluster/broker-1/log"
  [[ $(<"$cluster/broker-1/log") == *NoSuchOption* ]]
  [[ ! -e $cluster/broker-1/data ]]
}

@test "a start that is interrupted leaves no broker" {
  # A group of its own, so that the signal reaches whatever runs then, as Ctrl-C does.
  setsid "$embedded_sh" up "$cluster" 3>&- &
  local up=$! pid status=0
  within 20 test -s "$cluster/broker-1/pid"
  pid=$(broker_pid)
  kill -TERM -- "-$up"
  wait "$up" || status=$?
  assert_equal "$status" 130
  is_gone "$pid"
}

@test "a node that lost its disk starts anew" {
  "$embedded_sh" up "$cluster"
  restart kill
  rm -r "$cluster/broker-1/data"
  restart start
}

@test "a number of nodes that is none, and no executables: one line each" {
  run_split "$embedded_sh" up "$cluster" many
  assert_equal "$status" 2
  assert_one_line_error "cannot start 'many' nodes"
  KS_BIN=$BATS_TEST_TMPDIR run_split "$embedded_sh" up "$cluster"
  assert_equal "$status" 2
  assert_one_line_error 'run make build'
}
