#!/usr/bin/env bats
# ks-report begin and record: what a run folder holds before it is judged.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper

@test 'begin makes a run folder that says what the run is about' {
  export KS_COMMIT=4f2a9c1d
  report begin "$dir" --stage pr --profile "$fixtures/kafka.yaml"
  assert_success
  assert [ -d "$dir/results" ] && assert [ -d "$dir/history" ]
  assert [ -d "$dir/series" ] && assert [ -d "$dir/logs" ]
  is_valid run-v1.json "$dir/run.json"
  assert_equal "$(jq -r '[.run_id, .stage, .target, .commit, .kafscale_gate] | join(" ")' \
    "$dir/run.json")" 'run-1 pr kafka 4f2a9c1d false'
}

@test 'begin calls it a KafScale gate only if a KafScale answered' {
  jq '.broker.product = "KafScale" | .data = {cluster_id: "kafscale-cluster"}' \
    "$fixtures/result.json" >"$BATS_TEST_TMPDIR/identity.json"
  begin kafscale --identity "$BATS_TEST_TMPDIR/identity.json"
  assert_equal "$(jq -c '[.kafscale_gate, .broker.cluster_id]' "$dir/run.json")" \
    '[true,"kafscale-cluster"]'
  dir=$reports/run-2
  begin kafscale --identity "$fixtures/result.json"
  assert_equal "$(jq .kafscale_gate "$dir/run.json")" false
  dir=$reports/run-3
  begin kafka --identity "$BATS_TEST_TMPDIR/identity.json"
  assert_equal "$(jq .kafscale_gate "$dir/run.json")" false
}

@test 'begin refuses a folder that already has a run' {
  begin
  report begin "$dir" --stage pr --profile "$fixtures/kafka.yaml"
  assert_failure 2
  assert_one_line_error "$dir"
}

@test 'begin names an unknown stage, profile and a missing identity' {
  report begin "$dir" --stage nightly --profile "$fixtures/kafka.yaml"
  assert_failure 2
  assert_one_line_error "unknown stage 'nightly'"
  report begin "$dir" --stage pr --profile "$fixtures/none.yaml"
  assert_failure 2
  assert_one_line_error none.yaml
  report begin "$dir" --stage pr --profile "$fixtures/kafka.yaml" --identity none.json
  assert_failure 2
  assert_one_line_error none.json
  assert [ ! -e "$dir/run.json" ]
}

@test 'record writes the result of a step that could not write its own' {
  begin
  report record "$dir" --check connectivity --client librdkafka --step probe --status error \
    --reason 'ks-probe ended with status 139' --title 'Clients connect'
  assert_success
  is_valid result-v1.json "$dir/results/connectivity.librdkafka.probe.json"
  merge
  assert_failure 2
  assert_line 'error: connectivity (librdkafka) could not run: ks-probe ended with status 139'
}

@test 'record worsens a result and keeps its figures; it never betters one' {
  begin
  local file=$dir/results/connectivity.librdkafka.probe.json
  local record=(record "$dir" --check connectivity --client librdkafka --step probe --reason now)
  result connectivity
  report "${record[@]}" --status error
  assert_success
  assert_equal "$(jq -r '[.status, .reason, .metrics.latency_ms_p99] | join(" ")' "$file")" \
    'error now 17.25'
  result connectivity '.status = "fail" | .reason = "before"'
  report "${record[@]}" --status skip
  assert_success
  assert_equal "$(jq -r '.status + " " + .reason' "$file")" 'fail before'
  echo '{' >"$file"
  report "${record[@]}" --status skip
  assert_failure 2
  assert_equal "$(cat "$file")" '{'
}

@test 'record takes the figures of another program, and a pass only with what is expected' {
  begin
  local file=$dir/results/connectivity.kcat-1.7.read.json
  local record=(record "$dir" --check connectivity --client kcat-1.7 --step read --client-version 1.7.1)
  report "${record[@]}" --status pass --metric lines=100 --expect 'lines == 100' --duration-ms 1500
  assert_success
  is_valid result-v1.json "$file"
  assert_equal "$(jq -c '[.status, .client_version, (.duration_ms | floor), (.metrics.lines | floor), .thresholds[0].ok]' "$file")" \
    '["pass","1.7.1",1500,100,true]'
  report "${record[@]}" --status pass --metric lines=99 --expect 'lines == 100'
  assert_success
  assert_equal "$(jq -r '.status + " " + .reason' "$file")" 'fail expected lines == 100, observed 99'
  report "${record[@]}" --status error
  assert_success
  assert_equal "$(jq -r .reason "$file")" 'expected lines == 100, observed 99'
  report "${record[@]}" --status pass --metric lines=many --expect 'lines == 100'
  assert_failure 2
  assert_one_line_error 'not a number: --metric lines'
}

@test 'record refuses a pass, and asks for check and reason' {
  begin
  report record "$dir" --check a --step b --status pass --reason x
  assert_failure 2
  assert_one_line_error "not a status to record 'pass'"
  report record "$dir" --step b --status fail --reason x
  assert_failure 2
  assert_one_line_error 'give the name of the check'
  report record "$dir" --check a --step b --status fail
  assert_failure 2
  assert_one_line_error 'give the reason'
  report record "$reports" --check a --step b --status fail --reason x
  assert_failure 2
  assert_one_line_error 'not a run folder'
}

@test 'record keeps the name of a check inside the results folder' {
  begin
  report record "$dir" --check ../../escape --step a/b --status fail --reason x
  assert_success
  assert [ -e "$dir/results/______escape.none.a_b.json" ]
}
