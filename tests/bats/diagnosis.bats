#!/usr/bin/env bats
# Why clients do not get to work, where some of them only say NoBrokersAvailable: what a person sees of
# each state, in ks-admin and as a gate's first word.

load helper
load liar_helper

setup() {
  unset K6_TARGET KS_BROKERS KS_CLIENT KS_RUN_ID KS_RUN_DIR
  export KS_HOME="${KS_HOME:-$project_root}" K6_PROFILE=kafka-local
  export KS_REPORTS=$BATS_TEST_TMPDIR/reports
  result=$BATS_TEST_TMPDIR/result.json
}

teardown() {
  stop_liar
}

admin() { # COMMAND OPTION...
  run_split "$KS_BIN/ks-admin" -b "$liar_address" "$@" --json "$result"
}

gate() {
  KS_BROKERS=$liar_address run_split "$project_root/gates/pr.sh"
}

assert_findings() { # ID...
  assert_equal "$(jq -r '[.findings[].id] | join(" ")' "$result")" "$*"
}

# Nothing can work: identify, brokers and the gate stop with the one line, before any check.
assert_stopped() { # ID TEXT
  local command client
  for client in librdkafka wire; do
    for command in identify brokers; do
      admin "$command" --client "$client"
      assert_refused "$2"
      assert_findings "$1"
      assert_equal "$(jq -r .status "$result")" error
    done
  done
  assert_gate_stopped "$2"
}

assert_gate_stopped() { # TEXT
  gate
  assert_failure 2
  assert_regex "${stderr_lines[-1]}" "^(ks-admin|gate-pr): $1"
  assert_equal "$output" ''
  [[ ! -e $KS_REPORTS/latest ]]
  run compgen -G "$KS_REPORTS/*/results/*"
  assert_failure
}

# What works in part is a warning, and no failure.
assert_warned() { # COMMAND TEXT
  assert_success
  assert_line --regexp "$(printf '^(product|role)\t')"
  assert_regex "$stderr" "^ks-admin: warning: $1"
}

@test "no listener" {
  start_nobody
  assert_stopped no-listener 'no listener'
  # shellcheck disable=SC2154 # set by run --separate-stderr
  assert_regex "$stderr" "nothing listens on $liar_address "
  admin brokers
  assert_one_line_error "(Connection refused): $liar_address; is the broker running"
}

@test "no listener: a connection that met itself on an ephemeral port is none" {
  # shellcheck disable=SC2016 # expanded in the other shell
  run_split unshare --net bash -c 'ip link set lo up &&
    echo 40000 40000 >/proc/sys/net/ipv4/ip_local_port_range &&
    exec "$KS_BIN/ks-admin" -b 127.0.0.1:40000 identify'
  assert_refused 'no listener at any of the addresses given: '
  assert_one_line_error '(it met itself: nothing listens there): 127.0.0.1:40000'
}

@test "a listener without ApiVersions that closes the connection" {
  start_liar hangs-up
  assert_stopped no-api-versions 'a listener, but no answer to ApiVersions: broker closed the connection'
  admin identify
  assert_one_line_error "$liar_address; is it a Kafka broker, and is security.protocol right?"
}

@test "a listener without ApiVersions that answers with bytes that are no Kafka" {
  start_liar http
  assert_stopped no-api-versions 'a listener, but no answer to ApiVersions: bytes that are no Kafka'
}

@test "a listener without ApiVersions that stays silent, within the time-out" {
  start_liar mute
  local began=$SECONDS
  admin identify --timeout 1s
  assert_refused 'a listener, but no answer to ApiVersions: no answer in time'
  admin brokers --timeout 1s
  assert_refused 'a listener, but no answer to ApiVersions: no answer in time'
  assert_findings no-api-versions
  ((SECONDS - began < 5)) || fail 'the time-out does not hold'
  assert_gate_stopped 'a listener, but no answer to ApiVersions: no answer in time'
}

@test "the others have a word for who answers nobody, too" {
  start_liar hangs-up
  run_split "$KS_BIN/ks-probe" versions -b "$liar_address" --json "$result"
  assert_refused 'a listener, but no answer to ApiVersions: broker closed the connection'
  assert_findings no-api-versions
  run_split "$KS_BIN/ks-consume" -b 127.0.0.1:1 -t orders -e --json "$result"
  assert_refused 'no listener at any of the addresses given'
  assert_findings no-listener
}

