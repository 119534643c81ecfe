#!/usr/bin/env bats
# ks-report's command line.

load report_helper

@test 'merge is what ks-report does with a folder' {
  passed_run
  report "$dir" --stages "$fixtures/stages.json"
  assert_success
  assert [ -s "$dir/report.html" ]
}

@test 'status is that of the worst result, with the reasons' {
  passed_run
  local good=$dir/results/connectivity.librdkafka.probe.json bad=$BATS_TEST_TMPDIR/bad.json
  jq '.status = "inconclusive" | .reason = "not drained"' "$good" >"$bad"
  report status "$good"
  assert_success
  report status "$good" "$bad"
  assert_failure 3
  assert_one_line_error 'not drained'
  report status "$dir/run.json"
  assert_failure 2
  assert_one_line_error "$dir/run.json"
}

@test 'bad usage is one line and status 2' {
  local arguments
  for arguments in '' '--nonsense' 'merge' 'begin' 'record' 'status' 'none' '--stag x .'; do
    # shellcheck disable=SC2086 # several arguments
    report $arguments
    assert_failure 2
    assert_one_line_error 'ks-report: '
  done
  passed_run
  report "$dir" --stages none.json
  assert_failure 2
  assert_one_line_error none.json
}

@test 'help and version' {
  report --help
  assert_success
  assert_output --partial 'ks-report begin DIR'
  report --version
  assert_success
  assert_output --regexp '^ks-report [0-9]+\.[0-9]+\.[0-9]+$'
}
