#!/usr/bin/env bats
# needs: broker
# ks-offsets on a real Kafka broker.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS
  export KS_HOME="${KS_HOME:-$project_root}"
  topic=$(unique topic)
  group=$(unique group)
  member=
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics create "$topic" --partitions 2 >/dev/null
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list "$topic" --expect 'topics == 1' --wait 10s \
    >/dev/null
}

teardown() {
  if [[ -n $member ]]; then
    kill "$member" 2>/dev/null || true
    wait "$member" || true
  fi
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -q topics delete "$topic" >/dev/null 2>&1 || true
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -q groups delete "$group" >/dev/null 2>&1 || true
}

offsets() {
  run_split "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" "$@"
}

# $2 records to partition $1.
produce() {
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -q -t "$topic" -p "$1" --count "$2" >/dev/null
}

# ---- list --------------------------------------------------------------------

@test "list: both ends of each partition" {
  produce 0 7
  produce 1 3
  offsets list -t "$topic" --expect 'records == 10' --expect 'earliest_min == 0' \
    --expect 'latest_max == 7' --expect 'latest_min == 3' --expect 'partitions == 2' --wait 10s
  assert_success
  assert_equal "${lines[0]}" "topic${tab}partition${tab}earliest${tab}latest"
  assert_equal "${lines[1]}" "$topic${tab}0${tab}0${tab}7"
  assert_equal "${lines[2]}" "$topic${tab}1${tab}0${tab}3"
}

@test "list: an empty partition has both ends at 0" {
  offsets list -t "$topic" -p 1 --expect 'records == 0' --expect 'partitions == 1'
  assert_success
  assert_equal "${lines[1]}" "$topic${tab}1${tab}0${tab}0"
}

@test "list: one end" {
  produce 0 5
  offsets list -t "$topic" -p 0 -o end --expect 'offset_sum == 5' --wait 10s
  assert_success
  assert_equal "${lines[1]}" "$topic${tab}0${tab}5"
  offsets list -t "$topic" -p 0 -o beginning --expect 'offset_max == 0'
  assert_success
}

@test "list: by time, the first record at or after it" {
  produce 0 4
  local between
  between=$(date +%s%3N)
  until (($(date +%s%3N) > between)); do :; done
  produce 0 6
  offsets list -t "$topic" -p 0 -o s@0 --expect 'offset_min == 0'
  assert_success
  offsets list -t "$topic" -p 0 -o "s@$((between + 1))" --expect 'offset_min == 4'
  assert_success
}

@test "list: a time after the last record has no offset" {
  produce 0 1
  offsets list -t "$topic" -p 0 -o s@9999999999999 --expect 'partitions_past_end == 1'
  assert_success
  assert_equal "${lines[1]}" "$topic${tab}0${tab}-"
}

@test "list: what is unknown is status 2" {
  offsets list -t "$topic-nowhere"
  assert_refused "unknown topic: $topic-nowhere"
  offsets list -t "$topic" -p 2
  assert_refused "unknown partition: ${topic}[2]; the topic has 2"
  run "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list "$topic-nowhere" \
    --expect 'topics == 0'
  assert_success
}

@test "list: an expectation that does not hold is status 1" {
  offsets list -t "$topic" --expect 'records == 1' --wait 100ms
  assert_equal "$status" 1
  assert_one_line_error 'expected records == 1'
}

@test "list: a wait sees records that come later" {
  "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" list -t "$topic" --expect 'records == 5' --wait 30s \
    >/dev/null 3>&- &
  member=$!
  produce 1 5
  wait "$member"
}

# ---- commit and fetch --------------------------------------------------------

@test "commit and fetch: by options, and several by words" {
  offsets commit -G "$group" -t "$topic" -p 0 -o 4
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}0${tab}4"
  offsets fetch -G "$group" -t "$topic" --expect 'partitions_without_commit == 1' \
    --expect 'committed_sum == 4'
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}0${tab}4"
  assert_equal "${lines[2]}" "$group${tab}$topic${tab}1${tab}-"

  offsets commit -G "$group" "${topic}[1]=9" "${topic}[0]=5" --expect 'partitions == 2' \
    --expect 'committed_max == 9'
  assert_success
  offsets fetch -G "$group" -t "$topic" --expect 'committed_sum == 14' \
    --expect 'partitions_without_commit == 0' --format json
  assert_success
  assert_equal "$(jq -s 'map(.committed)' -c <<<"$output")" '[5,9]'
}

