#!/usr/bin/env bats
# needs: broker
# Each type of check of ks-run, once where it holds and once where it does not: on a real broker, and on one
# that lies.

load run_helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

setup() {
  require_broker
  setup_run
  : "${KS_FRONT:=$project_root/build/release/tests/broker-front}"
}

teardown() {
  [[ -z ${server:-} ]] || kill "$server" 2>/dev/null || true
  # The front ends with its standard input.
  [[ -z ${hold:-} ]] || exec {hold}>&-
}

# Tells LIE between the tools and the broker, or is honest about it; sets $front.
start_front() { # LIE [--honest]
  mkfifo "$BATS_TEST_TMPDIR/hold"
  "$KS_FRONT" "$KS_TEST_BROKERS" --lie "$1" --seed 1 "${@:2}" <"$BATS_TEST_TMPDIR/hold" \
    >"$BATS_TEST_TMPDIR/front" 3>&- &
  exec {hold}>"$BATS_TEST_TMPDIR/hold"
  within 5 test -s "$BATS_TEST_TMPDIR/front"
  front=$(<"$BATS_TEST_TMPDIR/front")
}

# Every check of the history, on the traffic that lies are made for (tests/lies/lie.h).
history_scenario() {
  scenario history.yaml <<'YAML'
topics: [{name: "h-{{run_id}}", partitions: 3}]
scenarios:
  p: {type: produce, messages: 150}
  again: {type: produce, messages: 150, after: p}
  c: {type: consume, timeout: 1s, after: again}
checks:
  - {type: no_loss}
  - {type: no_duplicates}
  - {type: uuid_match}
  - {type: offsets_monotonic}
  - {type: order}
  - {type: anomalies}
YAML
}

# assert_lie LIE CHECK: the lie is seen by the check, and its honest twin is not.
assert_lie() {
  history_scenario
  start_front "$1"
  ks_run run "$file" -b "$front" --client wire
  assert_failure 1
  assert_check "$2" fail
  assert_check anomalies fail
  exec {hold}>&-
  rm "$BATS_TEST_TMPDIR/hold" "$BATS_TEST_TMPDIR/front"
  start_front "$1" --honest
  ks_run run "$file" -b "$front" --client wire
  assert_success
  assert_check "$2" pass
  assert_check anomalies pass
}

@test "no_loss: a broker that drops what it acknowledged" { assert_lie dropped-record no_loss; }
@test "no_duplicates: a broker that stores a record twice" { assert_lie stored-twice no_duplicates; }
@test "uuid_match: a broker that has records which nobody sent" { assert_lie invented-record uuid_match; }
@test "order: a broker that swaps records" { assert_lie swapped-records order; }
@test "offsets_monotonic: a broker that gives offsets twice" { assert_lie reused-offset offsets_monotonic; }

@test "counts, latency, error rate and throughput that hold" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 500, clients: 2}
  c: {type: consume, limit: 500}
checks:
  - {name: equals, type: count_equals, expected: 500}
  - {name: at_least, type: count_at_least, expected: 400}
  - {name: sent, type: count_equals, metric: produced, expected: 500}
  - {name: p99.9, type: latency, percentile: p99.9, max: 30s}
  - {name: read, type: latency, scenario: c, percentile: max, max: 30s}
  - {name: errors, type: error_rate, max: 0}
  - {name: rate, type: throughput, min: 1/s}
YAML
  run_file
  assert_success
  assert_equal "$(summary '[.checks[]] | unique | join(" ")')" pass
}

@test "counts, latency and throughput that do not" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 500}
  c: {type: consume, limit: 500}
checks:
  - {name: equals, type: count_equals, expected: 499}
  - {name: at_least, type: count_at_least, expected: 501}
  - {name: latency, type: latency, percentile: p50, max: 1us}
  - {name: rate, type: throughput, min: 100000000/s}
YAML
  run_file
  assert_failure 1
  assert_equal "$(summary '[.checks[]] | unique | join(" ")')" fail
  assert_equal "$(summary '[.check_results[0].checks[].status] | unique | join(" ")')" fail
}

@test "error_rate says how many errors there may be" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}", configs: {max.message.bytes: 20000}}]
scenarios:
  small: {type: produce, messages: 30}
  large: {type: produce, messages: 10, size: 50KiB, properties: {batch.num.messages: 1}}
checks:
  - {type: error_rate, max: 0.25}
  - {name: of the small, type: error_rate, max: 0, scenario: small}
YAML
  run_file
  assert_success
  assert_equal "$(summary '.scenarios.large.errors')" 10
  sed -i 's/0.25/0.24/' "$file"
  run_file
  assert_failure 1
  assert_check error_rate fail
  assert_check 'of the small' pass
  # Where nobody says how many, there may be none.
  sed -i '/^checks/,$d' "$file"
  run_file
  assert_failure 1
  assert_one_line_error '10 of 10 records were not acknowledged'
}

@test "metric: a page that answers and has what is asked for" {
  local port
  ports_take port
  mkdir "$BATS_TEST_TMPDIR/www"
  printf 'up 1\nlag{group="a"} 5\n' >"$BATS_TEST_TMPDIR/www/metrics"
  : >"$BATS_TEST_TMPDIR/www/nothing"
  python3 "$BATS_TEST_DIRNAME/support/http_server.py" "$BATS_TEST_TMPDIR/www" "$port" 3>&- &
  server=$!
  within 5 curl -s -o "$BATS_TEST_TMPDIR/page" "http://127.0.0.1:$port/metrics"
  scenario s.yaml <<YAML
scenarios: {page: {type: metrics, url: "http://127.0.0.1:$port/metrics"}}
checks:
  - {name: there, type: metric, metric: up}
  - {name: is one, type: metric, metric: up, expected: 1}
  - {name: lag, type: metric, metric: lag, min: 1, max: 5}
YAML
  run_file
  assert_success
  sed -i 's/expected: 1/expected: 2/; s/min: 1, max: 5/max: 4/; s/metric: up}/metric: down}/' "$file"
  run_file
  assert_failure 1
  assert_check there fail
  assert_check 'is one' fail
  assert_check lag fail
  # What has to move is compared with what it was before all scenarios.
  sed -i 's/{name: there, .*/{name: moved, type: metric, metric: up, moves: true}/; /is one/d; /lag/d' "$file"
  run_file
  assert_failure 1
  assert_check moved fail
  assert_one_line_error 'page: metric '\''up'\'' did not increase (by 0)'
  (
    while [[ ! -s $KS_REPORTS/moves/results/s.librdkafka.page_before.json ]]; do kill -0 "$server"; done
    printf 'up 3\nlag{group="a"} 5\n' >"$BATS_TEST_TMPDIR/www/new"
    mv "$BATS_TEST_TMPDIR/www/new" "$BATS_TEST_TMPDIR/www/metrics"
  ) 3>&- &
  sed -i 's/type: metrics,/& start_delay: 1s,/' "$file"
  run_file --run-id moves
  assert_success
  assert_line --partial "moved${tab}2 more than before (> 0 more than before)"
  # The profile's page, by default; it has to be there, and not empty.
  printf '{"scenarios": {"metrics": {"type": "metrics"}}, "checks": []}' >"$file"
  KS_METRICS_URL=http://127.0.0.1:$port/metrics run_file
  assert_success
  KS_METRICS_URL=http://127.0.0.1:$port/nothing run_file
  assert_failure 1
  KS_METRICS_URL=http://127.0.0.1:$port/gone run_file
  assert_failure 1
  run_file --profile kafka-local
  assert_failure 2
  assert_one_line_error 'no metrics URL'
}
