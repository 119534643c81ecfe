#!/usr/bin/env bats
# needs: broker
# alone
# The runner of `make lies`, and the lies that take no time: one seed each, the wire client.

load helper

setup() {
  require_broker
  export KS_TEST_BROKERS KS_LIES_SEEDS=1 KS_LIES_CLIENTS=wire
  unset KS_LIES_HONEST
  : "${KS_FRONT:=$project_root/build/release/tests/broker-front}"
  export KS_FRONT
}

lies() {
  run_split "$project_root/tests/lies/run" "$@"
}

@test "every quick lie is caught, and no honest twin raises an alarm" {
  local names
  mapfile -t names < <("$KS_FRONT" --lies |
    awk -F '\t' '$3 !~ /^(fence|pause|late|silence|read)$/ || $1 ~ /^(wrong-crc|huge-length)$/ { print $1 }')
  ((${#names[@]} > 20))
  lies "${names[@]}"
  assert_success
  assert_equal "${lines[-1]}" "lies ${#names[@]}/${#names[@]}, false alarms 0/${#names[@]}"
  refute_output --partial 'NOT OK'
}

@test "a lie that nobody tells is not caught, and the runner says so" {
  KS_LIES_HONEST=1 lies dropped-record rejected-in-part reset-after-append answered-twice
  assert_failure 1
  assert_output --partial 'NOT OK lie dropped-record, seed 1, wire: wanted lost; saw '
  assert_equal "${lines[-1]}" 'lies 0/4, false alarms 0/4'
}

@test "an alarm at an honest broker is counted" {
  local bin=$BATS_TEST_TMPDIR/bin
  mkdir "$bin"
  ln -s "$KS_BIN"/* "$bin"
  rm "$bin/ks-verify"
  printf '#!/bin/sh\nexit 1\n' >"$bin/ks-verify"
  chmod +x "$bin/ks-verify"
  KS_BIN=$bin lies dropped-record
  assert_failure 1
  assert_output --partial 'NOT OK twin dropped-record, seed 1, wire: wanted no alarm; saw '
  assert_equal "${lines[-1]}" 'lies 0/1, false alarms 1/1'
}

@test "an unknown lie is refused" {
  lies no-such-lie
  assert_refused 'no such lie: no-such-lie'
}
