#!/usr/bin/env bats
# needs: broker
# ks-probe on a real Kafka broker, and on one that breaks one rule of the protocol.

load helper
load liar_helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_METRICS_URL KS_HEALTH_URLS
  export KS_HOME="${KS_HOME:-$project_root}"
}

teardown() {
  stop_liar
}

probe() {
  run_split "$KS_BIN/ks-probe" -b "$KS_TEST_BROKERS" "$@"
}

# Runs ks-probe on a broker that tells LIE ('' for none).
probe_liar() { # LIE ARGUMENT...
  start_liar "$1"
  run_split "$KS_BIN/ks-probe" -b "$liar_address" "${@:2}"
}

assert_refused() { # TEXT
  assert_equal "$status" 2
  assert_equal "$output" ''
  assert_one_line_error "$1"
}

# Whether the liar was found out: FINDING in the result, which the run has STATUS for.
assert_found() { # FINDING STATUS
  assert_equal "$status" "$2"
  jq -e --arg id "$1" '[.findings[].id] == [$id]' <<<"$output" >/dev/null ||
    fail "not just $1: $(jq -c .findings <<<"$output")"
}

own_topics() {
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list | grep -c "$1" || true
}

# ---- versions ----------------------------------------------------------------

@test "versions: a table, and no mismatch of the Java client with Apache Kafka" {
  probe versions
  assert_success
  assert_line --regexp '^3 +Metadata +0-13 '

  probe versions --json -
  assert_success
  jq -e '.metrics.apis > 50 and .client == "wire" and
    ([.data.mismatches[] | select(.client | startswith("Java"))] == [])' <<<"$output"
}

@test "versions: what a broker without group APIs excludes is named" {
  probe_liar '' versions --json -
  assert_success
  jq -e '[.findings[].id] | index("group-apis-unreachable") and index("version-mismatch")' \
    <<<"$output"
}

# ---- call --------------------------------------------------------------------

@test "call: one JSON document, with the default fields and version" {
  probe call Metadata
  assert_success
  jq -e '.brokers | length > 0' <<<"$output"
  assert_equal "$(jq -s length <<<"$output")" 1
}

@test "call: fields from a file, an older version, an error code that is only judged on demand" {
  echo '{"topics": [{"name": "no-such-topic"}], "allow_auto_topic_creation": false}' \
    >"$BATS_TEST_TMPDIR/fields"
  probe call Metadata --version 4 --fields "@$BATS_TEST_TMPDIR/fields"
  assert_success
  assert_equal "$(jq '.topics[0].error_code' <<<"$output")" 3

  probe call 3 --version 4 --fields "@$BATS_TEST_TMPDIR/fields" --expect 'error_code == 0'
  assert_failure 1
}

@test "call: bad input is status 2 and one line" {
  probe call Nonsense
  assert_refused "unknown API 'Nonsense'"
  probe call Metadata --version 99
  assert_refused 'unknown version 99 of Metadata'
  probe call Metadata --fields '{"topics": '
  assert_refused 'not JSON'
  probe call Metadata --fields '{"topicz": []}'
  assert_refused 'topicz'
  probe call Metadata --fields '{"topics": [{"name": 3}]}'
  assert_refused 'topics[0].name'
  probe call
  assert_refused "'call' needs a word"
  probe nonsense
  assert_refused "unknown command 'nonsense'"
  probe versions --connections 3
  assert_refused "'--connections' does not go with 'versions'"
}

@test "an unreachable broker is status 2 and one line" {
  local port
  ports_take port
  for command in versions 'call Metadata' conformance 'storm --connections 2' malformed; do
    # shellcheck disable=SC2086 # words
    run_split "$KS_BIN/ks-probe" -b "127.0.0.1:$port" $command
    assert_refused "127.0.0.1:$port"
  done
}

# ---- conformance -------------------------------------------------------------

@test "conformance: Apache Kafka passes, with every advertised version covered" {
  probe conformance --run-id bats-conformance --json -
  assert_success
  jq -e '.metrics | .covered == .advertised and .covered > 250 and .not_covered == 0' <<<"$output"
  assert_equal "$(own_topics bats-conformance)" 0
}