@test "fetch: a group that committed nothing has no offsets" {
  offsets fetch -G "$group" -t "$topic" -p 1 --expect 'partitions_without_commit == 1'
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}1${tab}-"
}

@test "commit: a topic or partition that does not exist is status 2 with Kafka's name" {
  offsets commit -G "$group" "$topic-nowhere[0]=1"
  assert_refused UNKNOWN_TOPIC_OR_PART
  offsets commit -G "$group" "${topic}[7]=1"
  assert_refused UNKNOWN_TOPIC_OR_PART
}

@test "commit: unusable positions are refused" {
  offsets commit -G "$group"
  assert_refused 'nothing to commit'
  offsets commit -G "$group" -t "$topic" -p 0
  assert_refused 'needs -t, one -p and -o together'
  offsets commit -G "$group" -t "$topic" -p 0 -o end
  assert_refused 'not a position'
  offsets commit -G "$group" -t "$topic" -p 0 -o -10
  assert_refused 'not a position'
  offsets commit -G "$group" "${topic}[0]"
  assert_refused "not a position '${topic}[0]'"
  offsets commit -G "$group" "${topic}[0]=1" "${topic}[0]=2"
  assert_refused 'a partition is given twice'
  offsets commit "${topic}[0]=1"
  assert_refused 'no group given'
}

# ---- reset and lag -----------------------------------------------------------

@test "reset: to each kind of place" {
  produce 0 8
  produce 1 8
  offsets reset -G "$group" -t "$topic" -o end --expect 'committed_sum == 16'
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}0${tab}-${tab}8"
  offsets reset -G "$group" -t "$topic" -p 1 -o beginning
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}1${tab}8${tab}0"
  offsets reset -G "$group" -t "$topic" -o 3 --expect 'committed_sum == 6'
  assert_success
  offsets reset -G "$group" -t "$topic" -p 0 -o s@9999999999999 --expect 'committed_sum == 8'
  assert_success
  offsets fetch -G "$group" -t "$topic" --expect 'committed_sum == 11'
  assert_success
}

@test "reset: an offset outside the log is refused, and nothing changes" {
  produce 0 8
  offsets commit -G "$group" "${topic}[0]=2"
  offsets reset -G "$group" -t "$topic" -p 0 -o 9
  assert_refused "offset 9 is not in the log: ${topic}[0]; it reaches from 0 to 8"
  offsets fetch -G "$group" -t "$topic" -p 0 --expect 'committed_sum == 2'
  assert_success
}

@test "reset and commit: refused while the group has members" {
  produce 0 1
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -q -t "$topic" -G "$group" --timeout 2m \
    >/dev/null 2>&1 3>&- &
  member=$!
  run "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" groups describe "$group" \
    --expect 'members == 1' --wait 30s
  assert_success
  offsets reset -G "$group" -t "$topic" -o beginning
  assert_refused 'the group has 1 member(s)'
  offsets commit -G "$group" "${topic}[0]=0"
  assert_refused "$group"
}

@test "lag: what the group has not committed yet" {
  produce 0 10
  produce 1 4
  offsets commit -G "$group" "${topic}[0]=7" "${topic}[1]=4"
  offsets lag -G "$group" -t "$topic" --expect 'lag_records_total == 3' \
    --expect 'lag_records_max == 3' --expect 'partitions_without_commit == 0'
  assert_success
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}0${tab}7${tab}10${tab}3"
  assert_equal "${lines[2]}" "$group${tab}$topic${tab}1${tab}4${tab}4${tab}0"
}

@test "lag: a partition without a commit lags by all that it holds" {
  produce 0 10
  produce 1 4
  offsets commit -G "$group" "${topic}[0]=10"
  offsets lag -G "$group" -t "$topic" --expect 'partitions_without_commit == 1' \
    --expect 'lag_records_total == 4'
  assert_success
  assert_equal "${lines[2]}" "$group${tab}$topic${tab}1${tab}-${tab}4${tab}4"
}

@test "lag: a group that has committed nothing is inconclusive unless that is judged" {
  produce 0 5
  offsets lag -G "$group" -t "$topic" --expect 'lag_records_total <= 100'
  assert_equal "$status" 3
  assert_one_line_error "group $group has committed nothing in $topic"
  offsets lag -G "$group" -t "$topic" --expect 'lag_records_total == 0'
  assert_equal "$status" 1
  offsets lag -G "$group" -t "$topic" --expect 'partitions_without_commit == 2'
  assert_success
}

