#!/usr/bin/env bats
# ks-report baseline: figures of a run beside those of earlier ones.

load report_helper

# run_with NUMBER LATENCY_MS RATE: a run that passed, its folder in $dir.
run_with() {
  dir=$reports/run-$1
  begin
  result connectivity
  result produce_fetch ".metrics = {latency_ms_p99: $2, acked_per_s: $3, errors: 0,
    acked_records: 1000, elapsed_s: 2}"
  end_run
  jq ".started_at = \"2026-01-31T12:00:0$1.000Z\"" "$dir/run.json" >"$dir/new"
  mv "$dir/new" "$dir/run.json"
}

baseline() { # save|compare [OPTION…]
  report baseline "$1" "$dir" --file "$reports/history.jsonl" --stages "$fixtures/stages.json" "${@:2}"
}

# Five runs that passed, saved.
five_runs() {
  local number
  for number in 1 2 3 4 5; do
    run_with "$number" "10$number" "100$number"
    baseline save
    assert_success
  done
}

@test 'a regression is named with its size: status 1; an improvement is told' {
  five_runs
  run_with 6 150 2000
  baseline compare
  assert_failure 1
  assert_line --index 0 "regression: produce_fetch (librdkafka) probe latency_ms_p99: 150, \
median 103 of 5 earlier runs (spread 1.483), +46 %"
  assert_line --index 1 --partial 'improvement: produce_fetch (librdkafka) probe acked_per_s: 2,000'
  assert_line --index 2 --partial 'fail: 1 regression, 1 better, 1 as before; 5 earlier runs'
}

@test 'what is as before passes, and --json has every figure' {
  five_runs
  run_with 6 104 1003
  baseline compare
  assert_success
  assert_equal "${#lines[@]}" 1
  baseline compare --json -
  assert_success
  is_valid comparison-v1.json <(cat <<<"$output")
  local all=$output change
  for change in '.verdict = "error"' '.figures[0].change = "missing"' '.figures[0].now = null' '.x = 1'; do
    ! is_valid comparison-v1.json <(jq "$change" <<<"$all") 2>/dev/null || fail "valid: $change"
  done
  assert_equal "$(jq -c '[.verdict, (.figures | length), .figures[1].better]' <<<"$output")" \
    '["pass",3,"higher"]'
}

@test 'too few earlier runs are inconclusive, of whatever other profile there are more' {
  run_with 1 100 1000
  baseline compare
  assert_failure 3
  assert_output --partial 'inconclusive: 0 regressions, 3 with too few earlier runs; 0 earlier runs'
  rm -r "$dir"
  five_runs
  sed -i 's/"profile":"kafka"/"profile":"other"/' "$reports/history.jsonl"
  run_with 6 100 1000
  baseline compare
  assert_failure 3
}

@test 'a run is saved once, and its line follows the schema' {
  run_with 1 100 1000
  baseline save
  assert_success
  baseline save
  assert_success
  assert_equal "$stderr" "ks-report: run run-1 is there already: $reports/history.jsonl"
  assert_equal "$(wc -l <"$reports/history.jsonl")" 1
  is_valid baseline-v1.json "$reports/history.jsonl"
  local change
  for change in '.figures.x = 1' 'del(.machine)' '.stage = "x"' '.extra = 1'; do
    jq "$change" "$reports/history.jsonl" >"$BATS_TEST_TMPDIR/bad.json"
    ! is_valid baseline-v1.json "$BATS_TEST_TMPDIR/bad.json" 2>/dev/null || fail "valid: $change"
  done
}

@test 'a run that did not pass is no baseline: status 2' {
  run_with 1 100 1000
  result produce_fetch '.status = "fail" | .reason = "lost"'
  baseline save
  assert_refused 'a run that did not pass (fail) is no baseline'
  assert [ ! -e "$reports/history.jsonl" ]
}

@test 'a line that was cut off is told, and the others count' {
  five_runs
  head -c 100 "$reports/history.jsonl" >>"$reports/history.jsonl.part"
  cat "$reports/history.jsonl.part" >>"$reports/history.jsonl"
  run_with 6 104 1003
  baseline compare
  assert_success
  assert_one_line_error '1 line cannot be read'
  baseline save
  baseline compare
  assert_success
  assert_equal "$(grep -c '^{.*}$' "$reports/history.jsonl")" 6
}

@test 'the history is where the runs are, and bad usage is told' {
  run_with 1 100 1000
  KS_REPORTS=$reports report baseline save "$dir" --stages "$fixtures/stages.json"
  assert_success
  assert [ -s "$reports/baseline.jsonl" ]
  report baseline
  assert_refused 'save or compare'
  report baseline save
  assert_refused 'give one run folder'
  report baseline compare "$reports/none"
  assert_refused none
}
