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