@test "lag: a commit ahead of the end is violated unless that is judged" {
  produce 0 2
  offsets commit -G "$group" "${topic}[0]=5" "${topic}[1]=0"
  offsets lag -G "$group" -t "$topic" --expect 'lag_records_total == 0'
  assert_equal "$status" 1
  assert_one_line_error "the commit 5 of ${topic}[0] is ahead of the end 2"
  assert_equal "${lines[1]}" "$group${tab}$topic${tab}0${tab}5${tab}2${tab}-3"
  offsets lag -G "$group" -t "$topic" --expect 'partitions_commit_ahead == 1' \
    --expect 'lag_records_total == 0'
  assert_success
}

@test "lag: more than expected is status 1" {
  produce 0 2
  offsets commit -G "$group" "${topic}[0]=0"
  offsets lag -G "$group" -t "$topic" -p 0 --expect 'lag_records_total == 0' --wait 100ms
  assert_equal "$status" 1
  assert_one_line_error 'expected lag_records_total == 0'
}

# ---- what every command owes -------------------------------------------------

@test "--history keeps a file for each step that saw offsets" {
  local dir=$BATS_TEST_TMPDIR/history
  offsets commit -G "$group" "${topic}[0]=0" --history "$dir"
  assert_success
  offsets fetch -G "$group" -t "$topic" --history "$dir"
  assert_success
  offsets list -t "$topic" --history "$dir"
  assert_success
  assert_equal "$(find "$dir" -type f | wc -l)" 3
}

@test "--history that cannot be written is refused before anything is committed" {
  echo file >"$BATS_TEST_TMPDIR/file"
  offsets commit -G "$group" "${topic}[0]=1" --history "$BATS_TEST_TMPDIR/file/history"
  assert_refused "$BATS_TEST_TMPDIR/file/history"
  offsets fetch -G "$group" -t "$topic" --expect 'partitions_without_commit == 2'
  assert_success
}

@test "an unreachable broker is named" {
  local words
  for words in "list -t $topic" "fetch -G $group -t $topic" "lag -G $group -t $topic" \
    "reset -G $group -t $topic -o end" "commit -G $group ${topic}[0]=0"; do
    # shellcheck disable=SC2086 # the words of the command
    run_split "$KS_BIN/ks-offsets" -b 127.0.0.1:1 $words
    assert_refused 127.0.0.1:1
  done
}

@test "unknown words, missing names and bad numbers are refused" {
  offsets
  assert_refused 'no command'
  offsets rewind
  assert_refused "unknown command 'rewind'"
  offsets list
  assert_refused 'use -t TOPIC'
  offsets fetch -t "$topic"
  assert_refused 'use -G GROUP'
  offsets lag -G "$group"
  assert_refused 'use -t TOPIC'
  offsets reset -G "$group" -t "$topic"
  assert_refused 'no offset given'
  offsets reset -G "$group" -t "$topic" -o stored
  assert_refused "not an offset 'stored'"
  offsets list -t "$topic" -o 5
  assert_refused 'does not look up an offset by its number'
  offsets list -t "$topic" -o s@noon
  assert_refused "not an offset 's@noon'"
  offsets list -t "$topic" -p zero
  assert_refused "not a partition 'zero'"
  offsets list -t "$topic" -p 0 -p 0
  assert_refused 'a partition is given twice: --partition'
  offsets list -t "$topic" -p 4294967296
  assert_refused "not a partition '4294967296'"
  offsets list -t "$topic" -G "$group"
  assert_refused "'--group' does not go with 'list'"
  offsets fetch -G "$group" -t "$topic" -o end
  assert_refused "'--offset' does not go with 'fetch'"
  offsets list -t "$topic" extra
  assert_refused "does not take 'extra'"
}

@test "the result has metrics and data, and hides secrets" {
  offsets list -t "$topic" -p 0 -X sasl.password=swordfish-7 --json -
  assert_success
  jq -e '.metrics.records == 0 and .metrics.request_ms_max > 0' <<<"$output"
  assert_equal "$(jq -c '.data' <<<"$output")" \
    "[{\"topic\":\"$topic\",\"partition\":0,\"earliest\":0,\"latest\":0}]"
  [[ $output != *swordfish* ]]
}

@test "--help lists every command" {
  run "$KS_BIN/ks-offsets" --help
  assert_success
  local words
  for words in list commit fetch reset lag; do
    assert_output --partial "  $words "
  done
}
