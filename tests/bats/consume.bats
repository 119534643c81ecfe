#!/usr/bin/env bats
# needs: broker
# ks-consume by hand: where it starts and stops, what it prints, and what --verify finds.

load helper

setup() {
  require_broker
  topic=$(unique consume)
  history=$BATS_TEST_TMPDIR/history
  export KS_RUN_ID=$topic
}

teardown() {
  delete_topic
}

records() {
  jq -r '.metrics.read_records' <<<"$output"
}

# Loses everything in the topic, as a broken broker would.
empty_topic() {
  local admin=("$KS_BIN/ks-admin" topics)
  "${admin[@]}" delete "$topic" -b "$KS_TEST_BROKERS"
  "${admin[@]}" list "$topic" -b "$KS_TEST_BROKERS" --wait 10s --expect 'topics == 0' >/dev/null
  "${admin[@]}" create "$topic" -b "$KS_TEST_BROKERS"
}

@test "starts and stops where it is told" {
  produce --count 100
  local offset expected
  while read -r offset expected; do
    run_split consume -o "$offset" -e --json -
    assert_success
    assert_equal "$(records)" "$expected"
  done <<'END'
beginning 100
90 10
-10 10
-1000 100
s@0 100
END
  run_split consume -c 7 --json -
  assert_success
  assert_equal "$(records)" 7
  run_split consume -o end -e
  assert_failure 3
  assert_one_line_error vacuous
  run_split consume -o 100 -e
  assert_failure 3
  assert_one_line_error vacuous
}

@test "a start outside the log is refused, not moved" {
  produce --count 20
  run_split consume -o 21 -e -c 3
  assert_failure 2
  assert_equal "$output" ''
  assert_one_line_error "offset 21 is not in the log: ${topic}[0]; it reaches from 0 to 20"
}

@test "starts where each partition ended before, and a newer one at its beginning" {
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 2 -b "$KS_TEST_BROKERS"
  produce -p 0 --count 4
  local ends=$BATS_TEST_TMPDIR/ends.json client
  "$KS_BIN/ks-offsets" list -t "$topic" -b "$KS_TEST_BROKERS" --json "$ends"
  "$KS_BIN/ks-admin" topics add-partitions "$topic" --partitions 3 -b "$KS_TEST_BROKERS"
  produce -p 0 --count 1
  produce -p 1 --count 2
  produce -p 2 --count 3
  for client in librdkafka wire; do
    run_split consume --client "$client" --from-ends "$ends" -e --format json
    assert_success
    assert_equal "$(jq -s -c 'map([.partition, .offset]) | sort' <<<"$output")" \
      '[[0,4],[1,0],[1,1],[2,0],[2,1],[2,2]]'
  done
  run_split consume --from-ends "$ends" -o 3
  assert_failure 2
  assert_one_line_error 'something else says where to start'
  sed -i "s/$topic/another/" "$ends"
  run_split consume --from-ends "$ends"
  assert_failure 2
  assert_one_line_error "no ends of topic '$topic'"
}

@test "what is printed can be read while it runs" {
  mkfifo "$BATS_TEST_TMPDIR/out"
  echo one | produce
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" >"$BATS_TEST_TMPDIR/out" 3>&- &
  local pid=$! line='' status=0
  read -r -t 60 line <"$BATS_TEST_TMPDIR/out" || true
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$line" one
  assert_equal "$status" 130
}

@test "an interrupt is the end of a run that has no other" {
  local result=$BATS_TEST_TMPDIR/result.json
  mkfifo "$BATS_TEST_TMPDIR/out"
  echo one | produce
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" --json "$result" \
    --expect 'read_records == 1' >"$BATS_TEST_TMPDIR/out" 3>&- &
  local pid=$! line
  read -r -t 60 line <"$BATS_TEST_TMPDIR/out" || true
  kill -TERM "$pid"
  wait "$pid" || true
  assert_equal "$(jq -r '.status, .thresholds[0].ok' "$result" | xargs)" 'pass true'
}

@test "an interrupt cuts a run with an end short" {
  local result=$BATS_TEST_TMPDIR/result.json
  mkfifo "$BATS_TEST_TMPDIR/out"
  echo one | produce
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -c 2 --json "$result" \
    --expect 'read_records == 2' >"$BATS_TEST_TMPDIR/out" 3>&- &
  local pid=$! line
  read -r -t 60 line <"$BATS_TEST_TMPDIR/out" || true
  kill -TERM "$pid"
  wait "$pid" || true
  assert_equal "$(jq -r '.status + ": " + .reason' "$result")" \
    'inconclusive: interrupted by signal 15'
}

@test "output that cannot be written: one line, status 2" {
  local arguments
  produce --count 1
  for arguments in "-t $topic -e" "-t $topic -e --json -" --help --version; do
    run bash -c "'$KS_BIN/ks-consume' -b '$KS_TEST_BROKERS' $arguments >/dev/full"
    assert_failure 2
    assert_output 'ks-consume: cannot write: standard output; No space left on device'
  done
}

