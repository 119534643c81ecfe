#!/usr/bin/env bats
# ks-metrics against a stand-in for a broker's HTTP port.

load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

fixtures=$BATS_TEST_DIRNAME/../fixtures/kafscale-1.6.0
support=$BATS_TEST_DIRNAME/support

setup() {
  unset K6_PROFILE K6_TARGET KS_METRICS_URL KS_HEALTH_URLS
  www=$BATS_TEST_TMPDIR/www
  mkdir "$www"
  cp "$fixtures/metrics.txt" "$www/metrics"
  jq -r '.[] | select(.path == "/healthz").body' "$fixtures/http.json" >"$www/healthz"
  jq -r '.[] | select(.path == "/readyz").body' "$fixtures/http.json" >"$www/readyz"
  ports_take port
  url=http://127.0.0.1:$port
  python3 "$support/http_server.py" "$www" "$port" 3>&- &
  server=$!
  until curl -s -o "$BATS_TEST_TMPDIR/up" "$url/metrics"; do kill -0 "$server"; done
}

teardown() {
  kill "$server" 2>/dev/null || true
  wait "$server" || true
}

metrics() {
  run_split "$KS_BIN/ks-metrics" "$@"
}

@test "prints the samples as a table" {
  metrics get --url "$url/metrics"
  assert_success
  assert_line 'kafscale_s3_health_state{state="healthy"} 1'
  assert_line 'kafscale_produce_latency_ms_bucket{le="+Inf"} 159'
  assert_equal "${#lines[@]}" 44
  assert_equal "$stderr" ''
}

@test "prints the samples and the health as JSON" {
  metrics --url "$url/metrics" --health "$url/healthz" --format json
  assert_success
  assert_equal "$(jq '.samples["kafscale_produce_latency_ms_count"]' <<<"$output")" 159
  assert_equal "$(jq -r '.health[0].text' <<<"$output")" 'ok state=healthy'
}

@test "health URLs alone are enough" {
  metrics --health "$url/healthz" --health "$url/readyz" --expect 'healthy_urls == 2'
  assert_success
  assert_line "$url/readyz 200 ready state=healthy"
}

@test "takes the URLs of the profile and of the environment" {
  printf 'target: kafscale\nbrokers: []\nmetrics_url: %s/metrics\nhealth_urls: [%s/healthz]\n' \
    "$url" "$url" >"$BATS_TEST_TMPDIR/mine.yaml"
  metrics --profile "$BATS_TEST_TMPDIR/mine.yaml" --expect 'healthy_urls == 1'
  assert_success
  KS_METRICS_URL=$url/metrics KS_HEALTH_URLS=$url/healthz,$url/readyz metrics --expect 'healthy_urls == 2'
  assert_success
}

@test "metrics that are there and as expected pass" {
  metrics --url "$url/metrics" --require kafscale_produce_rps --require kafscale_produce_latency_ms \
    --expect 'kafscale_s3_health_state{state="healthy"} == 1' --expect 'kafscale_s3_error_rate <= 0'
  assert_success
}

@test "a value that is not as expected is violated and named" {
  metrics --url "$url/metrics" --expect 'kafscale_s3_health_state{state="unavailable"} == 1'
  assert_failure 1
  assert_one_line_error 'kafscale_s3_health_state{state="unavailable"} == 1'
}

@test "a required metric that is missing is violated and named" {
  sed -i '/kafscale_fetch_rps/d' "$www/metrics"
  metrics --url "$url/metrics" --require kafscale_fetch_rps --json "$BATS_TEST_TMPDIR/result.json"
  assert_failure 1
  assert_one_line_error "metric 'kafscale_fetch_rps' is missing"
  assert_equal "$(jq -r .status "$BATS_TEST_TMPDIR/result.json")" fail
}

@test "a required metric without a sample is violated with the reason" {
  metrics --url "$url/metrics" --require kafscale_admin_requests_total
  assert_failure 1
  assert_one_line_error 'is declared, but has no sample yet'
}

