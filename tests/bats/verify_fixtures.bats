#!/usr/bin/env bats
# ks-verify on the histories kept under tests/fixtures, good and bad.

load helper

histories=$BATS_TEST_DIRNAME/../fixtures/histories

judged() { # HISTORY
  run_split "$KS_BIN/ks-verify" "$histories/$1" --json -
}

@test "a good history passes" {
  judged good
  assert_success
  assert_equal "$(jq -c '[.metrics.acked_records, .metrics.uuid_matched_records]' <<<"$output")" '[300,300]'
}

@test "what a lying broker left is named" {
  local type
  for type in lost duplicate corrupt; do
    judged "$type"
    assert_failure 1
    assert_equal "$(jq -r '.anomalies[0].type' <<<"$output")" "$type"
    assert_one_line_error "$type: 1, first "
  done
}

@test "a damaged file is named with its offset, the rest is judged, and it is inconclusive" {
  local name
  for name in truncated flipped future; do
    judged "$name"
    assert_failure 3
    assert_one_line_error "$name/consume.ksh at offset"
    assert_equal "$(jq .metrics.acked_records <<<"$output")" 300
    assert_equal "$(jq '.anomalies | length' <<<"$output")" 0
  done
  judged foreign
  assert_failure 3
  assert_one_line_error 'not a history file: '
  assert_equal "$(jq .metrics.uuid_matched_records <<<"$output")" 300
}

@test "acknowledged records that nobody read are no pass" {
  judged produced-only
  assert_failure 3
  assert_one_line_error 'no record was read'
}
