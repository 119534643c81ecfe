#!/usr/bin/env bats
# The timeline of report.html: from the series and judged histories of a run folder, as other programs
# read the page.

load report_helper

# series NAME SECONDS: the figures of that many seconds, one file of the run folder.
series() {
  mkdir -p "$dir/series"
  local second
  for ((second = 0; second < $2; second++)); do
    printf '{"time":"2026-01-31T12:00:%02d.250Z","records":300,"bytes":30000,"errors":%d,' \
      "$second" $((second == 4))
    echo '"latency_ms_p50":1.5,"latency_ms_p95":2.5,"latency_ms_p99":9,"latency_ms_max":12}'
  done >"$dir/series/$1"
}

# drawn ELEMENT CLASS: how many of them are in the charts, which are well-formed.
drawn() {
  python3 - "$dir/report.html" "$@" <<'PYTHON'
import re, sys
import xml.etree.ElementTree as tree
page = open(sys.argv[1], encoding='utf-8').read()
charts = [tree.fromstring(svg) for svg in re.findall('<svg .*?</svg>', page, re.S)]
print(sum(element.get('class') == sys.argv[3] for svg in charts for element in svg.iter(sys.argv[2])))
PYTHON
}

verified='.data = {
  faults: [{fault: "kill broker-1", begun_at: "2026-01-31T12:00:03.000Z",
            confirmed_at: "2026-01-31T12:00:03.500Z", healed_at: "2026-01-31T12:00:06.000Z"}],
  availability: [{topic: "orders", partition: 0, operation: "produce", attempts: 3000, success_rate: 1,
    gap_ms_max: 2500, gap_began_at: "2026-01-31T12:00:03.250Z",
    recoveries: [{fault: "kill broker-1", fault_confirmed_at: "2026-01-31T12:00:03.500Z",
      began_at: "2026-01-31T12:00:03.250Z", ended_at: "2026-01-31T12:00:05.750Z", recovery_ms: 2500,
      recovered: true}]}]}'

@test 'a run folder with series gets a timeline, with faults and recoveries' {
  begin
  result connectivity
  series produce.jsonl 10
  result produce_fetch ".series = \"series/produce.jsonl\" | .tool.name = \"ks-produce\" | $verified"
  merge
  assert_equal "$(drawn rect hover)" 10
  assert_equal "$(drawn rect errors)" 1
  assert_equal "$(drawn rect fault)" 2 # behind the chart, and behind the partitions
  assert_equal "$(drawn rect recovery)" 2
  run grep -c 'produce recovered within 2,500 ms' "$dir/report.html"
  assert_output 1
  run page_problems
  assert_output ''
}

@test 'a run folder without series has none' {
  passed_run
  merge
  assert_success
  run grep -ci -e '<svg' -e '#timeline' "$dir/report.html"
  assert_output 0
}

@test 'a series that is missing or damaged is told' {
  begin
  result connectivity '.series = "series/gone.jsonl"'
  series produce.jsonl 10
  echo '{"time": "tomorr' >>"$dir/series/produce.jsonl"
  result produce_fetch '.series = "series/produce.jsonl"'
  merge
  run grep -o 'Incomplete is the series of probe: [^<]*' "$dir/report.html"
  assert_line --partial 'not in the run folder: series/gone.jsonl'
  assert_line --partial '1 of 11 lines cannot be read, the first is line 11'
  assert_equal "$(drawn rect hover)" 10
}

@test 'hostile names of tools, faults and topics stay text' {
  begin
  result connectivity
  series '<b>.jsonl' 10
  # shellcheck disable=SC2016 # jq's variable
  result produce_fetch ".series = \"series/<b>.jsonl\" | $verified |"'
    "</title><script>alert(1)</script>\u0000\u001b{{style}}" as $hostile | .tool.name = $hostile |
    .data.faults[0].fault = $hostile | .data.availability[0].topic = $hostile |
    .data.availability[0].recoveries[0].fault = $hostile'
  merge
  run page_problems
  assert_success
  assert_output ''
  assert_equal "$(drawn rect hover)" 10
}
