#!/usr/bin/env bats
# ks-report suite: runs of several profiles, each judged by itself, in one page.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper

# A suite of a run that passed and, on a KafScale, of one that is not shown to be one.
two_profiles() {
  passed_run
  (dir=$reports/run-2 && passed_run kafscale && result produce_fetch '.broker.product = "unknown"')
}

suite() {
  report suite "$@" -o "$BATS_TEST_TMPDIR/out" --stages "$fixtures/stages.json"
}

@test 'each profile is judged by itself, and the worst verdict is the status' {
  passed_run
  (dir=$reports/run-2 && passed_run)
  suite "$reports"
  assert_success
  assert_line --index 0 'kafka: pass: compatible, 2 of 2 required checks passed.'
  assert_line --index 1 'pass'
  (dir=$reports/run-3 && begin kafscale && result connectivity '.broker.product = "unknown"')
  suite "$reports"
  assert_failure 3
  assert_line --index 1 --partial 'kafscale: inconclusive: '
  assert_equal "$(jq -c '[.verdict, (.profiles[] | [.profile, .verdict, .runs])]' \
    "$BATS_TEST_TMPDIR/out/suite.json")" \
    '["inconclusive",["kafka","pass",["run-1","run-2"]],["kafscale","inconclusive",["run-3"]]]'
  is_valid suite-v1.json "$BATS_TEST_TMPDIR/out/suite.json"
  local change
  for change in '.profiles = []' '.verdict = "skip"' 'del(.profiles[0].runs)' '.extra = 1'; do
    jq "$change" "$BATS_TEST_TMPDIR/out/suite.json" >"$BATS_TEST_TMPDIR/bad.json"
    ! is_valid suite-v1.json "$BATS_TEST_TMPDIR/bad.json" 2>/dev/null || fail "valid: $change"
  done
}

@test 'the link to the latest run is not another run' {
  passed_run
  merge --latest
  suite "$reports" --json -
  assert_success
  assert_equal "$(jq -c '.profiles[].runs' <<<"$output")" '["run-1"]'
}

@test 'one page: no two elements of one id, and every reference leads somewhere' {
  two_profiles
  suite "$reports"
  dir=$BATS_TEST_TMPDIR/out
  run python3 - "$dir/report.html" <<'PYTHON'
import html.parser, sys
ids, wanted = [], set()
class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == 'id':
                ids.append(value)
            if name in ('aria-labelledby', 'aria-controls'):
                wanted.add(value)
            if name == 'href' and value.startswith('#'):
                wanted.add(value[1:])
Page().feed(open(sys.argv[1], encoding='utf-8').read())
print(len(ids) - len(set(ids)), wanted - set(ids), len(ids) > 20)
PYTHON
  assert_output '0 set() True'
}

@test 'bad usage is one line and status 2' {
  suite
  assert_refused 'give run folders'
  suite "$reports"
  assert_refused "no run folder: $reports"
  passed_run
  report suite "$dir"
  assert_refused '-o'
}
