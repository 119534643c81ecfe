#!/usr/bin/env bats
# needs: broker
# The checks that look at a KafScale's own figures must be able to fail there, too. A page of the tests' own
# stands in for the broker's.
load check_helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

setup() {
  require_broker
  export K6_PROFILE=local-service KS_BROKERS=$KS_TEST_BROKERS
  sabotage_checks
  local www=$BATS_TEST_TMPDIR/www port
  export page=$www/metrics
  mkdir "$www"
  cp "$project_root/tests/fixtures/kafscale-1.6.0/metrics.txt" "$page"
  ports_take port
  python3 "$BATS_TEST_DIRNAME/support/http_server.py" "$www" "$port" 3>&- &
  server=$!
  export KS_METRICS_URL=http://127.0.0.1:$port/metrics KS_HEALTH_URLS=http://127.0.0.1:$port/metrics
  until curl -s -o "$BATS_TEST_TMPDIR/up" "$KS_METRICS_URL"; do kill -0 "$server"; done
}

teardown() {
  kill "$server"
}

@test "metrics_health: a metric that is missing" {
  sed -i /kafscale_s3_error_rate/d "$page"
  check metrics_health
  assert_failure 1
  assert_reason endpoints kafscale_s3_error_rate
}

@test "metrics_health: a request that could not be sent is no metric that stands still" {
  sabotage admin <<'END'
exec "$real/ks-admin" -b 127.0.0.1:1 --timeout 1s "$@"
END
  check metrics_health
  assert_failure 2
  assert_reason errand 127.0.0.1:1
}

@test "a check that lasts watches the broker's figures, and the report draws them" {
  sabotage consume <<'END'
if [[ $KS_STEP == read_back_0 ]]; then
  sed -i 's/^kafscale_s3_latency_ms_avg .*/kafscale_s3_latency_ms_avg 77/' "$page"
  # What is over within three seconds is not drawn.
  until grep -c ':77' "$KS_RUN_DIR"/logs/ten_topics.librdkafka.metrics.log | grep -q '[4-9]'; do sleep 0.1; done
fi
exec "$real/ks-consume" "$@"
END
  check ten_topics
  assert_success
  run grep -c '<text [^>]*>kafscale_s3_latency_ms_avg</text>' "$KS_REPORTS/$KS_RUN_ID/report.html"
  assert_output 1
  run grep -o 'kafscale_s3_error_rate: 0 throughout' "$KS_REPORTS/$KS_RUN_ID/report.html"
  assert_output
}

@test "a check that lasts: a metric that was renamed" {
  sed -i 's/kafscale_consumer_lag_max/kafscale_lag_max/' "$page"
  check ten_topics
  assert_failure 1
  assert_reason metrics "metric 'kafscale_consumer_lag_max' is missing"
}

@test "a check that lasts: a broker that was restarted meanwhile" {
  sabotage consume <<'END'
if [[ $KS_STEP == read_back_0 ]]; then
  log=$KS_RUN_DIR/logs/ten_topics.librdkafka.metrics.log
  sed -i 's/^kafscale_broker_uptime_seconds .*/kafscale_broker_uptime_seconds 1/' "$page"
  lines=$(wc -l <"$log")
  until (($(wc -l <"$log") > lines + 1)); do sleep 0.1; done
fi
exec "$real/ks-consume" "$@"
END
  check ten_topics
  assert_failure 1
  assert_reason metrics 'restarts == 0'
}