@test "the figures of each second" {
  produce --count 30 --size 100
  run_split consume -e -f none --series "$BATS_TEST_TMPDIR/series.jsonl" --json -
  assert_success
  assert_equal "$(jq -s 'map(.records) | add' "$BATS_TEST_TMPDIR/series.jsonl")" 30
  assert_equal "$(jq -s 'map(.bytes) | add' "$BATS_TEST_TMPDIR/series.jsonl")" 3000
}

@test "prints values as text, records as JSON lines, or nothing" {
  printf 'one\ntwo\n' | produce
  run_split consume -e
  assert_output $'one\ntwo'
  run_split consume -e -J
  assert_equal "$(jq -rs 'map(.payload) | join(" ")' <<<"$output")" 'one two'
  run_split consume -e -f none
  assert_output ''
}

@test "a count that the topic does not hold is violated" {
  produce --count 5
  run_split consume -c 6 -f none --timeout 4s
  assert_failure 1
  assert_one_line_error 'read 5 records of 6'
  # With -e it need not be waited for, in a group neither.
  run_split consume -e -c 6 -f none --timeout 1h
  assert_failure 1
  assert_one_line_error 'read 5 records of 6; the partitions hold no more'
  run_split consume -e -c 6 -f none --timeout 1h -G "$topic"
  assert_failure 1
  assert_one_line_error 'read 5 records of 6; the partitions hold no more'
  run_split consume -e -c 5 -f none
  assert_success
}

@test "--until is not fulfilled by the end of the partitions" {
  produce --count 5
  run_split consume -e -f none --until 'read_records == 6'
  assert_failure 3
  assert_one_line_error 'did not hold up to the end'
  run_split consume -e -f none --until 'read_records == 5'
  assert_success
}

@test "a group resumes at its commit, and --no-commit leaves none" {
  produce --count 20
  run_split consume -G "$topic" -c 8 --json -
  assert_success
  run_split consume -G "$topic" -e --no-commit --json -
  assert_equal "$(records)" 12
  run_split consume -G "$topic" -e --json -
  assert_equal "$(records)" 12
  assert_equal "$(jq .metrics.partitions_assigned <<<"$output")" 1
}

@test "a topic deleted under a group member ends it in time, with the reason" {
  produce --count 20
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -G "$topic" --timeout 6s \
    --until 'read_records >= 21' -f none >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  local pid=$! status=0
  "$KS_BIN/ks-admin" groups describe "$topic" -b "$KS_TEST_BROKERS" --wait 10s \
    --expect 'partitions_assigned == 1'
  "$KS_BIN/ks-admin" topics delete "$topic" -b "$KS_TEST_BROKERS"
  wait "$pid" || status=$?
  assert_equal "$status" 1
  run grep -v 'did not end in time' "$BATS_TEST_TMPDIR/out" # an older librdkafka may say so, too
  assert_equal "${#lines[@]}" 1
  assert_output --partial UNKNOWN_TOPIC_OR_PART
}

@test "--verify passes what arrived whole" {
  produce --count 500 --history "$history"
  run_split consume -e --verify --history "$history" --json -
  assert_success
  assert_equal "$(jq '.metrics.uuid_matched_records' <<<"$output")" 500
}

@test "--verify names a loss" {
  produce --count 10 --history "$history"
  empty_topic
  produce --count 3 --history "$history"
  run_split consume -e --verify --history "$history" --json -
  assert_failure 1
  assert_one_line_error 'lost: '
  assert_equal "$(jq -r '.anomalies[] | select(.type == "lost") | .count > 0' <<<"$output")" true
}

@test "--verify names a duplicate" {
  produce --count 10 --history "$history"
  produce --count 1 --producer-id 0 # the same identities once more
  run_split consume -e --verify --history "$history"
  assert_failure 1
  assert_one_line_error 'duplicate: 1'
}

@test "--verify names a record that the run did not send" {
  produce --count 10 --history "$history"
  produce --count 1 --producer-id 40000 # of the same run, without the history's knowledge
  run_split consume -e --verify --history "$history"
  assert_failure 1
  assert_one_line_error 'phantom: 1'
}

@test "--verify counts what others put into the topic, and does not judge it" {
  produce --count 10 --history "$history"
  KS_RUN_ID=other produce --count 5
  echo stranger | KS_RUN_ID=other produce
  run_split consume -e --verify --history "$history" --json -
  assert_success
  assert_equal "$(jq -c '.metrics | [.uuid_matched_records, .foreign_records, .anomalies]' <<<"$output")" \
    '[10,6,0]'
}

@test "--verify of a member that resumed does not look at what lies before" {
  produce --count 100 --history "$history"
  consume -G "$topic" -c 40 -f none # unknown to the history
  run_split consume -G "$topic" -e --verify --history "$history" --json -
  assert_failure 3
  assert_one_line_error '40 acknowledged records were neither read'
  assert_equal "$(jq -c '[.anomalies, .metrics.uuid_matched_records]' <<<"$output")" '[[],60]'
}

