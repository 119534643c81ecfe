# Loaded by the Bats files of ks-admin: a topic and a group of the test's own, and stand-ins where
# Kafka cannot show the failure.
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

support=$BATS_TEST_DIRNAME/support
recorded=$BATS_TEST_DIRNAME/../fixtures/kafscale-1.6.0/exchanges.jsonl

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_METRICS_URL KS_HEALTH_URLS
  export KS_HOME="${KS_HOME:-$project_root}"
  topic=$(unique topic)
  # shellcheck disable=SC2034 # for the tests
  group=$(unique group)
  children=()
}

teardown() {
  local pid
  for pid in "${children[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -q topics delete "$topic" >/dev/null 2>&1 || true
}

admin() {
  run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" "$@"
}

# Whether CONDITION holds for the metrics of the result that the last `admin --json -` printed.
assert_metrics() { # CONDITION
  jq -e ".metrics | $1" <<<"$output" >/dev/null || fail "not so: $1"
}

# A broker like KafScale, from recorded frames, at $recorded_broker. $1: the port it advertises, or
# nothing for its own; the rest: keys of APIs that it never answers.
start_recorded_broker() {
  local port
  ports_take port
  # shellcheck disable=SC2034 # for the tests
  recorded_broker=127.0.0.1:$port
  python3 "$support/recorded_broker.py" "$recorded" "$port" "${1:-$port}" "${@:2}" 3>&- &
  children+=($!)
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "${children[-1]}"; done
}
