#!/usr/bin/env bats
# What ks-report writes for CI hosts and spreadsheets: other programs can read it.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper

# A run with a failure whose words try to be something else.
hostile_run() {
  passed_run
  result produce_fetch '.status = "fail" | .step = "a # SKIP" |
    .reason = "50% lost | <script>\n::error::x # TODO" |
    .anomalies = [{type: "lost", count: 3, allowed: 0, examples: ["`a` | b"]}] |
    .findings = [{id: "null-records", severity: "warning", summary: "null, not empty", evidence: ""}]'
}

# tap_points: what a reader of TAP sees, one line a test point; its diagnostics are YAML.
tap_points() {
  python3 - "$dir/results.tap" <<'PYTHON'
import re, sys, yaml
lines = open(sys.argv[1], encoding='utf-8').read().split('\n')
assert lines[0] == 'TAP version 14'
plan = int(re.fullmatch(r'1\.\.(\d+)', lines[1])[1])
points, block = [], None
for line in lines[2:-1]:
    if block is not None:
        if line == '  ...':
            points[-1] += ' ' + yaml.safe_load('\n'.join(block))['status']
            block = None
        else:
            block.append(line)
    elif line == '  ---':
        block = []
    elif not line.startswith('#'):
        assert re.match(r'(not )?ok %d - ' % (len(points) + 1), line), line
        directive = re.search(r'(?<!\\)# (SKIP|TODO)', line)
        points.append(line.split(' - ')[0] + (' ' + directive[1] if directive else ''))
assert lines[-1] == '' and block is None and plan == len(points)
print('\n'.join(points))
PYTHON
}

@test 'TAP: a failure is not ok with its diagnostics, what does not apply is skipped' {
  hostile_run
  merge
  assert_failure 1
  find_python yaml
  run tap_points
  assert_success
  assert_line --index 0 'ok 1'
  assert_line --index 1 'not ok 2 fail'
  assert_line --index 2 'ok 3 SKIP'
}

@test 'TAP: all points are ok if and only if the verdict is a pass' {
  passed_run
  merge
  assert_success
  run grep -c '^not ok' "$dir/results.tap"
  assert_output 0
  rm "$dir"/results/produce_fetch.*
  merge
  assert_failure 3
  run grep '^not ok' "$dir/results.tap"
  assert_output 'not ok 2 - produce_fetch (librdkafka)'
}

@test 'Markdown: tables keep their columns whatever a broker says' {
  hostile_run
  merge
  run grep -c 'What did not pass' "$dir/report.md"
  assert_output 1
  run grep -F '**failed** | 50% lost \| \<script\> ::error::x \# TODO |' "$dir/report.md"
  assert_success
  run grep -F "\`lost\` | produce_fetch (librdkafka) | 3 | 0 | \`'a' \\| b\` |" "$dir/report.md"
  assert_success
}

@test '--github annotates, and appends to the summary of the job' {
  hostile_run
  export GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary
  echo 'of an earlier step' >"$GITHUB_STEP_SUMMARY"
  merge --github
  assert_failure 1
  run grep -n '^::' <<<"$output"
  assert_equal "${#lines[@]}" 3
  assert_line --partial '::error title=produce_fetch (librdkafka)::produce_fetch (librdkafka) failed: 50%25 lost'
  assert_line --partial '::warning title=null-records::null, not empty (produce_fetch (librdkafka))%0A'
  assert_line --partial '::notice title=Kafka compatibility%2C PR stage::fail: not compatible.'
  run cat "$GITHUB_STEP_SUMMARY"
  assert_line --index 0 'of an earlier step'
  assert_line '# Kafka compatibility, PR stage: not compatible'
}

@test '--github keeps to the size of a summary, which costs no verdict, and apart from --json -' {
  passed_run
  export GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/summary
  head -c 1048570 /dev/zero >"$GITHUB_STEP_SUMMARY"
  merge --github --latest
  assert_success
  assert_equal "$stderr" "ks-report: warning: no room in the job's summary: $GITHUB_STEP_SUMMARY"
  assert_equal "$(readlink "$reports/latest")" run-1
  assert_equal "$(stat -c %s "$GITHUB_STEP_SUMMARY")" 1048570
  GITHUB_STEP_SUMMARY=$BATS_TEST_TMPDIR/missing/summary
  merge --github
  assert_success
  [[ $stderr == "ks-report: warning: cannot append: $GITHUB_STEP_SUMMARY; "* ]]
  report merge "$dir" --github --json -
  assert_refused '--json'
}

@test 'series: every second of every step, as a spreadsheet reads it' {
  begin
  result connectivity
  result produce_fetch '.series = "series/produce.jsonl" | .tool.name = "=cmd()"'
  printf '{"time":"2026-01-31T12:00:0%d.250Z","records":300,"bytes":30000,"errors":0}\n' 1 2 \
    >"$dir/series/produce.jsonl"
  report series "$dir" -o "$BATS_TEST_TMPDIR/series.csv"
  assert_success
  run python3 -c 'import csv, sys
for row in csv.DictReader(open(sys.argv[1], newline="")):
    print(row["time_utc"], row["check"], row["tool"], row["records"], repr(row["latency_ms_p50"]))' \
    "$BATS_TEST_TMPDIR/series.csv"
  assert_output "2026-01-31 12:00:01.250 produce_fetch '=cmd() 300 ''
2026-01-31 12:00:02.250 produce_fetch '=cmd() 300 ''"
}

@test 'series: what is damaged is told, the rest is written: status 3' {
  begin
  result connectivity '.series = "series/gone.jsonl"'
  result produce_fetch '.series = "series/produce.jsonl"'
  printf '%s\n' '{"time":"2026-01-31T12:00:01.250Z","records":1}' '{"ti' >"$dir/series/produce.jsonl"
  report series "$dir"
  assert_failure 3
  assert_equal "${#lines[@]}" 2
  assert_equal "${#stderr_lines[@]}" 2
  report series
  assert_refused 'give a run folder'
}
