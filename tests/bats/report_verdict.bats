#!/usr/bin/env bats
# ks-report merge: the verdict on one run folder, and its exit status.

load report_helper

@test 'a run whose required checks all passed is compatible: status 0' {
  passed_run
  merge
  assert_success
  assert_output --partial 'pass: compatible, 2 of 2 required checks passed.'
  assert_output --partial 'It is not a KafScale release gate.'
  assert_equal "$(summary '[.verdict, .decision, .required, .kafscale_gate] | join(" ")')" \
    'pass compatible 2 false'
  assert_equal "$(summary '[.questions[].answer] | join(", ")')" \
    'yes, yes, not tested, not tested, not tested'
}

@test 'one failed check: status 1, named in every report' {
  passed_run
  result produce_fetch '.status = "fail" | .reason = "3 records lost"'
  merge
  assert_failure 1
  assert_line 'fail: produce_fetch (librdkafka) failed: 3 records lost'
  assert_equal "$(summary .decision)" 'not compatible'
  local file
  for file in summary.json checklist.md report.html junit.xml; do
    grep -q '3 records lost' "$dir/$file" || fail "$file does not name it"
  done
}

@test 'a check that could not run: status 2' {
  passed_run
  result produce_fetch '.status = "error" | .reason = "no broker"'
  merge
  assert_failure 2
  assert_line 'error: produce_fetch (librdkafka) could not run: no broker'
}

@test 'a required check without a result: status 3, not run, never passed' {
  begin
  result connectivity
  merge
  assert_failure 3
  assert_line 'inconclusive: produce_fetch (librdkafka) did not run: no result'
  assert_equal "$(summary '.checks[] | select(.check == "produce_fetch") | .status')" inconclusive
  assert_equal "$(summary '.not_tested[0] | .check + ": " + .reason')" 'produce_fetch: no result'
  run junit_names
  assert_line 'pr produce_fetch (librdkafka) skipped'
}

@test 'a run without any result never passes' {
  begin
  merge
  assert_failure 3
  rm -r "$dir/results"
  merge
  assert_failure 3
}

@test 'what is planned is not tested, not passed' {
  passed_run
  merge
  assert_success
  assert_equal "$(summary '.not_tested[] | select(.check == "offset_for_leader_epoch") | .reason')" \
    'librdkafka has no call for it'
  run cat "$dir/checklist.md"
  assert_output --regexp 'offset_for_leader_epoch.*\| not tested \|'
}

@test 'what the target excludes is not required, and named' {
  passed_run
  merge
  assert_equal "$(summary '.checks[] | select(.check == "metrics_health") | [.status, .required, .reason] | join(", ")')" \
    "skip, false, the metrics are KafScale's own"
}

@test 'on a KafScale, the excluded check is required and a PR run never says release' {
  jq '.broker.product = "KafScale"' "$fixtures/result.json" >"$BATS_TEST_TMPDIR/identity.json"
  passed_run kafscale --identity "$BATS_TEST_TMPDIR/identity.json"
  local unknown='.broker.product = "unknown"'
  result connectivity "$unknown"
  result produce_fetch "$unknown"
  merge
  assert_failure 3
  assert_line 'inconclusive: metrics_health did not run: no result'
  result metrics_health "$unknown | .client = \"none\""
  merge
  assert_success
  assert_equal "$(summary '[.decision, .kafscale_gate] | join("; ")')" \
    "we didn't break Kafka semantics: yes; true"
}

@test 'a KafScale run on an unidentified broker cannot pass' {
  passed_run kafscale
  result connectivity '.broker.product = "unknown"'
  result produce_fetch '.broker.product = "unknown"'
  result metrics_health '.client = "none" | .broker.product = "unknown"'
  merge
  assert_failure 3
  assert_line 'inconclusive: the broker was not identified as a KafScale'
}

@test 'a malformed result is named, the rest is still reported: status 2' {
  passed_run
  echo '{"schema_version": 1' >"$dir/results/broken.json"
  merge
  assert_failure 2
  assert_line 'error: cannot use results/broken.json: not JSON'
  assert_equal "$(summary '.problems[0].file')" results/broken.json
  assert_equal "$(summary '.counts.pass')" 2
}

@test 'a result of another run is refused by name' {
  passed_run
  result connectivity '.run_id = "run-9"'
  merge
  assert_failure 2
  assert_line --partial 'results/connectivity.librdkafka.probe.json: result of another run, run-9'
}

@test 'a result of another target is refused' {
  passed_run
  result connectivity '.target = "kafscale"'
  merge
  assert_failure 2
  assert_one_line_error 'result of another target'
  assert [ ! -e "$dir/summary.json" ]
}

@test 'a check that was killed half-way is an error, whatever its steps say' {
  passed_run
  rm "$dir/results/produce_fetch.librdkafka.end.json"
  merge
  assert_failure 2
  assert_line "error: produce_fetch (librdkafka) could not run: \
it did not reach its end: killed, or still running"
  report begin "$dir" --check produce_fetch --client librdkafka
  assert_success
  merge
  assert_failure 2
  end_check produce_fetch 0 probe
  merge
  assert_success
}

@test 'a check that was killed before its first result is an error, too' {
  begin
  result connectivity
  report begin "$dir" --check produce_fetch --client librdkafka
  merge
  assert_failure 2
  assert_equal "$(summary '.checks[] | select(.check == "produce_fetch") | [.status, .ran] | join(" ")')" \
    'error true'
}

@test 'a result that got lost is missed' {
  passed_run
  end_check produce_fetch 0 probe verify
  merge
  assert_failure 2
  assert_line --partial 'results/produce_fetch.librdkafka.verify.json is missing'
  rm "$dir/results/produce_fetch.librdkafka.probe.json"
  merge
  assert_failure 2
}

@test 'a result that was not there when its check ended does not count' {
  passed_run
  cp "$dir"/results/connectivity.librdkafka.{probe,later}.json
  merge
  assert_failure 2
  assert_line --partial 'connectivity (librdkafka) could not run: it did not reach its end'
}

@test "a check's own status counts where no step explains it" {
  passed_run
  local status expected
  for status in '1 1 failed' '2 2 could not run' '3 3 is inconclusive' '139 3 is inconclusive'; do
    read -r status expected words <<<"$status"
    end_check connectivity "$status" probe
    merge
    assert_failure "$expected"
    assert_line --partial "connectivity (librdkafka) $words: "
  done
  result produce_fetch '.status = "skip" | .reason = "no broker to restart"'
  end_check connectivity 0 probe
  merge
  assert_failure 3
  assert_equal "$(summary '.checks[] | select(.check == "produce_fetch") | .status')" skip
}

@test 'a check without steps is not run' {
  passed_run
  rm "$dir"/results/produce_fetch.*
  end_check produce_fetch 0
  merge
  assert_failure 3
  assert_line 'inconclusive: produce_fetch (librdkafka) is inconclusive: it had no step'
}

@test 'a failure of the run needs a result that tells of it' {
  passed_run
  report end "$dir" --failure 'CTest ended with status 8'
  merge
  assert_failure 2
  assert_line 'error: CTest ended with status 8, and no result says why'
  result produce_fetch '.status = "inconclusive" | .reason = "no data"'
  merge
  assert_failure 3
  refute_output --partial CTest
}

@test 'end asks for a status, and refuses what is no run folder' {
  begin
  report end "$dir" --check connectivity
  assert_failure 2
  assert_one_line_error 'give the exit status of the check'
  report end "$dir" probe
  assert_failure 2
  assert_one_line_error 'steps of no check'
  report end "$reports"
  assert_failure 2
  assert_one_line_error 'not a run folder'
}
