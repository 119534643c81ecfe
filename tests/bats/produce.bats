#!/usr/bin/env bats
# needs: broker
# ks-produce by hand: counts, sources, guarantees, and how it fails.

load helper

setup() {
  require_broker
  topic=$(unique produce)
}

teardown() {
  delete_topic
}

metric() {
  jq -r ".metrics[\"$1\"]" <<<"$output"
}

@test "counts every delivery and gives the result as JSON" {
  run_split produce --count 1000 --json -
  assert_success
  assert_equal "$(jq -r .status <<<"$output")" pass
  assert_equal "$(metric acked_records)" 1000
  assert_equal "$(metric kafka_writer_message_count)" 1000
  assert_equal "$(metric errors)" 0
  assert_equal "$stderr" ''
}

@test "sends lines of standard input untouched, with keys and headers" {
  run bash -c "printf 'a:1\nb:2\n' | '$KS_BIN/ks-produce' -b '$KS_TEST_BROKERS' -t '$topic' -K : -H color=red"
  assert_success
  run_split consume -e -J
  assert_success
  assert_equal "$(jq -rs 'map(.key + "=" + .payload + "," + .headers[1]) | join(" ")' <<<"$output")" \
    'a=1,red b=2,red'
}

@test "bodies differ from record to record, and have the size asked for" {
  produce --count 50 --size 200
  # Each printed record is its value and a line break; the identity in front differs anyhow.
  consume -e >"$BATS_TEST_TMPDIR/values"
  assert_equal "$(split -b 201 --filter='tail -c +33 | cksum' "$BATS_TEST_TMPDIR/values" | sort -u | wc -l)" 50
  run_split consume -e --json -
  assert_equal "$(metric read_bytes)" 10000
}

@test "keeps an open-loop rate" {
  run_split produce --rate 200/s --duration 1s --json -
  assert_success
  # 200 are due within the second; the count, not the clock, is what is judged.
  assert_equal "$(jq '.metrics.attempted_records >= 190 and .metrics.attempted_records <= 200' <<<"$output")" true
  assert_equal "$(jq '.metrics | has("lag_ms_p99") and has("latency_ms_p999")' <<<"$output")" true
}

@test "a generator that falls behind its schedule is no evidence, unless that is said to be near enough" {
  run_split produce --rate 9000000/s --count 1000000 -X queue.buffering.max.messages=1000000
  assert_failure 3
  assert_one_line_error 'fell behind its schedule'
  run_split produce --rate 9000000/s --count 1000000 -X queue.buffering.max.messages=1000000 --most-lag 1m
  assert_success
}

@test "--until-stopped ends in order at a signal, and tells how it went" {
  "$KS_BIN/ks-admin" topics create "$topic" -b "$KS_TEST_BROKERS"
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --until-stopped --rate 500/s \
    --json "$BATS_TEST_TMPDIR/result" 3>&- &
  local producer=$! status=0
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -c 100 -f none --timeout 20s
  kill -TERM "$producer"
  wait "$producer" || status=$?
  assert_equal "$status" 143
  output=$(<"$BATS_TEST_TMPDIR/result")
  assert_equal "$(jq -r .status <<<"$output")" pass
  assert_equal "$(metric acked_records)" "$(metric attempted_records)"
}

@test "takes the Java tools' names for its options" {
  run_split "$KS_BIN/ks-produce" --bootstrap-server "$KS_TEST_BROKERS" -t "$topic" \
    --num-records 5 --record-size 64 --throughput 1000 --json -
  assert_success
  assert_equal "$(metric sent_bytes)" 320
}

@test "a record of standard input is accounted for before the next one comes" {
  local history=$BATS_TEST_TMPDIR/history input=$BATS_TEST_TMPDIR/input pid acked=
  mkfifo "$input"
  produce --history "$history" --json "$BATS_TEST_TMPDIR/result.json" <"$input" 3>&- &
  pid=$!
  exec {keyboard}>"$input"
  echo one >&"$keyboard"
  for ((tries = 0; tries < 60; tries++)); do
    consume -e --verify --history "$history" --timeout 5s --expect 'acked_records == 1' 2>/dev/null &&
      acked=yes && break
  done
  echo two >&"$keyboard"
  exec {keyboard}>&-
  wait "$pid"
  assert_equal "$acked" yes
  assert_equal "$(jq .metrics.acked_records "$BATS_TEST_TMPDIR/result.json")" 2
}

@test "what cannot be read is no empty input" {
  run_split produce </
  assert_failure 2
  assert_one_line_error 'cannot read: standard input; Is a directory'
}

@test "the figures of each second" {
  run_split produce --count 30 --rate 20/s --series "$BATS_TEST_TMPDIR/series.jsonl" --json -
  assert_success
  assert_equal "$(jq -r .series <<<"$output")" "$BATS_TEST_TMPDIR/series.jsonl"
  assert_equal "$(jq -s 'map(.records) | add' "$BATS_TEST_TMPDIR/series.jsonl")" 30
  assert_equal "$(jq -s 'map(.bytes) | add' "$BATS_TEST_TMPDIR/series.jsonl")" 3000
  jq -se 'length >= 2 and all(.latency_ms_p50 <= .latency_ms_max)' "$BATS_TEST_TMPDIR/series.jsonl"
}

@test "shards of one workload add up to the whole" {
  local total=0 i
  for i in 0 1 2; do
    run_split produce --count 100 --shard "$i/3" --json -
    assert_success
    total=$((total + $(jq '.metrics.acked_records' <<<"$output")))
  done
  assert_equal "$total" 100
}

