#!/usr/bin/env bats
# needs: broker
# ks-admin: what every command owes.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load admin_helper

@test "a wait sees a topic that is made later" {
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics describe "$topic" \
    --expect 'partitions == 2' --wait 30s >"$BATS_TEST_TMPDIR/seen" 3>&- &
  children+=($!)
  admin topics create "$topic" --partitions 2
  assert_success
  wait "${children[0]}"
  assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/seen")" 3
}

@test "a wait in vain ends in time, with the last answer and status 1" {
  admin topics list "$topic" --expect 'topics == 1' --wait 200ms
  assert_equal "$status" 1
  assert_one_line_error 'expected topics == 1'
  assert_equal "${#lines[@]}" 1
}

@test "a version mismatch is named, not timed out" {
  start_recorded_broker
  local command
  for command in "groups describe $group" "groups delete $group" 'configs describe topic orders'; do
    # shellcheck disable=SC2086 # the words of the command
    run_split "$KS_BIN/ks-admin" -b "$recorded_broker" $command
    assert_refused '--client wire'
    [[ $stderr == *'the client speaks 0-'*'the broker serves '* ]]
  done
}

@test "a broker that stops answering costs no more than --timeout" {
  start_recorded_broker '' 3
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" topics list --timeout 300ms
  assert_refused Metadata
  assert [ "$SECONDS" -lt 20 ]
}

@test "an unreachable broker is named" {
  local dead
  ports_take dead
  local command
  for command in 'topics list' 'groups list' brokers identify "topics create $topic"; do
    # shellcheck disable=SC2086 # the words of the command
    run_split "$KS_BIN/ks-admin" -b "127.0.0.1:$dead" $command
    assert_refused "127.0.0.1:$dead"
  done
}

@test "a wait also waits for the broker" {
  local port
  ports_take port
  "$KS_BIN/ks-admin" -b "127.0.0.1:$port" topics list --wait 30s >"$BATS_TEST_TMPDIR/seen" 3>&- &
  children+=($!)
  python3 "$support/recorded_broker.py" "$recorded" "$port" "$port" 3>&- &
  children+=($!)
  wait "${children[0]}"
  grep -q '^orders' "$BATS_TEST_TMPDIR/seen"
}

@test "unknown words and misplaced options are refused" {
  admin
  assert_refused 'no command'
  admin tropics list
  assert_refused "unknown command 'tropics'"
  admin topics
  assert_refused "incomplete command 'topics'"
  admin topics forget
  assert_refused "unknown command 'topics forget'"
  admin topics create
  assert_refused "'topics create' needs more words"
  admin brokers now
  assert_refused "does not take 'now'"
  admin topics list --partitions 3
  assert_refused "'--partitions' does not go with 'topics list'"
  admin topics delete "$topic" --wait 1s
  assert_refused "'--wait' does not go with 'topics delete'"
  admin topics list --format xml
  assert_refused "unknown format 'xml'"
  admin topics list --forma json
  assert_refused '--forma'
  admin topics list --history "$BATS_TEST_TMPDIR/history"
  assert_refused 'nothing to record'
}

@test "--format json prints one object a row, with types" {
  admin topics create "$topic" --partitions 2
  admin topics describe "$topic" --format json --wait 10s
  assert_success
  assert_equal "$(jq -s 'map(.partition)' -c <<<"$output")" '[0,1]'
  assert_equal "$(jq -s '.[0].isr | type' -r <<<"$output")" array
}

@test "a table that cannot be written: one line, status 2" {
  run bash -c "'$KS_BIN/ks-admin' -b '$KS_TEST_BROKERS' brokers >/dev/full"
  assert_failure 2
  assert_output 'ks-admin: cannot write: standard output; No space left on device'
}

@test "the result has metrics, data and the time of the slowest request" {
  admin topics create "$topic" --partitions 2 --json -
  assert_success
  assert_metrics '.topics == 1 and .partitions == 2 and .request_ms_max > 0'
  assert_equal "$(jq -c .data <<<"$output")" \
    "[{\"topic\":\"$topic\",\"partitions\":2,\"replication_factor\":1}]"
}

@test "--help lists every command" {
  run "$KS_BIN/ks-admin" --help
  assert_success
  local words
  for words in 'topics create' 'topics list' 'topics describe' 'topics delete' \
    'topics add-partitions' 'configs describe' 'configs alter' 'groups list' 'groups describe' \
    'groups delete' brokers identify; do
    assert_output --partial "  $words"
  done
}
