#!/usr/bin/env bats
# What ks-restart records, beside what producers did meanwhile: ks-verify names the recovery. And
# real brokers that are replaced.
# alone

load helper

setup() {
  cluster=$BATS_TEST_TMPDIR/cluster
  embedded_sh=$project_root/gates/lib/embedded.sh
  history=$BATS_TEST_TMPDIR/history
  topic=recovery
}

teardown() {
  "$embedded_sh" down "$cluster"
}

restart() { # COMMAND...
  run_split "$KS_BIN/ks-restart" --profile embedded --driver-dir "$cluster" --timeout 60s "$@"
}

@test "a hard restart under load: how long each partition took to recover" {
  KS_TEST_BROKERS=$("$embedded_sh" up "$cluster" 1)
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 2 -b "$KS_TEST_BROKERS"
  produce --rate 100/s --history "$history" --client wire --duration 5m 2>"$BATS_TEST_TMPDIR/log" 3>&- &
  local producer=$!
  until [[ $(end_of_log) -gt 100 ]]; do kill -0 $producer; done
  restart restart --hard --history "$history"
  assert_success
  local down up
  down=$(end_of_log)
  up=$((down + 200))
  until [[ $(end_of_log) -gt $up ]]; do kill -0 $producer; done
  kill -INT $producer
  wait $producer || true
  consume -o beginning -e -f none --history "$history"
  run_split "$KS_BIN/ks-verify" "$history" --allow duplicate=explained --json "$BATS_TEST_TMPDIR/result" \
    --expect 'produce_recoveries_open == 0' --expect 'produce_recovery_ms_max > 100'
  assert_success
  assert_equal "$(jq -c '[.data.availability[] | .recoveries[]? | select(.operation // "produce" == "produce") | .fault] | unique' \
    "$BATS_TEST_TMPDIR/result")" '["broker-1 down"]'
}

end_of_log() {
  "$KS_BIN/ks-offsets" list -t "$topic" -b "$KS_TEST_BROKERS" --json - 2>/dev/null |
    jq '.metrics.end_offset_total // 0'
}

@test "a real broker is replaced by one with a new id" {
  "$embedded_sh" up "$cluster" 3
  restart replace broker-2
  assert_success
  assert_equal "$(<"$cluster/broker-2/id")" 4
  run "$KS_BIN/ks-admin" brokers -b "$(<"$cluster/broker-1/address")"
  assert_output --regexp "broker +4 +$(<"$cluster/broker-2/address")"
}
