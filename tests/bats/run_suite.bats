#!/usr/bin/env bats
# needs: broker
# ks-run suite: scenario files of several profiles, and the one page of them.

load run_helper
load browser_helper

setup() {
  require_broker
  setup_run
}

# Two profiles of one broker, which names tell apart, and a scenario on each; that of `there` fails.
two_profiles() {
  local port=${KS_TEST_BROKERS##*:}
  printf 'target: kafka\nbrokers: [127.0.0.1:%s]\n' "$port" >"$folder/here.profile"
  printf 'target: kafka\nbrokers: [localhost:%s]\n' "$port" >"$folder/there.profile"
  local name expected
  while read -r name expected; do
    scenario "on-$name.yaml" <<YAML
title: What is sent to $name is read
profile: $folder/$name.profile
topics: [{name: "$name-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 5}
  c: {type: consume, limit: 5}
checks: [{name: all, type: count_equals, expected: $expected}]
YAML
  done <<<'here 5
there 6'
}

statuses() {
  summary '[.check_results[] | .check + " " + .profile + " " + .status] | join(", ")'
}

@test "a suite of two profiles: each on its own brokers, a tab for each, the worst verdict for all" {
  two_profiles
  ks_run suite "$folder"
  assert_failure 1
  assert_one_line_error 'on-there (librdkafka) failed: checks: all: expected == 6, observed 5'
  assert_equal "$(statuses)" 'on-here here pass, on-there there fail'
  local results=$KS_REPORTS/latest/results name
  for name in 'here 127.0.0.1' 'there localhost'; do
    assert_equal "$(jq -r '"\(.profile) \(.brokers[0])"' "$results/on-${name% *}.librdkafka.p.json")" \
      "$name:${KS_TEST_BROKERS##*:}"
  done
  assert_valid scenario-summary-v1.json "$KS_REPORTS/latest/summary.json"
  cp -r "$KS_REPORTS/latest/" "$BATS_TEST_TMPDIR/out"
  run browser <<'PYTHON'
text = lambda selector: browser.evaluate(f"document.querySelector('{selector}').textContent")
shown = lambda: browser.evaluate("document.querySelector('[role=tabpanel]:not([hidden])').innerText")
assert text('.suite p') == 'Suite: fail. 1 of 2 profiles passed.', text('.suite p')
assert [text(f'#tab-{n}') for n in (1, 2)] == ['here pass', 'there fail']
assert 'What is sent to here is read' in shown() and 'there' not in shown(), shown()
assert 'The scenario passed' in shown()
browser.point_at('#tab-2', click=True)
assert 'What is sent to there is read' in shown() and 'to here' not in shown(), shown()
assert 'expected == 6, observed 5' in shown()
links = browser.evaluate("[...document.querySelectorAll('a[href^=\"./\"]')].map(a => a.getAttribute('href'))")
import os
assert len(links) > 10 and all(os.path.exists(out + '/' + link) for link in links), links
browser.screenshot(out + '/suite.png')
PYTHON
  assert_success
}

@test "a flag is for every profile, and a suite of one is a page without tabs" {
  two_profiles
  ks_run suite "$folder" --profile "$folder/here.profile"
  assert_failure 1
  assert_equal "$(statuses)" 'on-here here pass, on-there here fail'
  run grep -c 'role="tab"' "$KS_REPORTS/latest/report.html"
  assert_output 0
  ks_run suite "$folder" -b 127.0.0.1:1
  assert_failure 2
  assert_equal "$(statuses)" 'on-here here error, on-there there error'
}

@test "ks-report suite: runs of scenarios by profile, those of one profile and both clients together" {
  two_profiles
  local id
  for id in one two; do
    ks_run suite "$folder" --run-id "$id" --client "$([[ $id == one ]] && echo librdkafka || echo wire)"
    assert_failure 1
  done
  run_split "$KS_BIN/ks-report" suite "$KS_REPORTS" -o "$BATS_TEST_TMPDIR/out"
  assert_failure 1
  assert_line --index 0 'here: pass: the scenarios passed, 2 of 2 required checks passed.'
  assert_line --index 1 'there: fail: the scenarios failed, 0 of 2 required checks passed.'
  assert_equal "$(jq -c '[.profiles[].runs]' "$BATS_TEST_TMPDIR/out/suite.json")" '[["one","two"],["one","two"]]'
  assert_valid suite-v1.json "$BATS_TEST_TMPDIR/out/suite.json"
  run_split "$KS_BIN/ks-report" merge "$KS_REPORTS/one" "$KS_REPORTS/two" -o "$BATS_TEST_TMPDIR/both"
  assert_failure 1
  assert_equal "$(jq -c '[.check_results[] | .check + " " + .client + " " + .status]' "$BATS_TEST_TMPDIR/both/summary.json")" \
    '["on-here librdkafka pass","on-here wire pass","on-there librdkafka fail","on-there wire fail"]'
}

@test "ks-report refuses what cannot be one: another file of one name, a gate's run" {
  two_profiles
  ks_run run "$folder/on-here.yaml" --run-id one
  sed -i 's/messages: 5/messages: 5, acks: all/' "$folder/on-here.yaml"
  ks_run run "$folder/on-here.yaml" --run-id two
  run_split "$KS_BIN/ks-report" suite "$KS_REPORTS" -o "$BATS_TEST_TMPDIR/out"
  assert_failure 2
  assert_one_line_error 'cannot merge runs of different files of scenario on-here: '
  "$KS_BIN/ks-report" begin "$KS_REPORTS/gate" --stage pr --profile "$folder/here.profile"
  run_split "$KS_BIN/ks-report" suite "$KS_REPORTS/one" "$KS_REPORTS/gate" -o "$BATS_TEST_TMPDIR/out"
  assert_failure 2
  assert_one_line_error "cannot merge runs of different kinds, a gate's and one of scenarios: "
}
