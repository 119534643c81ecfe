#!/usr/bin/env bats
# needs: broker
# ks-verify on histories of real runs: what it judges, prints, allows and cannot read.

load helper

setup() {
  require_broker
  topic=$(unique verify)
  history=$BATS_TEST_TMPDIR/history
  export KS_RUN_ID=$topic
}

teardown() {
  delete_topic
}

verify() {
  run_split "$KS_BIN/ks-verify" "$@"
}

# Produces and reads everything back, with the history of both.
traffic() {
  produce --count 300 --history "$history"
  consume -e -f none --history "$history"
}

anomaly_count() { # TYPE
  jq --arg type "$1" '[.anomalies[] | select(.type == $type) | .count] | add // 0' <<<"$output"
}

@test "what arrived whole passes, with the counts" {
  traffic
  verify "$history" --json -
  assert_success
  assert_equal "$(jq -c '[.metrics.acked_records, .metrics.uuid_matched_records, .metrics.anomalies]' <<<"$output")" \
    '[300,300,0]'
  assert_equal "$(jq -r '.data.availability[].operation' <<<"$output" | xargs)" 'produce consume'
}

@test "checking twice prints the same bytes" {
  traffic
  produce --count 20 --producer-id 0 # sequences 0-19 once more
  consume -e -f none --history "$history"
  verify "$history"
  assert_failure 1
  local first=$output
  verify "$history"
  assert_equal "$output" "$first"
}

@test "each tool's part counts: a second consumer finds what was repeated" {
  traffic
  produce --count 3 --producer-id 0
  verify "$history"
  assert_success
  consume -e -f none --history "$history"
  verify "$history" --json -
  assert_failure 1
  assert_equal "$(anomaly_count duplicate)" 3
  assert_one_line_error 'duplicate: 3'
}

@test "--allow allows what it names, and no more" {
  traffic
  produce --count 3 --producer-id 0
  consume -e -f none --history "$history"
  verify "$history" --allow duplicate
  assert_success
  verify "$history" --allow 'duplicate<=3'
  assert_success
  verify "$history" --allow 'duplicate<=2' --allow lost
  assert_failure 1
  verify "$history" --allow duplicates
  assert_failure 2
  assert_one_line_error "not an allowance 'duplicates'"
}

@test "the end that ks-offsets was told belongs to the evidence" {
  traffic
  run_split "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" list -t "$topic" --history "$history"
  assert_success
  verify dump "$history"
  assert_success
  assert_equal "$(jq -rs 'map(select(.event == "end-offset") | .offset) | last' <<<"$output")" 300
  verify "$history"
  assert_success
}

@test "dump prints every event in the order of time" {
  traffic
  verify dump "$history"
  assert_success
  assert_equal "$(jq -cs '[map(select(.event == "send")), map(select(.event == "read"))] | map(length)' <<<"$output")" \
    '[300,300]'
  assert_equal "$(jq -s '[.[].time_ns] | . == sort' <<<"$output")" true
  assert_equal "$(jq -rs '[.[] | select(.uuid) | .uuid] | unique | length' <<<"$output")" 300
}

@test "a group's commits and reads are judged by the group" {
  produce --count 100 --history "$history"
  consume --client wire -G "$topic" -c 40 -f none --history "$history"
  consume --client wire -G "$topic" -c 60 -f none --history "$history"
  consume -e -f none --history "$history"
  verify "$history" --json -
  assert_success
  # Somebody's commit that is not in the history looks like one that nobody made.
  "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" commit -G "$topic" -t "$topic" -p 0 -o 10
  run_split "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" fetch -G "$topic" -t "$topic" --history "$history"
  verify "$history" --json -
  assert_failure 1
  assert_equal "$(anomaly_count commit-regressed)" 1
}

@test "a member's history has the commit that it started at, and its polls" {
  produce --count 100
  local client
  for client in librdkafka wire; do
    consume --client "$client" -G "$topic-$client" -c 40 -f none --history "$history/$client"
    consume --client "$client" -G "$topic-$client" -e -f none --history "$history/$client"
    verify dump "$history/$client"
    assert_equal "$(jq -cs 'map(select(.event | IN("offset-fetch", "assign")) | .offset)' <<<"$output")" \
      '[null,null,40,40]' || fail "$client"
    assert_equal "$(jq -s 'map(select(.event == "poll") | .count) | add' <<<"$output")" 100
  done
}

@test "damage is named with file and offset, the intact part judged, and it never passes" {
  traffic
  local file
  file=$(echo "$history"/ks-consume-*.ksh)
  printf 'junk' >>"$file"
  verify "$history" --json -
  assert_failure 3
  assert_one_line_error "$(basename "$file") at offset"
  assert_equal "$(jq .metrics.uuid_matched_records <<<"$output")" 300
}

@test "nothing sent, nothing read, nothing there" {
  mkdir "$history"
  verify "$history"
  assert_failure 3
  assert_one_line_error vacuous
  produce --count 10 --history "$history"
  verify "$history"
  assert_failure 3
  assert_one_line_error 'no record was read'
  verify "$history/none"
  assert_failure 2
  assert_one_line_error 'cannot read the history folder'
}

@test "what a killed producer left is valid evidence" {
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --rate 500/s --duration 1m \
    --history "$history" 3>&- &
  local pid=$!
  "$KS_BIN/ks-admin" topics list "$topic" -b "$KS_TEST_BROKERS" --wait 10s --expect 'topics == 1'
  consume -c 400 -f none
  kill -KILL "$pid"
  wait "$pid" || true
  consume -e -f none --history "$history"
  verify "$history" --json -
  assert_success
  assert_equal "$(jq '.metrics.acked_records > 0 and .metrics.unknown_records > 0' <<<"$output")" true
}

@test "a full disk ends the recording with status 2, and what was recorded is valid" {
  # A limit of the file size stands in for the disk; without the signal it is an error like ENOSPC.
  run_split bash -c 'trap "" XFSZ && ulimit -f 64 && exec "$@"' _ "$KS_BIN/ks-produce" \
    -b "$KS_TEST_BROKERS" -t "$topic" --count 200000 --history "$history"
  assert_failure 2
  assert_one_line_error 'cannot write history'
  consume -e -f none --history "$history"
  verify "$history" --json -
  refute [ "$status" -eq 2 ]
  assert_equal "$(jq '[.data.files[].problem] | all(. == null)' <<<"$output")" true
  assert_equal "$(jq '.metrics.acked_records > 0 and .metrics.anomalies == 0' <<<"$output")" true
}

@test "bad usage: one line, status 2" {
  local arguments
  for arguments in '' 'a b' '--no-such-flag x' 'dump' 'dump x --allow lost' '--allow lost<=x x'; do
    # shellcheck disable=SC2086 # several words
    verify $arguments
    assert_failure 2
    assert_equal "$output" ''
    assert_one_line_error ks-verify:
  done
}