@test "acks=0 is never evidence of delivery" {
  run_split produce --count 10 --acks 0 --json -
  assert_failure 3
  assert_equal "$(metric acked_records)" 0
  assert_one_line_error acks=0
}

@test "an expectation that does not hold is violated and named" {
  run_split produce --count 10 --expect 'acked_records == 11'
  assert_failure 1
  assert_one_line_error 'expected acked_records == 11'
}

@test "nothing sent is no evidence" {
  run_split produce --count 0
  assert_failure 3
  assert_one_line_error vacuous
}

@test "bad usage: one line, status 2, nothing on stdout" {
  local arguments
  for arguments in '--no-such-flag' '--count x' '--count -5' '--rate fast' '--size 5x' '--size 3' \
    '--duration 5' '--acks 7' '--idempotence maybe' '-X nonsense' '-X no.such.property=1 --count 1' \
    '--header x' '--shard 3/3' '--producers 0' '--count 1 --producer-id 65536' '--expect errors' 'stray' '--off 3'; do
    # shellcheck disable=SC2086 # several words
    run_split produce $arguments
    assert_failure 2
    assert_equal "$output" ''
    assert_one_line_error ks-produce:
  done
}

@test "a number out of range is refused by its option, not cut down to what fits" {
  local option value
  while read -r option value; do
    run_split produce --count 1 "$option" "$value"
    assert_failure 2
    assert_one_line_error "${option#-}"
  done <<'END'
--partition 4294967296
--partition 4294967295
--partition 2147483648
--producers 4294967297
--timeout 1000h
--rate 0
--rate 0.0001/s
--rate 10000000000/s
END
}

@test "an unreachable broker: one line with the address, status 2" {
  run_split "$KS_BIN/ks-produce" -b 127.0.0.1:1 -t "$topic" --count 1
  assert_failure 2
  assert_one_line_error 127.0.0.1:1
}

@test "a partition that the topic does not have: one line, status 2" {
  produce --count 1
  run_split produce --count 1 -p 7
  assert_failure 2
  assert_one_line_error "${topic}[7]"
}

@test "secrets appear in no output" {
  run_split produce --count 1 -X sasl.password=hunter2secret --json -
  refute_regex "$output$stderr" hunter2secret
  assert_regex "$output" 'sasl.password=\*\*\*'
  run_split produce --count 1 -X bogus.password=hunter2secret
  refute_regex "$output$stderr" hunter2secret
}

@test "a result that cannot be written: one line, status 2" {
  run_split produce --count 1 --json /dev/full
  assert_failure 2
  assert_one_line_error /dev/full
  [[ -c /dev/full ]]
}

@test "a history that cannot be written stops the run: one line, status 2" {
  run_split produce --count 1 --history "$BATS_TEST_FILENAME/x"
  assert_failure 2
  assert_one_line_error history
}

@test "an interrupt ends it in order: what was sent is accounted for" {
  local result=$BATS_TEST_TMPDIR/result.json
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --rate 100/s --duration 1m \
    --history "$BATS_TEST_TMPDIR/h" --json "$result" &
  local pid=$!
  "$KS_BIN/ks-admin" topics list "$topic" -b "$KS_TEST_BROKERS" --wait 10s --expect 'topics == 1'
  consume -c 5 -f none
  kill -INT "$pid"
  local status=0
  wait "$pid" || status=$?
  assert_equal "$status" 130
  assert_equal "$(jq '.metrics.acked_records == .metrics.attempted_records' "$result")" true
  assert_equal "$(jq -r '.status + ": " + .reason' "$result")" 'inconclusive: interrupted by signal 2'
  run_split consume -e --verify --history "$BATS_TEST_TMPDIR/h"
  assert_success
}

@test "the wire client loses and repeats nothing while batches of several partitions wait for room" {
  "$KS_BIN/ks-admin" topics create "$topic" --partitions 6 -b "$KS_TEST_BROKERS"
  produce --client wire --count 200000 --size 1KiB --history "$BATS_TEST_TMPDIR/history"
  run_split consume -e --verify --history "$BATS_TEST_TMPDIR/history" --expect 'uuid_matched_records == 200000'
  assert_success
}

@test "--value is filled in for each record and otherwise sent as it is" {
  printf '{"id":"{{uuid}}","n":"{{seq}}","run":"{{run_id}}"}' >"$BATS_TEST_TMPDIR/value"
  produce --count 2 --value-file "$BATS_TEST_TMPDIR/value" --run-id r1 -H color=red
  run_split consume -e -J
  assert_success
  assert_equal "$(jq -rs 'map(.payload | fromjson | .n + " " + .run) | join(", ")' <<<"$output")" '0 r1, 1 r1'
  assert_equal "$(jq -rs 'map(.payload | fromjson | .id) | unique | length' <<<"$output")" 2
  assert_equal "$(jq -rs '.[0].headers[0:3] | join(" ")' <<<"$output")" 'color red ks-id'
  # Their identity is as good as any: the history's records are these.
  produce --count 50 --value 'x {{uuid}}' --history "$BATS_TEST_TMPDIR/h"
  run_split consume -e --verify --history "$BATS_TEST_TMPDIR/h" --json -
  assert_success
  assert_equal "$(jq .metrics.uuid_matched_records <<<"$output")" 50
}

@test "a value that cannot be filled in is refused" {
  run_split produce --count 1 --value '{{uid}}'
  assert_refused "unknown placeholder '{{uid}}'"
  run_split produce --count 1 --value x --size 100
  assert_refused 'a value is given, too: --size'
  run_split produce --value x
  assert_refused 'standard input has the values'
  run_split produce --count 1 --value-file /nonexistent
  assert_refused /nonexistent
}
