#!/usr/bin/env bats
# ks-report's outputs: they follow their schemas, other programs can read them, and none is half there.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper

@test 'summary, run and results follow their schemas' {
  passed_run
  result produce_fetch '.status = "fail" | .reason = "lost" | .thresholds[0].observed = null |
    .anomalies = [{type: "lost", count: 3, allowed: 0, examples: ["a"]}]'
  echo '[]' >"$dir/results/broken.json"
  merge
  assert_failure 1
  is_valid summary-v1.json "$dir/summary.json"
  is_valid run-v1.json "$dir/run.json"
  is_valid result-v1.json "$dir/results"/connectivity.*.json "$dir/results"/produce_fetch.*.json
}

@test 'the schemas refuse what is not theirs' {
  passed_run
  merge
  local change file
  for change in '.status = "ok"' 'del(.run_id)' '.anomalies = [{type: "lost"}]' '.extra = 1'; do
    jq "$change" "$fixtures/result.json" >"$BATS_TEST_TMPDIR/bad.json"
    run is_valid result-v1.json "$BATS_TEST_TMPDIR/bad.json"
    assert_failure
  done
  dir=$reports/run-1
  for change in '.stage = "nightly"' 'del(.target)' '.clients = "wire"' '.extra = 1'; do
    jq "$change" "$dir/run.json" >"$BATS_TEST_TMPDIR/bad.json"
    ! is_valid run-v1.json "$BATS_TEST_TMPDIR/bad.json" 2>/dev/null || fail "valid: $change"
  done
  for change in '.verdict = "skip"' '.questions = []' '.checks[0].reason = "" | .checks[0].status = "fail"'; do
    jq "$change" "$dir/summary.json" >"$BATS_TEST_TMPDIR/bad.json"
    file=$BATS_TEST_TMPDIR/bad.json
    ! is_valid summary-v1.json "$file" 2>/dev/null || fail "valid: $change"
  done
}

@test 'JUnit and HTML stay well-formed whatever a broker says' {
  passed_run
  result produce_fetch '.status = "fail" | .step = "</testcase>" |
    .reason = "<script>alert(1)</script> & \"quoted\" \u0000\u001b[31m ]]> \u202e{{style}}" |
    .findings = [{id: "<b>", severity: "x\" onmouseover=\"y", summary: "&amp;", evidence: "\u0007"}] |
    .artifacts = ["javascript:alert(1)"]'
  merge
  assert_failure 1
  run junit_names
  assert_success
  assert_line 'pr produce_fetch (librdkafka) failure'
  run page_problems
  assert_success
  assert_output ''
}

@test 'the summary goes where --json says' {
  passed_run
  merge --json -
  assert_success
  assert_equal "$(jq -r .verdict <<<"$output")" pass
}

@test 'what cannot be written is one line, and nothing written is lost' {
  passed_run
  mkdir -p "$dir/report.html/in the way"
  merge --latest
  assert_failure 2
  assert_one_line_error "$dir/report.html"
  assert [ -s "$dir/results/connectivity.librdkafka.probe.json" ]
  assert [ -s "$dir/run.json" ]
  assert [ ! -e "$dir/summary.json" ]
  assert [ ! -e "$reports/latest" ]
  rm -r "$dir/report.html"
  run bash -c "'$KS_BIN/ks-report' '$dir' --stages '$fixtures/stages.json' >/dev/full"
  assert_failure 2
  assert_output 'ks-report: cannot write: standard output; No space left on device'
  touch "$reports/file"
  report begin "$reports/file/run" --stage pr --profile "$fixtures/kafka.yaml"
  assert_failure 2
  assert_one_line_error "$reports/file/run"
}
