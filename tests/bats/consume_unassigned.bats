#!/usr/bin/env bats
# A group's member that gets no partitions says why.

load helper
load liar_helper

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT
  export KS_HOME="${KS_HOME:-$project_root}"
}

teardown() {
  stop_liar
}

consume_from() { # CLIENT OPTION...
  run_split "$KS_BIN/ks-consume" -b "$liar_address" --client "$1" -t orders -G billing -e \
    --timeout 3s --json "$BATS_TEST_TMPDIR/result.json" "${@:2}"
  assert_equal "$output" ''
  reason=$(jq -r .reason "$BATS_TEST_TMPDIR/result.json")
  assert_equal "$stderr" "ks-consume: $reason"
}

@test "because the coordinator answers nothing" {
  start_liar group-silent
  consume_from wire
  assert_equal "$status" 3
  assert_regex "$reason" \
    "^no partition was assigned in time: not stable for [0-9.]+ s: $liar_address has not answered JoinGroup for [0-9.]+ s\$"
  consume_from librdkafka
  assert_equal "$status" 3
  assert_regex "$reason" ': librdkafka is in state up, join state wait-join, after 0 rebalances$'
}

@test "because the group never stops rebalancing" {
  start_liar group-churn
  consume_from wire -X session.timeout.ms=1000 -X heartbeat.interval.ms=200
  assert_equal "$status" 3
  assert_regex "$reason" ': not stable for [0-9.]+ s: [0-9]+ generations in [0-9.]+ s without a heartbeat'
  assert_regex "$reason" 'SyncGroup refused [0-9]+ times \(REBALANCE_IN_PROGRESS [0-9]+\)'
  assert_equal "$(jq -r '.findings[].id' "$BATS_TEST_TMPDIR/result.json")" rebalance-churn
  consume_from librdkafka
  assert_equal "$status" 3
  assert_regex "$reason" ': librdkafka is in state up, join state [a-z-]+, after [0-9]+ rebalances$'
}

@test "because no coordinator is available" {
  start_liar group-nowhere
  consume_from wire
  assert_equal "$status" 3
  assert_regex "$reason" \
    ': not stable for [0-9.]+ s: FindCoordinator refused [0-9]+ times \(COORDINATOR_NOT_AVAILABLE [0-9]+\)'
  consume_from librdkafka
  assert_equal "$status" 3
  assert_regex "$reason" ': librdkafka is in state (query|wait)-coord, join state init, after 0 rebalances$'
}

@test "because no version of a group's API is common to both: known before anything is waited for" {
  start_liar group-unjoinable
  consume_from wire
  assert_equal "$status" 2
  assert_regex "$reason" 'JoinGroup: the client speaks 0-[0-9]+, the broker serves 100-101$'
  consume_from librdkafka
  assert_equal "$status" 2
  assert_regex "$reason" 'JoinGroup: the client speaks 0-[0-9]+, the broker serves 100-101; use --client wire$'
  assert_equal "$(jq -r '.findings[].id' "$BATS_TEST_TMPDIR/result.json")" group-apis-unreachable
}
