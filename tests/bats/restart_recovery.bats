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
  producer=
}

teardown() {
  [[ -z $producer ]] || kill -KILL "$producer" 2>/dev/null || true
  "$embedded_sh" down "$cluster"
}

restart() { # COMMAND...
  run_split "$KS_BIN/ks-restart" --profile embedded --driver-dir "$cluster" --timeout 60s "$@"
}

records() {
  "$KS_BIN/ks-offsets" list -t "$topic" -b "$KS_TEST_BROKERS" --json - 2>/dev/null |
    jq '.metrics.records // 0'
}

@test "a hard restart under load: how long each partition took to recover" {
  KS_TEST_BROKERS=$("$embedded_sh" up "$cluster" 1)
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 2 -b "$KS_TEST_BROKERS"
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --client wire --rate 100/s --duration 2m \
    --history "$history" 2>"$BATS_TEST_TMPDIR/log" 3>&- &
  producer=$!
  until [[ $(records) -gt 100 ]]; do kill -0 "$producer"; done
  restart restart --hard --history "$history"
  assert_success
  local enough=$(($(records) + 200))
  until [[ $(records) -gt $enough ]]; do kill -0 "$producer"; done
  kill -TERM "$producer"
  wait "$producer" || true # 128 + SIGTERM
  consume -o beginning -e -f none --history "$history"
  run_split "$KS_BIN/ks-verify" "$history" --allow duplicate=explained --json "$BATS_TEST_TMPDIR/result" \
    --expect 'produce_recoveries_open == 0' --expect 'produce_recovery_ms_max > 100'
  assert_success
  assert_equal "$(jq -c '[.data.availability[] | select(.operation == "produce") | .recoveries[] | .fault, .recovered]' \
    "$BATS_TEST_TMPDIR/result")" '["broker-1 down",true,"broker-1 down",true]'
}

@test "a real broker is replaced by one with a new id" {
  "$embedded_sh" up "$cluster" 3
  restart replace broker-2
  assert_success
  assert_equal "$(<"$cluster/broker-2/id")" 4
  run "$KS_BIN/ks-admin" brokers -b "$(<"$cluster/broker-1/address")"
  assert_output --partial "broker${tab}4${tab}$(<"$cluster/broker-2/address")"
}
