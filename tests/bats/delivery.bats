#!/usr/bin/env bats
# What the validation of delivery adds: the check on demand, the judge of change data capture, the report.
load helper
load check_helper

setup() {
  export KS_HOME=$project_root KS_REPORTS=$BATS_TEST_TMPDIR/reports KS_RUN_ID=t1 K6_PROFILE=kafka-local
  cd "$BATS_TEST_TMPDIR" || exit
}

event() { # OP ID VALUE LSN MILLISECOND
  local row="{\\\"id\\\":$2,\\\"value\\\":$3}"
  printf '{"topic":"x.public.videos","partition":0,"offset":%s,"ts":%s,"headers":[],"key":null,"payload":"%s"}\n' \
    "$5" "$5" "{\\\"before\\\":null,\\\"after\\\":$row,\\\"source\\\":{\\\"table\\\":\\\"videos\\\",\\\"lsn\\\":$4},\\\"op\\\":\\\"$1\\\",\\\"ts_ms\\\":$5}"
}

committed() { # ID VALUE MILLISECOND
  echo "{\"event\":\"committed\",\"time_ms\":$3,\"lsn\":$3,\"changes\":[{\"table\":\"videos\",\"id\":$1,\"op\":\"c\",\"value\":$2}]}"
}

# Three rows; the worker is killed after the first and started again after the second.
make_history() {
  {
    echo '{"event":"start","time_ms":1}'
    committed 1 1 10
    echo '{"event":"kill","time_ms":20}'
    echo '{"event":"gone","time_ms":21}'
    committed 2 2 30
    echo '{"event":"start","time_ms":40}'
    committed 3 3 50
  } >diary.jsonl
  { event c 1 1 10 11 && event c 2 2 30 45 && event c 3 3 50 51; } >events.jsonl
  echo '{"topic":"o","partition":0,"offset":0,"ts":15,"key":null,"payload":"{\"lsn\":10}"}' >offsets.jsonl
}

judge() {
  run_split "$KS_BIN/ks-verify" cdc diary.jsonl events.jsonl --offsets offsets.jsonl --json result.json "$@"
}

@test "Debezium's check is skipped by name where nobody asked for it, and touches nothing" {
  unset WITH_DEBEZIUM
  run "$project_root/gates/checks/debezium_recovery.sh"
  assert_equal "$status" 3
  assert_reason skipped '^give WITH_DEBEZIUM=1: it installs PostgreSQL and Debezium$'
  [[ ! -e $project_root/build/debezium/t1 ]]
}

@test "why a worker of Kafka Connect ends is its last error, and what caused that" {
  cat >connect.log <<'E'
[2026-01-02 03:04:05,001] ERROR Failed to discover Converter (org.apache.kafka.connect.runtime.isolation.PluginScanner)
[2026-01-02 03:04:05,002] ERROR [Worker clientId=connect-127.0.0.1:1, groupId=g] Uncaught exception in herder work thread, exiting:  (org.apache.kafka.connect.runtime.distributed.DistributedHerder)
org.apache.kafka.connect.errors.ConnectException: outer
	at org.apache.kafka.common.protocol.types.Schema.read(Schema.java:118) ~[kafka-clients-4.1.1.jar:?]
Caused by: org.apache.kafka.common.protocol.types.SchemaException: Error reading field 'config-offset'
	... 12 more
[2026-01-02 03:04:06,003] INFO Herder stopping (org.apache.kafka.connect.runtime.distributed.DistributedHerder:1)
E
  # shellcheck source=/dev/null
  source "$project_root/gates/lib/debezium/connect.sh"
  assert_equal "$(connect_last_word .)" "ERROR Uncaught exception in herder work thread, exiting: \
org.apache.kafka.common.protocol.types.SchemaException: Error reading field 'config-offset'"
  sed -i '/Uncaught/,/more/d' connect.log
  assert_equal "$(connect_last_word .)" 'INFO Herder stopping'
}

@test "whatever a gate's environment says, only what was demanded is required" {
  "$KS_BIN/ks-report" begin run --stage delivery --demand debezium_recovery
  assert_equal "$(jq -c .demanded run/run.json)" '["debezium_recovery"]'
  "$KS_BIN/ks-report" begin other --stage delivery
  assert_equal "$(jq -c .demanded other/run.json)" null
}

@test "committed changes that all arrived pass, with the outage's figures" {
  make_history
  judge --expect 'kills == 1' --expect 'changes_while_down == 1' --expect 'catch_up_ms_max == 5'
  assert_equal "$status" 0
}

@test "a committed row that did not arrive is named with its table and id" {
  make_history
  sed -i 2d events.jsonl
  judge
  assert_equal "$status" 1
  assert_equal "$(jq -r .reason result.json)" \
    'cdc-gap: 1, first insert of videos 2 (value 2) never arrived, though later changes of its table did'
}

@test "a row that was never committed is a phantom" {
  make_history
  event c 9 9 50 52 >>events.jsonl
  judge
  assert_equal "$status" 1
  assert_regex "$(jq -r .reason result.json)" '^cdc-phantom: 1, first op c of videos 9 '
}

@test "a kill that nobody saw is no evidence" {
  make_history
  sed -i /gone/d diary.jsonl
  judge
  assert_equal "$status" 3
  assert_equal "$(jq -r .reason result.json)" 'kill 1: the worker was not seen to be gone'
}

@test "ks-verify cdc names what is missing or malformed" {
  make_history
  run_split "$KS_BIN/ks-verify" cdc diary.jsonl events.jsonl
  assert_equal "$status" 2
  assert_one_line_error 'give DIARY EVENTS... --offsets FILE'
  echo '{"event":"lunch","time_ms":1}' >>diary.jsonl
  judge
  assert_equal "$status" 2
  assert_one_line_error 'not a line of a diary: diary.jsonl:8'
}

@test "the report is of the newest run of delivery that ended, whatever else lies there" {
  unset KS_RUN_ID # each is named as its folder
  local run
  for run in old new; do "$KS_BIN/ks-report" begin "reports/$run" --stage delivery; done
  "$KS_BIN/ks-report" begin reports/release --stage release
  "$KS_BIN/ks-report" end reports/old
  run "$KS_BIN/ks-report" delivery reports -o out.md
  assert_success
  assert_equal "$(grep '^| Run |' out.md)" '| Run | `old` |'
  grep -q '^\*\*0 of 5 guarantees shown' out.md
}

@test "a run of delivery at full time does not give way to a newer one of shortened times" {
  unset KS_RUN_ID
  "$KS_BIN/ks-report" begin reports/full --stage delivery --full-time
  "$KS_BIN/ks-report" begin reports/short --stage delivery
  for run in full short; do "$KS_BIN/ks-report" end "reports/$run"; done
  "$KS_BIN/ks-report" delivery reports -o out.md
  assert_equal "$(grep '^| Run |' out.md)" '| Run | `full` |'
}

@test "without a run of delivery there is no report" {
  "$KS_BIN/ks-report" begin reports/release --stage release
  run_split "$KS_BIN/ks-report" delivery reports -o out.md
  assert_equal "$status" 2
  assert_one_line_error 'no run of delivery that ended: reports; run make delivery'
  [[ ! -e out.md ]]
}

@test "a commit at intervals is a group's" {
  run_split "$KS_BIN/ks-consume" -b 127.0.0.1:1 -t orders --commit-every 1s
  assert_equal "$status" 2
  assert_one_line_error 'nobody commits: --commit-every'
}
