#!/usr/bin/env bats
# The page in a browser: what runs, what is fetched, and what keys, a pointer, paper and a screen reader
# meet, though every name in it tries to be more than a name.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper
load browser_helper

# A suite of two profiles in $BATS_TEST_TMPDIR/out.
hostile_suite() {
  # shellcheck disable=SC2016 # jq's variable
  local hostile='"\"><img src=x onerror=alert(1)><script>alert(1)</script></svg></title>{{style}}" as $h |
    .tool.name = $h | .step = $h | .reason = $h | .client_version = $h | .metrics = {($h): 1,
      latency_ms_p50: 1.5, latency_ms_p95: 2.5, latency_ms_p99: 9, latency_ms_max: 12, acked_records: 10} |
    .thresholds = [{metric: $h, op: "<=", limit: 1, observed: 2, ok: false}] |
    .anomalies = [{type: $h, count: 30, allowed: 0, examples: [$h]}] |
    .findings = [{id: $h, severity: "warning", summary: $h, evidence: $h},
      {id: "null-records", severity: "info", summary: "null", evidence: ""}] | .artifacts = [$h] |
    .data = {faults: [{fault: $h, begun_at: "2026-01-31T12:00:03.000Z",
      confirmed_at: "2026-01-31T12:00:03.500Z", healed_at: "2026-01-31T12:00:06.000Z"}],
      availability: [{topic: $h, partition: 0, operation: "produce", attempts: 3000, success_rate: 1,
        gap_ms_max: 2500, gap_began_at: "2026-01-31T12:00:03.250Z", recoveries: []}]}'
  local second
  begin
  result connectivity
  for ((second = 0; second < 10; second++)); do
    printf '{"time":"2026-01-31T12:00:%02d.250Z","records":300,"bytes":30000,"errors":0,' "$second"
    echo '"latency_ms_p50":1.5,"latency_ms_p95":2.5,"latency_ms_p99":9,"latency_ms_max":12}'
  done >"$dir/series/produce.jsonl"
  result produce_fetch ".status = \"fail\" | .series = \"series/produce.jsonl\" | $hostile"
  (dir=$reports/run-2 && passed_run kafscale)
  report suite "$reports" -o "$BATS_TEST_TMPDIR/out" --stages "$fixtures/stages.json"
  assert_failure 1
}

@test 'a suite with hostile names: tabs, hover, dark and print, and nothing runs or is fetched' {
  hostile_suite
  run browser <<'PYTHON'
def panels():
    return browser.evaluate("[...document.querySelectorAll('[id^=panel-]')]"
                            ".map(panel => getComputedStyle(panel).display != 'none')")
def selected():
    return browser.evaluate("document.activeElement.id + ' '"
                            " + document.querySelector('[aria-selected=true]').id")

# Tabs, by keys and by the pointer.
assert panels() == [True, False], panels()
browser.evaluate("document.getElementById('tab-1').focus()")
for key, tab in (('ArrowRight', 2), ('ArrowRight', 1), ('ArrowLeft', 2), ('Home', 1), ('End', 2)):
    browser.press(key)
    assert selected() == f'tab-{tab} tab-{tab}', (key, selected())
    assert panels() == [tab == 1, tab == 2], key
browser.point_at('#tab-1', click=True)
assert panels() == [True, False]
browser.evaluate("location.hash = '#p2-environment'")
assert panels() == [False, True]  # a link into a panel shows it
browser.point_at('#tab-1', click=True)

# Hover: what the pointer is on is marked, and tells its values.
for charts, words in (('.timeline', '12:00:'), ('.latencies', 'p99 9, maximum 12 ms')):
    fill = lambda: browser.evaluate(f"getComputedStyle(document.querySelector('{charts} .hover')).fill")
    before = fill()
    browser.point_at(charts + ' .hover')
    assert fill() != before, charts
    assert words in browser.evaluate(f"document.querySelector('{charts} .hover title').textContent")

# Names stay text: no element of theirs, and their words are there.
assert browser.evaluate("document.querySelectorAll('img, iframe, link, [onerror], [src]').length") == 0
assert browser.evaluate("document.scripts.length") == 1
assert '<img src=x onerror=alert(1)>' in browser.evaluate("document.body.textContent")
browser.evaluate("document.body.insertAdjacentHTML('beforeend', '<i onclick=\"window.ran = 1\">')"
                 ", document.querySelector('i').click(), document.querySelector('i').remove()")
assert browser.evaluate("window.ran") is None
browser.troubles = [t for t in browser.troubles if 'inline event handler' not in t]  # as it should

# For a screen reader: one main part, each table with headings that say of what, nothing without a name.
assert browser.evaluate("document.querySelectorAll('main').length") == 1
assert browser.evaluate("[...document.querySelectorAll('th')].every(th => th.scope)")
assert browser.evaluate("[...document.querySelectorAll('table')].every(table => table.caption)")
nodes = browser.call('Accessibility.getFullAXTree')['nodes']
names = {}
for node in nodes:
    if not node['ignored']:
        names.setdefault(node['role']['value'], []).append(node.get('name', {}).get('value', ''))
assert [name.split()[0] for name in names['tab']] == ['kafka', 'kafscale'], names['tab']
assert len(names['tabpanel']) == 1 and names['tabpanel'][0].startswith('kafka')
for role in ('tab', 'tabpanel', 'region', 'navigation', 'image', 'table', 'link', 'heading'):
    assert names.get(role) and all(names[role]), (role, names.get(role))

# Dark, and on paper.
colour = lambda: browser.evaluate("getComputedStyle(document.body).backgroundColor")
browser.media(prefers_color_scheme='light')
light = colour()
browser.screenshot(out + '/light.png')
browser.media(prefers_color_scheme='dark')
assert colour() != light
browser.screenshot(out + '/dark.png')
browser.media('print')
assert panels() == [True, True]
assert browser.evaluate("getComputedStyle(document.getElementById('tabs')).display") == 'none'
browser.media()

# No text runs out of a narrow window.
browser.screenshot(out + '/narrow.png', width=400)
assert browser.evaluate("document.documentElement.scrollWidth") <= 400

# Without a script every profile is shown.
browser.call('Emulation.setScriptExecutionDisabled', value=True)
browser.open(out + '/report.html')
assert panels() == [True, True]
assert browser.evaluate("getComputedStyle(document.getElementById('tabs')).display") == 'none'
PYTHON
  assert_success
}
