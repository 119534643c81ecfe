#!/usr/bin/env bats
# needs: broker
# ks-fault leaves nothing behind, whatever ends it, and believes nothing that it does not see.

load fault_helper

@test "a fault that is taken and not made is inconclusive, and taken back" {
  start_idle "broker=$KS_TEST_BROKERS"
  local verb
  for verb in 'latency --latency 200ms' 'bandwidth --rate 20KB/s' 'slicer --size 32' 'timeout' \
    'timeout --after 100ms' 'reset' 'down'; do
    # shellcheck disable=SC2086 # several words
    fault $verb broker --api "$idle"
    assert_failure 3
    [[ $stderr == *"${verb%% *} not confirmed on proxy broker: "* ]]
    assert_result '.metrics.rtt_before_ms > 0 and (.data[0].confirmed | not)'
    assert_equal "$(curl -sf "$idle/proxies" | jq -c '.broker | [.enabled, .toxics]')" '[true,[]]'
  done
}

@test "a toxic without effect is no fault" {
  add_toxic broker '{"name": "theirs", "type": "latency", "toxicity": 0, "attributes": {"latency": 200}}'
  start_idle "broker=$(<"$BATS_FILE_TMPDIR/toxiproxy/broker.address")"
  fault latency broker --latency 200ms --for 1ms --api "$idle"
  assert_failure 3
  [[ $stderr == *'latency not confirmed on proxy broker: median '* ]]
}

@test "what cannot be told is not done" {
  fault bandwidth broker --rate 10GB/s
  assert_failure 3
  assert_one_line_error 'could not be told on proxy broker, nothing was done: the path by itself takes'
  fault slicer store --size 1MiB
  assert_failure 3
  assert_one_line_error 'too small to be cut into pieces of 1048576'
  assert_equal "$(toxics broker)$(toxics store)" ''
}

@test "no Toxiproxy, something else there, or no permission: status 2 and what to do" {
  fault down broker --api http://127.0.0.1:1
  assert_refused 'no Toxiproxy: cannot connect: http://127.0.0.1:1/proxies; start Toxiproxy'
  fault down broker --api "http://$(<"$BATS_FILE_TMPDIR/toxiproxy/store.address")"
  assert_refused 'Toxiproxy refuses: HTTP 404: GET http'
  start_idle "broker=$KS_TEST_BROKERS" refuse=403
  fault down broker --api "$idle"
  assert_refused 'no permission to change faults: read only (HTTP 403): POST'
  use_profile kafka-local
  fault down broker
  assert_refused 'no Toxiproxy given: profile kafka-local; use --api URL'
}

@test "an unknown proxy, an empty path and bad usage are status 2, and say what there is" {
  local -A complaint=(
    ['-q']='no command given'
    ['dance broker']="unknown command 'dance'"
    ['down']='no path given: down; give object-store'
    ['down nowhere']='Toxiproxy has no such proxy: nowhere; there are broker, spare, store'
    ['heal nowhere']='no such proxy: nowhere'
    ['latency broker']='no latency given: --latency'
    ['down broker --rate 1MB/s']='not an option of down: --rate'
    ['latency broker --latency 5']='--latency'
  )
  for arguments in "${!complaint[@]}"; do
    # shellcheck disable=SC2086 # several words
    fault $arguments
    assert_refused "${complaint[$arguments]}"
  done
  sed -i 's/clients: \[.*\]/clients: []/' "$profile"
  fault down clients
  assert_refused 'the profile names no proxy of this path: clients'
}

@test "a path that does not answer before any fault is not disturbed" {
  start_idle broker=127.0.0.1:1
  fault latency broker --latency 50ms --api "$idle"
  assert_refused 'proxy broker, before any fault'
}

@test "Ctrl-C, SIGTERM and a terminal that is closed end a fault in order, and heal it" {
  local signal status
  for signal in INT TERM HUP; do
    start_fault latency broker --latency 100ms --for 10m
    refute [ -z "$(toxics broker)" ]
    kill -"$signal" "${started[-1]}"
    status=0
    wait "${started[-1]}" || status=$?
    assert_equal "$status" $((128 + $(kill -l "$signal")))
    assert_equal "$(toxics broker)" ''
    assert_result '.status == "inconclusive" and .data[0].confirmed and .data[0].healed'
  done
}

# As a gate that is interrupted may send its children another one.
@test "a proxy that is down is up again after a signal, also if another one follows at once" {
  start_fault down broker --for 10m
  is_disabled broker
  kill -INT "${started[-1]}"
  kill -TERM "${started[-1]}" || true
  wait "${started[-1]}" || true
  is_enabled broker
  assert_equal "$(toxics broker)" ''
}

@test "what a killed one left over is removed by the next, which says so" {
  local verb
  for verb in 'latency --latency 100ms' down; do
    # shellcheck disable=SC2086 # several words
    start_fault $verb broker --for 10m --run-id killed
    kill -KILL "${started[-1]}"
    wait "${started[-1]}" || true
    refute [ -z "$(toxics broker)" ]
    fault reset broker --for 1ms --run-id "${RANDOM}"
    assert_success
    [[ $stderr == *'removing a left-over of run killed: proxy broker, toxic ks-fault-killed-'* ]]
    assert_result '.metrics.left_over_toxics == 1'
    assert_equal "$(toxics broker)" ''
    is_enabled broker
  done
}

@test "also in the same run, and one that another run left in place" {
  start_fault latency broker --latency 100ms --for 10m --run-id same
  kill -KILL "${started[-1]}"
  wait "${started[-1]}" || true
  fault latency broker --latency 100ms --run-id same
  assert_success
  assert_result '.metrics.left_over_toxics == 1'
  fault reset broker --for 1ms --run-id next
  assert_success
  [[ $stderr == *'removing a left-over of run same'* ]]
  assert_equal "$(toxics broker)" ''
}

@test "a fault that another process holds is not taken from it" {
  start_fault latency broker --latency 100ms --for 10m --run-id first
  fault reset broker --for 1ms --run-id second
  assert_refused 'another ks-fault has a fault here (run first): proxy broker'
  refute [ -z "$(toxics broker)" ]
}

@test "a fault that somebody else removed before its time is inconclusive" {
  start_fault latency broker --latency 100ms --for 2s
  curl -sf -X POST "$API/reset"
  local status=0
  wait "${started[-1]}" || status=$?
  assert_equal "$status" 3
  assert_result '.reason == "somebody removed the fault before its time"'
}