@test "a name that several series share is refused" {
  metrics --url "$url/metrics" --expect 'kafscale_s3_health_state == 1'
  assert_failure 2
  assert_one_line_error 'name the labels too'
}

@test "an empty page is violated" {
  : >"$www/metrics"
  metrics --url "$url/metrics" --require kafscale_fetch_rps
  assert_failure 1
  assert_one_line_error 'has no samples'
}

@test "another status than 200 is violated" {
  echo 503 >"$www/metrics.status"
  metrics --url "$url/metrics"
  assert_failure 1
  assert_one_line_error 'answered 503'
}

@test "a malformed page is violated and the line named" {
  echo 'kafscale_fetch_rps fast' >>"$www/metrics"
  metrics --url "$url/metrics"
  assert_failure 1
  assert_one_line_error "not a number 'fast': line $(wc -l <"$www/metrics")"
}

@test "an unhealthy broker is violated and quoted" {
  echo 'not ready state=unavailable' >"$www/readyz"
  echo 503 >"$www/readyz.status"
  metrics --health "$url/readyz"
  assert_failure 1
  assert_one_line_error 'readyz answered 503 (not ready state=unavailable)'
}

@test "unreachable cannot run" {
  metrics --url http://127.0.0.1:1/metrics
  assert_failure 2
  assert_one_line_error 'cannot connect: http://127.0.0.1:1/metrics'
  assert_equal "$output" ''
}

@test "an answer that does not come in time cannot run" {
  kill -STOP "$server"
  metrics --url "$url/metrics" --timeout 200ms
  kill -CONT "$server"
  assert_failure 2
  assert_one_line_error 'no answer in time'
}

@test "secrets of a URL are never shown" {
  metrics --url "http://user:hidden-word@127.0.0.1:1/metrics?token=other-word" --json -
  assert_failure 2
  [[ $output$stderr != *hidden-word* && $output$stderr != *other-word* ]]
}

@test "a proxy of the environment is not used for loopback" {
  http_proxy=http://127.0.0.1:1 metrics --url "$url/metrics"
  assert_success
}

@test "a counter that grows is seen" {
  metrics --url "$url/metrics" --save "$BATS_TEST_TMPDIR/before"
  assert_success
  sed -i 's/^kafscale_produce_latency_ms_count 159$/kafscale_produce_latency_ms_count 160/' "$www/metrics"
  metrics --url "$url/metrics" --since "$BATS_TEST_TMPDIR/before" \
    --expect-increase kafscale_produce_latency_ms --expect 'counter_resets == 0'
  assert_success
}

@test "a counter that stands still is violated and named" {
  metrics --url "$url/metrics" --since "$fixtures/metrics.txt" \
    --expect-increase kafscale_produce_latency_ms
  assert_failure 1
  assert_one_line_error "metric 'kafscale_produce_latency_ms' did not increase"
}

@test "compare lists what changed" {
  sed 's/^kafscale_authz_denied_total 0$/kafscale_authz_denied_total 3/' "$fixtures/metrics.txt" \
    >"$BATS_TEST_TMPDIR/after"
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/after" \
    --expect-increase kafscale_authz_denied_total --expect 'series_changed == 1'
  assert_success
  assert_output 'kafscale_authz_denied_total 0 3'
}

@test "a counter that went backwards is named" {
  sed 's/^\(kafscale_produce_latency_ms_count\|kafscale_broker_uptime_seconds\) .*/\1 2/' \
    "$fixtures/metrics.txt" >"$BATS_TEST_TMPDIR/after"
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/after" --json "$BATS_TEST_TMPDIR/result"
  assert_success
  assert_one_line_error 'kafscale_produce_latency_ms_count went backwards'
  assert_equal "$(jq -r '.findings[0].id' "$BATS_TEST_TMPDIR/result")" counter-reset
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/after" -q --expect 'counter_resets == 0'
  assert_failure 1
  assert_one_line_error 'counter_resets == 0'
}

