#!/usr/bin/env bats
# needs: broker
# ks-produce with the wire client, read back by librdkafka.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper

setup() {
  require_broker
  unset KS_CLIENT
  topic=$(unique wire)
  history=$BATS_TEST_TMPDIR/history
}

teardown() {
  delete_topic
}

produce_by_wire() {
  produce --client wire --history "$history" "$@"
}

# Every record of the history is there, once, unaltered, in order.
assert_verified() {
  run_split consume --client librdkafka -e --verify --history "$history" --json -
  assert_success
  assert_equal "$(jq -r .metrics.read_records <<<"$output")" "$1"
}

@test "every record arrives, and the result names the client" {
  run_split produce_by_wire --count 1000 --json -
  assert_success
  assert_equal "$(jq -r '.client, .metrics.acked_records, .metrics.errors' <<<"$output" | xargs)" 'wire 1000 0'
  assert_verified 1000
}

@test "every codec can be read by librdkafka" {
  local codec total=0
  for codec in none gzip snappy lz4 zstd; do
    produce_by_wire --count 200 --size 500 -X "compression.codec=$codec"
    total=$((total + 200))
  done
  assert_verified "$total"
}

@test "acks 1 and all, with and without idempotence, one and five in flight" {
  local total=0 guarantees
  for guarantees in '--acks 1' '--acks all --idempotence off' '--acks all --idempotence on' \
    '--acks 1 -X max.in.flight=5'; do
    # shellcheck disable=SC2086 # several words
    produce_by_wire --count 500 $guarantees
    total=$((total + 500))
  done
  assert_verified "$total"
}

@test "acks=0 is never evidence of delivery, and yet arrives" {
  run_split produce_by_wire --count 100 --acks 0 --json -
  assert_failure 3
  assert_equal "$(jq -r '.metrics | .acked_records, .unknown_records' <<<"$output" | xargs)" '0 100'
  run_split consume --client librdkafka -c 100 -f none --json -
  assert_success
}

@test "keys, headers and empty values arrive as they were given" {
  printf 'a:1\nb:\n:3\n' | produce --client wire -K : -H color=red -H empty=
  run_split consume --client librdkafka -e -J
  assert_success
  assert_equal "$(jq -rs 'map("\(.key)=\(.payload)") | join(" ")' <<<"$output")" 'a=1 b= =3'
  assert_equal "$(jq -rs 'map(.headers[1] + .headers[3]) | unique | join(" ")' <<<"$output")" red
}

@test "keys go where the Java client sends them, and records without one everywhere" {
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 4 -b "$KS_TEST_BROKERS" >/dev/null
  printf '21:v\nfoobar:v\n' | produce --client wire -K :
  run_split consume --client librdkafka -e -J
  # murmur2 of these is -973932308 and -790332482 (Kafka's UtilsTest): modulo 4 without the sign bit
  assert_equal "$(jq -rs 'map("\(.key) in \(.partition)") | sort | join(", ")' <<<"$output")" \
    '21 in 0, foobar in 2'
  produce_by_wire --count 400
  local partition
  for partition in 0 1 2 3; do
    run_split consume --client librdkafka -e -p "$partition" -f none --json -
    (($(jq .metrics.read_records <<<"$output") >= 100))
  done
}

@test "a record that the topic does not take is failed by name" {
  "$KS_BIN/ks-admin" topics create "$topic" --config max.message.bytes=1000 \
    -b "$KS_TEST_BROKERS" >/dev/null
  run_split produce_by_wire --count 3 --size 2KiB --json -
  assert_failure 1
  assert_equal "$(jq -r '.metrics | .failed_records, .unknown_records' <<<"$output" | xargs)" '3 0'
  assert_regex "$(jq -r .reason <<<"$output")" MESSAGE_TOO_LARGE
}

@test "a topic that may not be created is unknown: one line, status 2" {
  run_split "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t 'no such topic!' --client wire \
    --count 1 --timeout 2s
  assert_refused INVALID_TOPIC
}

@test "an unreachable broker: one line with the address, status 2" {
  run_split "$KS_BIN/ks-produce" -b 127.0.0.1:1 -t "$topic" --client wire --count 1
  assert_refused 127.0.0.1:1
}

@test "a property that the wire client does not have is refused by name" {
  run_split produce --client wire --count 1 -X statistics.interval.ms=1
  assert_refused statistics.interval.ms
}

@test "a broker that is restarted mid-run loses nothing that was acknowledged" {
  local cluster=$BATS_TEST_TMPDIR/cluster
  local embedded=$project_root/gates/lib/embedded.sh
  "$embedded" up "$cluster"
  KS_TEST_BROKERS=$(<"$cluster/broker-1/address")
  produce_by_wire --rate 500/s --duration 15s --timeout 60s --json "$BATS_TEST_TMPDIR/result" &
  local producer=$!
  "$KS_BIN/ks-admin" topics list "$topic" -b "$KS_TEST_BROKERS" --wait 10s --expect 'topics == 1'
  "$KS_BIN/ks-restart" --profile embedded --driver-dir "$cluster" restart --grace 0s
  wait "$producer"
  run_split consume --client librdkafka -e --verify --history "$history"
  local status_of_verify=$status
  "$embedded" down "$cluster"
  assert_equal "$status_of_verify" 0
  assert_equal "$(jq '.metrics.acked_records == .metrics.attempted_records' "$BATS_TEST_TMPDIR/result")" true
}