@test "--verify names an altered record" {
  produce --count 10 --history "$history"
  # What begins like a record's identity and has another CRC, sent as a user's value.
  printf 'KSI\001%060d\n' 0 | KS_RUN_ID=other produce
  run_split consume -e --verify --history "$history"
  assert_failure 1
  assert_one_line_error 'do not match their CRC'
}

@test "--verify without a history finds what it can and never passes" {
  produce --count 10
  run_split consume -e --verify
  assert_failure 3
  assert_one_line_error 'no history'
}

@test "--verify of a damaged history is inconclusive at best" {
  produce --count 100 --history "$history"
  printf 'junk' >>"$(echo "$history"/ks-produce-*.ksh)"
  run_split consume -e --verify --history "$history"
  assert_failure 3
  assert_one_line_error 'at offset'
}

@test "--verify of a history in which nothing was sent is inconclusive" {
  produce --count 10
  mkdir "$history"
  run_split consume -e --verify --history "$history"
  refute [ "$status" -eq 0 ]
}

@test "a killed producer's unrecorded attempts are unknown, neither lost nor phantoms" {
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --rate 500/s --duration 1m \
    --history "$history" &
  local pid=$!
  "$KS_BIN/ks-admin" topics list "$topic" -b "$KS_TEST_BROKERS" --wait 10s --expect 'topics == 1'
  consume -c 400 -f none
  kill -KILL "$pid"
  wait "$pid" || true
  run_split consume -e --verify --history "$history" --json -
  assert_success
  assert_equal "$(jq '.metrics.acked_records > 0 and .metrics.unknown_records > 0' <<<"$output")" true
}

@test "a client that this build does not have is refused, not replaced" {
  run_split consume --client java -e
  assert_failure 2
  assert_one_line_error '--client'
}

@test "bad usage: one line, status 2, nothing on stdout" {
  local arguments
  for arguments in '--no-such-flag' '-o nowhere' '-o s@x' '-c x' '--until foo' '-p x' '-f xml' \
    '--allow everything' '-G g -p 0' '--timeout 5' 'stray' '-G g -o 5'; do
    # shellcheck disable=SC2086 # several words
    run_split consume $arguments
    assert_failure 2
    assert_equal "$output" ''
    assert_one_line_error ks-consume:
  done
}

@test "what would be cut down, given twice or ignored is refused by its option" {
  produce --count 1
  run_split consume -e -p 4294967296
  assert_failure 2
  assert_one_line_error "'--partition': not a partition '4294967296'"
  run_split consume -e -p 0 -p 0
  assert_failure 2
  assert_one_line_error 'a partition is given twice: --partition'
  run_split consume -e --shard 1/2
  assert_failure 2
  assert_one_line_error 'no partition is left for this one: --shard; the topic has 1'
  run_split consume -e -G "$topic" --shard 0/2
  assert_failure 2
  assert_one_line_error 'the group shares the partitions out: --shard'
}

@test "an unknown topic, an unknown partition, an unreachable broker: one line, status 2" {
  run_split consume -e
  assert_failure 2
  assert_one_line_error "unknown topic: $topic"
  run_split consume -e -G "$topic"
  assert_failure 2
  assert_one_line_error "unknown topic: $topic"
  produce --count 1
  run_split consume -p 9 -e
  assert_failure 2
  assert_one_line_error "${topic}[9]"
  run_split "$KS_BIN/ks-consume" -b 127.0.0.1:1 -t "$topic" -e
  assert_failure 2
  assert_one_line_error 127.0.0.1:1
}

@test "--shard gives each of several readers its partitions" {
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 3 -b "$KS_TEST_BROKERS"
  produce --count 300
  local records=()
  for shard in 0/2 1/2; do
    run_split consume -e --shard "$shard" --json -
    records+=("$(jq .metrics.read_records <<<"$output")")
  done
  assert_equal "${records[*]}" '200 100'
}

@test "--tally: several share what -c asks for" {
  produce --count 100
  local tally=$BATS_TEST_TMPDIR/tally
  run_split consume -c 30 --tally "$tally" --json -
  assert_success
  assert_equal "$(jq .metrics.read_records <<<"$output")" 30
  # Nothing is left for another.
  run_split consume -c 30 --tally "$tally" --json -
  assert_success
  assert_equal "$(jq .metrics.read_records <<<"$output")" 0
  run_split consume -c 130 --tally "$tally" -e --json -
  assert_success
  assert_equal "$(jq .metrics.read_records <<<"$output")" 100
}

@test "--match-uuid wants each value to contain the UUID it was sent with" {
  produce --count 5
  produce --count 5 --value '{"id":"{{uuid}}"}'
  run_split consume -e --match-uuid --json -
  assert_success
  assert_equal "$(jq .metrics.uuid_mismatched_records <<<"$output")" 0
  produce --count 2 --value '{"id":"another"}'
  run_split consume -e --match-uuid --json -
  assert_failure 1
  assert_equal "$(jq .metrics.uuid_mismatched_records <<<"$output")" 2
  assert_equal "$(jq -r .reason <<<"$output")" '2 records do not contain the UUID they were sent with'
}