@test "a counter that shrinks without a restart is another finding" {
  sed 's/^kafscale_consumer_lag_count 3$/kafscale_consumer_lag_count 1/' "$fixtures/metrics.txt" \
    >"$BATS_TEST_TMPDIR/after"
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/after" --json "$BATS_TEST_TMPDIR/result" \
    --expect 'restarts == 0' --expect 'counter_resets == 1'
  assert_success
  assert_equal "$(jq -r '.findings[].id' "$BATS_TEST_TMPDIR/result")" counter-shrinks
}

@test "a saved page that is malformed cannot run" {
  echo '<html>' >"$BATS_TEST_TMPDIR/bad"
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/bad"
  assert_failure 2
  assert_one_line_error "$BATS_TEST_TMPDIR/bad, line 1"
}

@test "a saved page that cannot be read cannot run" {
  metrics compare "$fixtures/metrics.txt" "$BATS_TEST_TMPDIR/nowhere"
  assert_failure 2
  assert_one_line_error "$BATS_TEST_TMPDIR/nowhere"
}

@test "waits until all holds" {
  echo 503 >"$www/readyz.status"
  "$KS_BIN/ks-metrics" --health "$url/readyz" --wait 20s >"$BATS_TEST_TMPDIR/out" 3>&- &
  rm "$www/readyz.status"
  wait $!
}

@test "what never holds ends the wait in time" {
  metrics --url "$url/metrics" --require kafscale_nothing --wait 300ms
  assert_failure 1
  assert_one_line_error "metric 'kafscale_nothing' is missing"
}

@test "watch prints one JSON line a scrape" {
  metrics --url "$url/metrics" --interval 50ms --duration 190ms --expect 'scrapes == 4'
  assert_success
  assert_equal "${#lines[@]}" 4
  assert_equal "$(jq -r '.samples.kafscale_produce_latency_ms_count' <<<"${lines[3]}")" 159
}

@test "watch is violated by one bad scrape" {
  : >"$www/metrics"
  metrics --url "$url/metrics" --interval 50ms --duration 90ms
  assert_failure 1
  assert_one_line_error 'has no samples'
}

@test "watch of an unreachable page cannot run" {
  metrics --url http://127.0.0.1:1/metrics --interval 50ms --duration 90ms
  assert_failure 2
  assert_one_line_error 'cannot connect'
  assert_equal "$(jq -r '.error' <<<"${lines[0]}" | cut -d: -f1)" 'cannot connect'
}

@test "watch records figures, for a series" {
  metrics --url "$url/metrics" --interval 50ms --duration 90ms --series "$BATS_TEST_TMPDIR/series" \
    --record kafscale_s3_latency_ms_avg --record kafscale_admin_requests_total
  assert_success
  assert_equal "$output" "$(<"$BATS_TEST_TMPDIR/series")"
  assert_equal "$(jq -c .metrics <<<"${lines[1]}")" \
    '{"kafscale_admin_requests_total":0,"kafscale_s3_latency_ms_avg":1.46696}'
}

@test "a recorded metric that is renamed is violated and named" {
  sed -i 's/kafscale_s3_latency_ms_avg/kafscale_s3_latency_avg/' "$www/metrics"
  metrics --url "$url/metrics" --interval 50ms --duration 40ms --through-outages \
    --record kafscale_s3_latency_ms_avg
  assert_failure 1
  assert_one_line_error "metric 'kafscale_s3_latency_ms_avg' is missing"
}

# scraped TEXT: waits for a line of the watch that has it.
scraped() {
  local line=''
  until [[ $line == *"$1"* ]]; do read -r -t 60 line <&"$scrapes"; done
}

