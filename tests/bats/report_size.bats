#!/usr/bin/env bats
# alone: it measures time.
# ks-report of ten thousand checks and an hour of series: in 2 s, in a page of 2 MB, which a browser
# shows as quickly.

load report_helper

# A run of $1 checks, each with its end; every tenth moved records for a minute, the first for an hour.
large_run() { # CHECKS
  begin
  python3 - "$dir" "$fixtures/result.json" "$1" <<'PYTHON'
import json, sys
folder, fixture, checks = sys.argv[1], json.load(open(sys.argv[2])), int(sys.argv[3])
line = ('{"time":"2026-01-31T12:%02d:%02d.250Z","records":300,"bytes":30000,"errors":0,'
        '"latency_ms_p50":1.5,"latency_ms_p95":2.5,"latency_ms_p99":9,"latency_ms_max":12}\n')
hour = ''.join(line % (s // 60, s % 60) for s in range(3600))
minute = hour[:60 * len(line % (0, 0))]
fixture.update(run_id='run-1', reason='', metrics={
    'acked_records': 18000, 'errors': 0, 'elapsed_s': 60, 'latency_ms_p50': 1.5,
    'latency_ms_p95': 2.5, 'latency_ms_p99': 17.25, 'latency_ms_max': 30})
def write(name, result):
    with open(f'{folder}/results/{name}.json', 'w') as file:
        json.dump(result, file)
for number in range(checks):
    check = f'check_{number}'
    series = f'series/{check}.jsonl' if number % 10 == 0 else None
    write(f'{check}.librdkafka.probe', {**fixture, 'check': check, 'series': series,
          'status': 'fail' if number % 100 == 7 else 'pass',
          'reason': 'lost' if number % 100 == 7 else ''})
    write(f'{check}.librdkafka.end', {**fixture, 'check': check, 'step': 'end', 'metrics': {},
          'thresholds': [], 'artifacts': [f'results/{check}.librdkafka.probe.json']})
    if series:
        with open(f'{folder}/{series}', 'w') as file:
            file.write(minute if number else hour)
PYTHON
  end_run
}

@test 'ten thousand checks and an hour of series' {
  large_run 10000
  local seconds
  # Of the processor, for others may be at work.
  run /usr/bin/time -o "$BATS_TEST_TMPDIR/time" -f '%U %S' "$KS_BIN/ks-report" "$dir" -q \
    --stages "$fixtures/stages.json"
  assert_failure 1
  seconds=$(awk '{ print $1 + $2 }' <(tail -n 1 "$BATS_TEST_TMPDIR/time"))
  assert [ "$(wc -c <"$dir/report.html")" -lt 2000000 ]
  assert [ "$(wc -c <"$dir/report.md")" -le 1048576 ]
  assert_equal "$(grep -c '^not ok' "$dir/results.tap")" 102 # of the stages' own, two did not run
  awk -v seconds="$seconds" 'BEGIN { exit !(seconds <= 2) }' || fail "it took $seconds s"
  run python3 - "$dir/report.html" <<PYTHON
import sys; sys.path.insert(0, '$BATS_TEST_DIRNAME/support')
from browser import Browser
with Browser() as browser:
    browser.open(sys.argv[1])
    took = browser.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")
    assert not browser.troubles, browser.troubles
    assert 0 < took <= 2000, f'it took {took} ms'
    print(round(took), 'ms')
PYTHON
  assert_success
  echo "# ks-report $seconds s, $(wc -c <"$dir/report.html") bytes, shown in ${output}" >&3
}
