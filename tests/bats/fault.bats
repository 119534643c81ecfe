#!/usr/bin/env bats
# needs: broker
# ks-fault on a real Toxiproxy: each fault is seen from outside, and gone afterwards.

load fault_helper

assert_seen_and_healed() { # PROXY ARGUMENT...
  fault "${@:2}" "$1" --for 1ms
  assert_success
  assert_result '.status == "pass" and .metrics.fault_ms > 0 and .metrics.left_over_toxics == 0'
  assert_result '.data[0].confirmed and .data[0].healed'
  assert_equal "$(toxics "$1")" ''
  is_enabled "$1"
}

@test "each fault of a broker's path is seen, and healed" {
  assert_seen_and_healed broker latency --latency 150ms
  assert_result '.metrics | .rtt_during_ms - .rtt_before_ms >= 120'
  assert_seen_and_healed broker latency --latency 100ms --jitter 50ms --direction both
  assert_result '.metrics | .rtt_during_ms - .rtt_before_ms >= 80'
  assert_seen_and_healed broker bandwidth --rate 50KB/s
  assert_seen_and_healed broker bandwidth --rate 50KB/s --direction up
  assert_seen_and_healed broker slicer --size 32
  assert_seen_and_healed broker timeout
  assert_seen_and_healed broker timeout --direction up --after 200ms
  assert_seen_and_healed broker reset
  assert_seen_and_healed broker reset --direction up --after 100ms
  assert_seen_and_healed broker down
}

@test "each fault of the object store's path is seen, and healed" {
  assert_seen_and_healed store latency --latency 150ms
  assert_result '.metrics | .rtt_during_ms - .rtt_before_ms >= 120'
  assert_result '.data[0].protocol == "HTTP"'
  assert_seen_and_healed store bandwidth --rate 20KB/s
  assert_seen_and_healed store slicer --size 32
  assert_seen_and_healed store timeout
  assert_seen_and_healed store timeout --direction up
  assert_seen_and_healed store reset
  assert_seen_and_healed store down
}

@test "a path of the profile is all its proxies, once each" {
  fault latency clients brokers --latency 100ms --for 1ms
  assert_success
  assert_result '[.data[] | .proxy, .protocol] == ["broker", "Kafka", "spare", "Kafka"]'
  fault latency object-store --latency 100ms --for 1ms
  assert_success
  assert_result '[.data[].proxy] == ["store"]'
}

@test "a proxy that the profile does not name is measured as what it speaks" {
  use_profile kafka-local
  fault down store --api "$API" --for 1ms
  assert_success
  assert_result '.data[0].protocol == "HTTP"'
  KS_TOXIPROXY=$API fault down broker --for 1ms
  assert_success
  assert_result '.data[0].protocol == "Kafka"'
}

@test "without --for a fault stays until it is healed, and heal says what it found" {
  fault latency broker --latency 100ms --direction both --run-id one
  assert_success
  assert_equal "$(toxics broker)" "ks-fault-one-kept-latency-upstream
ks-fault-one-kept-latency-downstream"
  fault down spare
  assert_success
  is_disabled spare
  fault list
  assert_line --partial "ks-fault-one-kept-latency-upstream${tab}latency${tab}upstream"
  assert_line --regexp '^spare.*disabled$'
  assert_result '[.data[] | .proxy, .enabled, (.toxics | map(.ours))]
    == ["broker", true, [true, true], "spare", false, [true], "store", true, []]'
  fault heal
  assert_success
  assert_line "broker${tab}latency${tab}upstream${tab}run one"
  assert_line --partial "spare${tab}down${tab}"
  assert_result '.metrics.removed_toxics == 3 and .metrics.rtt_after_ms > 0'
  assert_equal "$(toxics broker)$(toxics spare)" ''
  is_enabled spare
  fault heal
  assert_success
  assert_output ''
}

@test "a proxy that listens everywhere, as in a container, is listed where it is met" {
  local port
  ports_take port
  curl -sf -o "$BATS_TEST_TMPDIR/everywhere" "$API/proxies" \
    -d "{\"name\": \"everywhere\", \"listen\": \"0.0.0.0:$port\", \"upstream\": \"$KS_TEST_BROKERS\", \"enabled\": true}"
  fault list everywhere
  curl -sf -X DELETE "$API/proxies/everywhere"
  assert_success
  assert_output "everywhere${tab}127.0.0.1:$port${tab}$KS_TEST_BROKERS${tab}enabled"
}

@test "faults of one run add up, and each is there once" {
  fault latency broker --latency 50ms --run-id one
  fault slicer broker --size 32 --run-id one
  assert_success
  assert_equal "$(toxics broker | wc -l)" 2
  fault slicer broker --size 32 --run-id one
  assert_failure 2
  assert_one_line_error 'or run ks-fault heal broker'
  assert_equal "$(toxics broker | wc -l)" 2
}

@test "up enables a proxy, whoever disabled it" {
  curl -sf -o "$BATS_TEST_TMPDIR/off" -d '{"enabled": false}' "$API/proxies/broker"
  fault latency broker --latency 50ms
  assert_failure 2
  assert_one_line_error 'the proxy is disabled: broker; enable it: ks-fault up broker'
  fault up broker
  assert_success
  is_enabled broker
  fault down broker
  fault up broker
  assert_success
  is_enabled broker
  assert_equal "$(toxics broker)" ''
}

@test "toxics of others are left alone" {
  add_toxic broker '{"name": "theirs", "type": "latency", "attributes": {"latency": 20}}'
  add_toxic broker '{"name": "ks-fault-theirs", "type": "latency", "attributes": {"latency": 20}}'
  fault down broker --for 1ms
  assert_success
  fault heal
  assert_success
  assert_equal "$(toxics broker)" $'theirs\nks-fault-theirs'
}

@test "a proxy that a user disabled stays so when others are healed" {
  curl -sf -o "$BATS_TEST_TMPDIR/off" -d '{"enabled": false}' "$API/proxies/spare"
  fault down broker
  fault heal
  assert_success
  is_enabled broker
  is_disabled spare
}

@test "the history is told when a fault began, was seen, and was gone" {
  fault latency broker --latency 100ms --for 1ms --history "$BATS_TEST_TMPDIR/history"
  assert_success
  fault down broker --history "$BATS_TEST_TMPDIR/history"
  fault heal broker --history "$BATS_TEST_TMPDIR/history"
  run "$KS_BIN/ks-verify" dump "$BATS_TEST_TMPDIR/history"
  assert_success
  run jq -r '"\(.event) \(.fault)"' <<<"$output"
  assert_output "fault-begin broker latency
fault-confirmed broker latency
fault-healed broker latency
fault-begin broker down
fault-confirmed broker down
fault-healed broker down"
}