@test "through outages a broker may be away or unwell, and its restarts are counted" {
  local result=$BATS_TEST_TMPDIR/result.json
  coproc WATCH { exec "$KS_BIN/ks-metrics" --url "$url/metrics" --interval 20ms --through-outages \
    --record kafscale_produce_rps --json "$result" -q 3>&-; }
  watch=$WATCH_PID scrapes=${WATCH[0]}
  scraped '"metrics"'
  echo 503 >"$www/metrics.status"
  scraped '"violations":["metrics page'
  kill "$server" && wait "$server" || true
  scraped '"error"'
  rm "$www/metrics.status"
  sed -i 's/^\(kafscale_produce_latency_ms_count\|kafscale_broker_uptime_seconds\) .*/\1 1/' "$www/metrics"
  python3 "$support/http_server.py" "$www" "$port" 3>&- &
  server=$!
  until curl -s -o "$BATS_TEST_TMPDIR/up" "$url/metrics"; do kill -0 "$server"; done
  scraped '"metrics"'
  kill "$watch"
  wait "$watch" || true
  assert_equal "$(jq -r '.status, .reason' "$result")" "pass"
  assert_equal "$(jq '.metrics | .scrapes_unreachable > 0 and .scrapes_unwell > 0' "$result")" true
  assert_equal "$(jq -c '.metrics | [.restarts, .counter_resets]' "$result")" '[1,1]'
  assert_equal "$(jq -r '.findings[].summary' "$result")" \
    'counter kafscale_produce_latency_ms_count went backwards: the broker was restarted in between'
}

@test "through outages one that is never well is no pass" {
  echo 503 >"$www/metrics.status"
  metrics --url "$url/metrics" --interval 50ms --duration 90ms --through-outages
  assert_failure 1
  assert_one_line_error 'answered 503'
}

@test "watch without an end can be read while it runs, and a signal is its end" {
  local result=$BATS_TEST_TMPDIR/result.json line=''
  mkfifo "$BATS_TEST_TMPDIR/out"
  "$KS_BIN/ks-metrics" --url "$url/metrics" --interval 1h --json "$result" \
    >"$BATS_TEST_TMPDIR/out" 3>&- &
  exec {lines}<"$BATS_TEST_TMPDIR/out" # stays open: it says more
  read -r -t 60 line <&"$lines"
  kill -TERM $!
  status=0
  wait $! || status=$?
  assert_equal "$status" 143
  assert_regex "$line" kafscale_s3_error_rate
  assert_equal "$(jq -r .status "$result")" pass
  # What came up to its end is compared, too.
  assert_equal "$(jq -c '.metrics | [.scrapes, .restarts]' "$result")" '[2,0]'
}

@test "watch that is cut short is no pass" {
  local result=$BATS_TEST_TMPDIR/result.json line
  mkfifo "$BATS_TEST_TMPDIR/out"
  "$KS_BIN/ks-metrics" --url "$url/metrics" --interval 1h --duration 2h --json "$result" \
    >"$BATS_TEST_TMPDIR/out" 3>&- &
  exec {lines}<"$BATS_TEST_TMPDIR/out"
  read -r -t 60 line <&"$lines"
  kill -TERM $!
  wait $! || true
  assert_equal "$(jq -r '.status + ": " + .reason' "$result")" \
    'inconclusive: interrupted by signal 15'
}

@test "bad usage is one line, status 2 and nothing on stdout" {
  local -A complaint=(
    ['--no-such-flag']='no-such-flag'
    ['dance']="unknown command 'dance'"
    ['--profile kafka-local']='no metrics URL'
    ['--profile nowhere']='profiles/nowhere.yaml'
    ['--require {']="not a metric '{'"
    ['--expect a=1']='--expect'
    ['--expect-increase a']='--since'
    ['--wait 3']='--wait'
    ['--interval 0ms']='--interval'
    ['--interval 1s --wait 1s']='--wait'
    ["--url $url/metrics --interval 1s --duration 0s"]='a duration of 0: --duration'
    ['--record a']='an option of a watch: --record'
    ['--through-outages']='an option of a watch: --through-outages'
    ['--format xml']='--format'
    ['--url not-a-url']="not a URL 'not-a-url'"
    ['--since nowhere']='nowhere'
    ['compare one']='compare takes two files'
  )
  for arguments in "${!complaint[@]}"; do
    # shellcheck disable=SC2086 # several words
    metrics $arguments
    assert_failure 2
    assert_one_line_error "${complaint[$arguments]}"
    assert_equal "$output" ''
  done
}

@test "help is 0" {
  metrics --help
  assert_success
  assert_output --partial 'usage: ks-metrics'
}
