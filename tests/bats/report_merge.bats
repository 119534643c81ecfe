#!/usr/bin/env bats
# ks-report merge of several run folders, of one that ended early, and the link to the newest.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper

@test 'runs of one kind merge; each check keeps its worst status' {
  passed_run
  dir=$reports/run-2 passed_run
  (dir=$reports/run-2 && result produce_fetch '.status = "fail" | .reason = "lost"')
  report merge "$dir" "$reports/run-2" -o "$reports/both" --stages "$fixtures/stages.json"
  assert_failure 1
  dir=$reports/both
  assert_equal "$(summary '[.run_id, .runs[], .counts.pass, .counts.fail] | join(" ")')" \
    'both run-1 run-2 1 1'
  local evidence
  evidence=$(summary '.checks[] | select(.check == "produce_fetch") | .results[1]')
  assert [ -r "$dir/$evidence" ]
}

@test 'runs of different targets, profiles or broker builds do not merge' {
  passed_run
  local change
  for change in '.target = "kafscale"' '.profile = "other"' '.broker.build = "apis-2"'; do
    rm -rf "$reports/run-2"
    dir=$reports/run-2 begin
    jq ".broker.build = \"apis-1\"" "$dir/run.json" >"$dir/new" && mv "$dir/new" "$dir/run.json"
    jq "$change" "$reports/run-2/run.json" >"$reports/new" && mv "$reports/new" "$reports/run-2/run.json"
    report merge "$dir" "$reports/run-2" -o "$reports/both" --stages "$fixtures/stages.json"
    assert_failure 2
    assert_one_line_error 'cannot merge runs of different'
    assert [ ! -e "$reports/both" ]
  done
}

@test 'several runs need a folder for their report' {
  passed_run
  dir=$reports/run-2 passed_run
  report "$dir" "$reports/run-2" --stages "$fixtures/stages.json"
  assert_failure 2
  assert_one_line_error '-o'
}

@test 'an interrupted run is reported, but cannot pass, now or later' {
  passed_run
  report end "$dir" --interrupted 'signal 2'
  end_run
  merge --latest
  assert_failure 3
  assert_line 'inconclusive: the run was interrupted: signal 2'
  assert_equal "$(summary '[.verdict, .interrupted] | join(" ")')" 'inconclusive signal 2'
  assert [ ! -e "$reports/latest" ]
  merge --latest
  assert_failure 3
  assert [ ! -e "$reports/latest" ]
}

@test 'a run that was killed cannot pass, neither alone nor with one that passed' {
  passed_run
  (dir=$reports/run-2 && begin)
  report merge "$dir" "$reports/run-2" -o "$reports/both" --stages "$fixtures/stages.json"
  assert_failure 3
  assert_line 'inconclusive: the run did not reach its end'
  (dir=$reports/run-2 && end_run)
  report merge "$dir" "$reports/run-2" -o "$reports/both" --stages "$fixtures/stages.json"
  assert_success
}

@test 'a check that was killed in one run is no pass because of another' {
  passed_run
  (
    dir=$reports/run-2
    passed_run
    "$KS_BIN/ks-report" begin "$dir" --check produce_fetch --client librdkafka
  )
  report merge "$dir" "$reports/run-2" -o "$reports/both" --stages "$fixtures/stages.json"
  assert_failure 2
  assert_line "error: produce_fetch (librdkafka) could not run: \
it did not reach its end: killed, or still running"
}

@test 'a run that is not over does not become the latest' {
  begin
  result connectivity
  merge --latest
  assert_failure 3
  assert [ ! -e "$reports/latest" ]
}

@test 'latest is a link to the newest complete run' {
  passed_run
  merge --latest
  assert_equal "$(readlink "$reports/latest")" run-1
  dir=$reports/run-2
  begin # a failed gate is complete, too
  end_run
  merge --latest
  assert_failure 3
  assert_equal "$(readlink "$reports/latest")" run-2
  dir=$reports/run-3
  passed_run
  merge
  assert_equal "$(readlink "$reports/latest")" run-2
}
