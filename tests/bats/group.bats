#!/usr/bin/env bats
# needs: broker
# ks-group: the membership of consumer groups on a real Kafka broker.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT
  export KS_HOME="${KS_HOME:-$project_root}"
  topic=$(unique group)
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 4 -b "$KS_TEST_BROKERS" >/dev/null
}

teardown() {
  delete_topic
}

group() {
  run_split "$KS_BIN/ks-group" -b "$KS_TEST_BROKERS" -t "$topic" -G "$topic" "$@"
}

metric() {
  jq -r ".metrics.$1" <<<"$output"
}

@test "members join, leave, die and pause, and every generation is judged" {
  group --schedule '200ms join; 500ms leave 1; 900ms kill 2; 7500ms pause 3 for 7s' --json -
  assert_success
  assert_equal "$(jq -r .client <<<"$output")" wire
  assert_equal "$(jq -r .status <<<"$output")" pass
  assert_equal "$(metric members)" 4
  assert_equal "$(metric anomalies)" 0
  assert_equal "$(metric leavegroup_refused)" 0
  assert_equal "$(metric fenced_heartbeats_refused)" 1
  (($(metric 'takeover_ms_max|floor') >= 5000)) # the session time-out is 6 s
  (($(metric fenced_commits_refused) >= 4))
  assert_equal "$(jq -r '.findings | length' <<<"$output")" 0
}

@test "static members are expected back under their instance id" {
  group --members 2 -X group.instance.id=worker --schedule '200ms kill 1; 400ms join 1' --json -
  assert_success
  assert_equal "$(metric generations)" 1
  assert_equal "$(metric 'leavegroup_sent // 0')" 0
}

@test "the versions that KafScale 1.6.0 serves are enough" {
  [[ -x ${KS_FRONT:-} ]] || fail 'no broker-front: run this file through ctest, or set KS_FRONT'
  mkfifo "$BATS_TEST_TMPDIR/hold"
  "$KS_FRONT" "$KS_TEST_BROKERS" --versions-of \
    "$project_root/tests/fixtures/kafscale-1.6.0/exchanges.jsonl" \
    <"$BATS_TEST_TMPDIR/hold" >"$BATS_TEST_TMPDIR/front" 3>&- &
  exec {hold}>"$BATS_TEST_TMPDIR/hold"
  until [[ -s $BATS_TEST_TMPDIR/front ]]; do kill -0 $! || fail 'broker-front ended'; done
  KS_TEST_BROKERS=$(<"$BATS_TEST_TMPDIR/front") group --schedule '200ms join; 500ms leave 1' --json -
  exec {hold}>&-
  assert_success
  assert_equal "$(metric anomalies)" 0
}

@test "an expectation that cannot hold is violated" {
  group --members 1 --expect 'first_stable_ms < 0'
  assert_failure 1
  assert_one_line_error 'first_stable_ms < 0'
}

@test "a schedule that cannot be followed, or an unknown topic, is refused with one line" {
  group --schedule '1s explode 1'
  assert_failure 2
  assert_one_line_error 'not join, leave, kill, pause or resume'
  group --members 2 --schedule '1s kill 1; 2s kill 2'
  assert_failure 2
  assert_one_line_error 'no active member would be left'
  echo '1s kill 7 # there are three' >"$BATS_TEST_TMPDIR/schedule"
  group --schedule "$BATS_TEST_TMPDIR/schedule"
  assert_failure 2
  assert_one_line_error 'there is no such member then'
  group --members 0
  assert_failure 2
  assert_one_line_error '--members'
  topic=nowhere-$topic group
  assert_failure 2
  assert_one_line_error 'unknown topic: nowhere-'
}

@test "it is the wire client's: librdkafka is refused with one line" {
  group --client librdkafka
  assert_failure 2
  assert_one_line_error 'leave out --client and KS_CLIENT'
  KS_CLIENT=librdkafka group
  assert_failure 2
  assert_one_line_error 'leave out --client and KS_CLIENT'
}

@test "somebody else's member in the group is no fault of the broker's" {
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -G "$topic" --client wire \
    -X heartbeat.interval.ms=200 3>&- &
  local stranger=$!
  "$KS_BIN/ks-admin" groups describe "$topic" -b "$KS_TEST_BROKERS" --wait 15s \
    --expect 'members == 1' >/dev/null
  group --members 1 --settle 1s
  kill "$stranger"
  wait "$stranger" || true
  assert_failure 2
  assert_one_line_error 'the group has other members'
}

@test "a history has what was assigned, revoked and committed" {
  group --members 1 --history "$BATS_TEST_TMPDIR/history" --json -
  assert_success
  local file
  file=$(jq -r '.artifacts[0]' <<<"$output")
  [[ -s $file ]]
  # Commits without reads are no anomaly of the readers'.
  produce --count 4 --history "$BATS_TEST_TMPDIR/history"
  run_split consume -e --verify --history "$BATS_TEST_TMPDIR/history"
  assert_success
}

@test "a broker that stops under the group is said to be gone" {
  local cluster=$BATS_TEST_TMPDIR/cluster embedded=$project_root/gates/lib/embedded.sh
  KS_TEST_BROKERS=$("$embedded" up "$cluster" | tail -n 1)
  "$KS_BIN/ks-admin" topics create "$topic" -b "$KS_TEST_BROKERS" >/dev/null
  "$KS_BIN/ks-group" -b "$KS_TEST_BROKERS" -t "$topic" -G "$topic" --duration 60s --settle 1s -v \
    --json "$BATS_TEST_TMPDIR/result.json" 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
  local tool=$! status=0
  "$KS_BIN/ks-admin" groups describe "$topic" -b "$KS_TEST_BROKERS" --wait 15s \
    --expect 'members == 3' >/dev/null
  "$embedded" down "$cluster"
  wait "$tool" || status=$?
  assert_equal "$status" 1
  run jq -r .reason "$BATS_TEST_TMPDIR/result.json"
  assert_output --regexp 'not-settled.*member 1: .*(refused|closed|in time)'
}