@test "conformance: an honest small broker passes" {
  probe_liar '' conformance --json -
  assert_success
  jq -e '.findings == []' <<<"$output"
}

@test "conformance: every lie is found, and nothing else" {
  while read -r lie finding expected; do
    probe_liar "$lie" conformance --answer-timeout 2s --json -
    assert_found "$finding" "$expected"
    stop_liar
  done <<'LIES'
silent-advertised advertised-version-unanswered 1
closed-advertised advertised-version-refused 1
refused-advertised advertised-version-refused 1
trailing-bytes malformed-response 1
odd-error unexpected-error-code 0
refused-leave unexpected-error-code 0
silent-unadvertised unadvertised-version-unanswered 1
serves-unadvertised unadvertised-version-served 0
no-fallback api-versions-without-fallback 1
out-of-order answers-out-of-order 1
LIES
}

@test "conformance: what there was no time for makes it inconclusive" {
  probe conformance --timeout 1ms --json -
  assert_failure 3
  jq -e '.metrics.not_covered > 250 and (.data.not_covered | length > 250)' <<<"$output"
}

# ---- storm -------------------------------------------------------------------

@test "storm: every connection gets all four answers" {
  probe storm --connections 300 --run-id bats-storm --json -
  assert_success
  jq -e '.metrics | .fetched == 300 and .metadata == 300 and .connections_failed == 0' <<<"$output"
  assert_equal "$(own_topics bats-storm)" 0
}

@test "storm: too low a hard limit of open files is status 2" {
  run_split bash -c 'ulimit -n 100; exec "$@"' _ "$KS_BIN/ks-probe" -b "$KS_TEST_BROKERS" \
    storm --connections 300
  assert_refused 'ulimit -Hn'
}

# ---- malformed ---------------------------------------------------------------

@test "malformed: Apache Kafka survives, and acknowledges no batch with a wrong CRC" {
  probe malformed --seed 7 --count 60 --json -
  assert_success
  jq -e '.metrics | .cases == 60 and .broken == 0 and .error_code > 0 and .closed > 0' <<<"$output"
}

@test "malformed: a batch with a wrong CRC that is acknowledged is a violation" {
  probe_liar accepts-bad-crc malformed --json -
  assert_failure 1
  # Each kind of case is told once, and how often it was.
  jq -e '.findings[] | select(.id == "malformed-batch-accepted") | .evidence |
    test("times\\)") and (split("; ") | map(sub(" \\(.*"; "")) | unique as $kinds | length == ($kinds | length))' \
    <<<"$output"
}

@test "malformed: a broker that goes down is a violation" {
  probe_liar dies malformed --count 24 --json -
  assert_found broker-down-after-malformed 1
}

# ---- addresses ---------------------------------------------------------------

@test "addresses: where clients are sent, and whether that is where they were told to come" {
  probe addresses --expect 'addresses == 1' --expect 'addresses_elsewhere == 0' --expect 'answered == 10'
  assert_success
  assert_output --regexp "^$KS_TEST_BROKERS$tab(Metadata names node 1|FindCoordinator names)"

  run_split "$KS_BIN/ks-probe" addresses -b "localhost:${KS_TEST_BROKERS#*:}" --connections 1 --json -
  assert_success
  jq -e '.metrics.addresses_elsewhere == 1 and .findings[0].id == "advertised-elsewhere"' <<<"$output"
}

@test "addresses: asked until a signal, which is then no interruption" {
  "$KS_BIN/ks-probe" addresses -b "$KS_TEST_BROKERS" --until-stopped --json "$BATS_TEST_TMPDIR/result" >/dev/null 3>&- &
  sleep 0.5 # of asking
  kill -TERM $!
  wait $! || assert_equal $? 143
  jq -e '.status == "pass" and .metrics.answered > 10' "$BATS_TEST_TMPDIR/result"
  run_split "$KS_BIN/ks-probe" addresses -b "$KS_TEST_BROKERS" --until-stopped --duration 1s
  assert_refused 'not with --duration'
}
