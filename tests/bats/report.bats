#!/usr/bin/env bats
# ks-report: run folders, the verdict and its exit status, and outputs that other programs can read.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper

fixtures=$BATS_TEST_DIRNAME/../fixtures/report
schemas=$BATS_TEST_DIRNAME/../../reports/schema

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_RUN_ID KS_CHECK KS_STEP KS_STAGE KS_TITLE KS_COMMIT
  reports=$BATS_TEST_TMPDIR/reports
  dir=$reports/run-1
  mkdir -p "$reports"
}

report() {
  run_split "$KS_BIN/ks-report" "$@"
}

# begin [PROFILE [OPTION…]]: begins $dir on the fixture profile kafka or kafscale.
begin() {
  local profile=${1:-kafka}
  "$KS_BIN/ks-report" begin "$dir" --stage pr --profile "$fixtures/$profile.yaml" "${@:2}"
}

# result CHECK [JQ FILTER]: a result of $dir, passed unless the filter changes it.
result() {
  local target
  target=$(jq -r .target "$dir/run.json")
  jq --arg check "$1" --arg run "${dir##*/}" --arg target "$target" \
    ".check = \$check | .run_id = \$run | .target = \$target | .profile = \$target | ${2:-.}" \
    "$fixtures/result.json" >"$dir/results/$1.librdkafka.probe.json"
}

passed_run() {
  begin "$@"
  result connectivity
  result produce_fetch
}

merge() {
  report merge "$dir" --stages "$fixtures/stages.json" "$@"
}

summary() {
  jq -r "$1" "$dir/summary.json"
}

# is_valid SCHEMA FILE…
is_valid() {
  python3 - "$schemas/$1" "${@:2}" <<'PYTHON'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
for name in sys.argv[2:]:
    jsonschema.validate(json.load(open(name)), schema)
PYTHON
}

# junit_names: what a JUnit reader sees, one line a test case: name outcome.
junit_names() {
  python3 - "$dir/junit.xml" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree
for suite in tree.parse(sys.argv[1]).getroot():
    cases = suite.findall('testcase')
    assert int(suite.get('tests')) == len(cases)
    for kind, element in (('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')):
        assert int(suite.get(kind)) == len(suite.findall('testcase/' + element))
    for case in cases:
        print(suite.get('name'), case.get('name'), *[child.tag for child in case])
PYTHON
}

# page_problems: whatever in report.html could run, fetch or lead elsewhere.
page_problems() {
  python3 - "$dir/report.html" <<'PYTHON'
import html.parser, sys
class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        if tag in ('script', 'link', 'img', 'iframe', 'object', 'b'):
            print('element', tag)
        for name, value in attributes:
            if name.startswith('on') or name == 'src':
                print('attribute', name)
            if name == 'href' and not value.startswith(('#', './', '../')):
                print('link', value)
text = open(sys.argv[1], encoding='utf-8').read()
Page().feed(text)
for character in text:
    if ord(character) < 32 and character != '\n':
        print('control character', ord(character))
PYTHON
}

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

@test 'merge is what ks-report does with a folder' {
  passed_run
  report "$dir" --stages "$fixtures/stages.json"
  assert_success
  assert [ -s "$dir/report.html" ]
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
  merge --latest --interrupted 'signal 2'
  assert_failure 3
  assert_line 'inconclusive: the run was interrupted: signal 2'
  assert_equal "$(summary '[.verdict, .interrupted] | join(" ")')" 'inconclusive signal 2'
  assert [ ! -e "$reports/latest" ]
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
  merge --latest
  assert_failure 3
  assert_equal "$(readlink "$reports/latest")" run-2
  dir=$reports/run-3
  passed_run
  merge
  assert_equal "$(readlink "$reports/latest")" run-2
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
  touch "$reports/file"
  report begin "$reports/file/run" --stage pr --profile "$fixtures/kafka.yaml"
  assert_failure 2
  assert_one_line_error "$reports/file/run"
}

@test 'bad usage is one line and status 2' {
  local arguments
  for arguments in '' '--nonsense' 'merge' 'begin' 'record' 'none' '--stag x .'; do
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
