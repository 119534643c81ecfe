#!/usr/bin/env bats
# needs: broker
# alone
# A real Kafka behind a front that serves only the versions that KafScale 1.6.0 advertises.

load helper

setup() {
  require_broker
  unset K6_TARGET KS_RUN_ID KS_CLIENT
  : "${KS_FRONT:=$project_root/build/release/tests/broker-front}"
  topic=$(unique persona)
  mkfifo "$BATS_TEST_TMPDIR/stdin"
  exec 7<>"$BATS_TEST_TMPDIR/stdin" # the front ends with its standard input
  "$KS_FRONT" "$KS_TEST_BROKERS" --versions-of "$project_root/tests/fixtures/kafscale-1.6.0/exchanges.jsonl" \
    <"$BATS_TEST_TMPDIR/stdin" >"$BATS_TEST_TMPDIR/address" 3>&- &
  front=$!
  until [[ -s $BATS_TEST_TMPDIR/address ]] || ! kill -0 "$front"; do sleep 0.05; done
  persona=$(<"$BATS_TEST_TMPDIR/address")
}

teardown() {
  kill "$front" 2>/dev/null || true
  delete_topic
}

@test "librdkafka is refused with the mismatch named, at once" {
  run_split "$KS_BIN/ks-consume" --client librdkafka -b "$persona" -t "$topic" -e
  assert_failure 2
  assert_one_line_error 'Fetch: the client speaks 4 for message format v2, the broker serves 11-13'
  run_split "$KS_BIN/ks-admin" --client librdkafka -b "$persona" groups describe some --json -
  assert_failure 2
  assert_one_line_error 'FindCoordinator: the client speaks 0-2, the broker serves 3'
  assert_equal "$(jq -r '.findings[].id' <<<"$output")" version-mismatch
}

@test "the wire client passes the PR gate" {
  export KS_REPORTS=$BATS_TEST_TMPDIR/reports K6_PROFILE=$BATS_TEST_TMPDIR/persona.yaml
  printf 'target: kafka\nbrokers: [%s]\nclients: [wire]\n' "$persona" >"$K6_PROFILE"
  run_split "$project_root/gates/pr.sh"
  # This broker cannot be restarted from here; all else has passed.
  assert_failure 3
  run jq -r '.checks[] | select(.required and .status != "pass") | .check' "$KS_REPORTS/latest/summary.json"
  assert_output restart_durability
  assert_equal "$(jq '[.checks[] | select(.status == "pass")] | length' "$KS_REPORTS/latest/summary.json")" 15
}
