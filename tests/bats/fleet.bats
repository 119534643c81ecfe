#!/usr/bin/env bats
# needs: broker
# Fleets over SSH on loopback, GNU parallel between them: what they come to, and how they fail.

load fleet_helper

setup() {
  require_broker
  setup_fleet
}

teardown() {
  end_sshd
}

traffic() { # MESSAGES RATE
  scenario fleet.yaml <<YAML
topics: [{name: "fleet-{{run_id}}", partitions: 3}]
scenarios:
  producer: {type: produce, messages: $1, rate: $2/s}
  consumer: {type: consume, clients: 2, limit: $1, timeout: 5s}
checks:
  - {type: no_loss}
  - {type: no_duplicates}
  - {type: order}
  - {type: uuid_match}
  - {name: read, type: count_equals, expected: $1}
  - {name: sent, type: count_equals, metric: produced, expected: $1}
YAML
}

@test "four workers over SSH come to what one process sees that reads all their histories" {
  start_sshd
  traffic 2001 1000
  fleet "4/$there"
  [[ $status == 0 ]] || { cat "$(run_folder)"/workers/0/said >&2; }
  assert_success
  assert_line "pass${tab}fleet${tab}sent${tab}2001 (== 2001)"
  local run verified
  run=$(run_folder)
  # Each has its part, and an identity of its own for each record.
  assert_equal "$(of_workers '[.data.workers[] | .sent] | join(" ")')" '501 500 500 500'
  assert_equal "$(jq -s '[.[] | .metrics.acked_records] | add' "$run"/workers/*/results/*.producer_?.json)" 2001
  # What the fleet says is what one reader of all histories says, count by count.
  verified=$BATS_TEST_TMPDIR/verified.json
  mkdir "$BATS_TEST_TMPDIR/all"
  cp "$run"/workers/*/history/*/*.ksh "$BATS_TEST_TMPDIR/all/"
  "$KS_BIN/ks-verify" dump "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/events"
  assert_equal "$(grep -c '"kind":"send"' "$BATS_TEST_TMPDIR/events")" 2001
  "$KS_BIN/ks-verify" "$run"/history/* --quiet --json "$verified"
  assert_equal "$(jq -c '.metrics' "$verified")" "$(jq -c '.metrics' "$run"/results/*.verify.json)"
  assert_equal "$(jq -r '.status' "$verified")" pass
  # Histograms add up bucket by bucket, and percentiles are those of the sum.
  find_python json
  "$python" "$BATS_TEST_DIRNAME/support/merged_histograms.py" "$run"
  # The page tells them, and nothing is left there.
  assert_equal "$(of_workers '.data.workers | length')" 4
  assert_equal "$(summary '.check_results[0].workers | length')" 4
  grep -q "worker-3" "$run/report.html"
  assert_valid scenario-summary-v1.json "$run/summary.json"
  assert_valid worker-v1.json "$run"/workers/*/worker.json
  assert_valid result-v1.json "$run"/results/*.json
  run compgen -G "$BATS_TEST_TMPDIR/ks-fleet-*"
  assert_failure
}