@test "no brokers in Metadata" {
  start_liar no-brokers
  assert_stopped no-brokers-in-metadata 'no brokers in Metadata: 127.0.0.1:'
  assert_regex "$stderr" ": $liar_address; has the cluster formed"
}

@test "no advertised address reachable: the gate stops, and brokers shows each" {
  local lie why
  while read -r lie why; do
    start_liar "$lie"
    admin identify
    assert_refused 'no broker is reachable at the address that it advertises: node 0 at '
    assert_one_line_error "$why; have each broker advertise an address that clients reach"
    assert_findings advertised-unreachable
    assert_gate_stopped 'no broker is reachable at the address that it advertises: node 0 at '
    admin brokers --client wire
    assert_failure 1
    assert_one_line_error 'broker 0 does not answer at its advertised address: '
    assert_line --regexp "^broker${tab}0${tab}.*${tab}no${tab}"
    stop_liar
  done <<'END'
nowhere 127.0.0.1:1: cannot connect to broker (Connection refused)
no-port 127.0.0.1:0: it has no port
no-host : it has no host
END
}

@test "one advertised address unreachable: a warning of the gate's, and connectivity fails" {
  start_liar half-there
  admin identify
  assert_warned 'a broker is not reachable at the address that it advertises: node 1 at 127.0.0.1:1: '
  KS_BROKERS=$liar_address run_split "$project_root/gates/checks/connectivity.sh"
  assert_failure 1
  assert_regex "$stderr" 'expected brokers_unreachable == 0, observed 1'
  run jq -r '.findings[0] | .id + ": " + .evidence' \
    "$KS_REPORTS"/*/results/connectivity.librdkafka.brokers.json
  assert_output \
    'advertised-unreachable: node 1 at 127.0.0.1:1: cannot connect to broker (Connection refused)'
}

@test "no coordinator: it never is available, it is where nobody listens, or nobody can be asked" {
  local ours="warning: no coordinator for consumer groups: FindCoordinator at 127.0.0.1:[0-9]+"
  start_liar group-nowhere
  admin brokers --client wire --timeout 2s
  assert_warned 'no coordinator for consumer groups: '
  assert_regex "$stderr" "$ours answers COORDINATOR_NOT_AVAILABLE for [0-9.]+ m?s; no consumer group can work"
  assert_findings coordinator-missing
  stop_liar
  start_liar group-misled
  admin identify
  assert_warned 'FindCoordinator names a node that Metadata does not list: FindCoordinator names node 7 '
  assert_regex "$stderr" "$ours names 127.0.0.1:1: cannot connect to broker \\(Connection refused\\); no"
  assert_findings coordinator-not-in-metadata coordinator-missing
  stop_liar
  start_liar ''
  admin identify
  assert_warned 'the broker serves no version of a group API that this client speaks: FindCoordinator: '
  assert_findings group-apis-unreachable
}

@test "no coordinator: the gate says so first, and runs; connectivity has the finding" {
  start_liar group-nowhere
  # A shell starts its background jobs with SIGINT ignored, which a script cannot take back.
  KS_BROKERS=$liar_address env --default-signal=INT "$project_root/gates/pr.sh" \
    >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" 3>&- &
  local pid=$! status=0
  within 60 compgen -G "$KS_REPORTS/2*/results/connectivity.wire.brokers.json"
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$status" 130
  run grep '^ks-admin: ' "$BATS_TEST_TMPDIR/err"
  assert_line --index 0 --partial 'warning: no coordinator for consumer groups: FindCoordinator at '
  run jq -r '.status, .findings[].id' "$KS_REPORTS"/2*/results/connectivity.wire.brokers.json
  assert_output $'pass\ncoordinator-missing'
}

@test "what was missing only while it was waited for is no finding" {
  local port
  ports_take port
  "$KS_BIN/ks-admin" -b "127.0.0.1:$port" brokers --client wire --wait 20s --json "$result" 3>&- &
  local waiting=$!
  # Python starts slower than ks-admin asks for the first time.
  start_liar group-silent "$port"
  wait "$waiting"
  assert_findings
}
