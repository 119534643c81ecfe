#!/usr/bin/env bats
# needs: broker
# ks-run: scenario files on a real broker, their checks, suites, and how they fail.

load run_helper

setup() {
  require_broker
  setup_run
}

@test "the example of the format runs as it stands, and its summary begins as KAF6's does" {
  scenario smoke.yaml <<'YAML'
profile: local-service
brokers: [localhost:39092]
topics:
  - {name: smoke, partitions: 1}
scenarios:
  producer: {type: produce, clients: 5, messages: 1000, rate: 500/s, value: {json: {uuid: "{{uuid}}", ts: "{{now}}"}}}
  consumer: {type: consume, clients: 1, topic: smoke, partition: 0, offset: earliest, limit: 1000}
checks:
  - {name: delivered_all, type: count_equals, expected: 1000}
YAML
  run_file
  assert_success
  assert_line "pass${tab}smoke${tab}delivered_all${tab}1000 (== 1000)"
  assert_equal "$(summary 'keys_unsorted[:7] | join(" ")')" \
    'run_id profile brokers scenarios checks status duration_ms'
  assert_equal "$(summary '.scenarios | "\(.producer.sent) \(.producer.errors) \(.consumer.received)"')" '1000 0 1000'
  assert_equal "$(summary '.scenarios.producer.p95_ms > 0')" true
  assert_equal "$(summary '.checks.delivered_all + " " + .status + " " + .profile')" 'pass pass local-service'
  # 1000 over five clients, each a process with a connection of its own.
  assert_equal "$(jq -s 'map(.metrics.acked_records) | add / length' "$KS_REPORTS"/latest/results/*.producer_?.json)" 200
  [[ -s $KS_REPORTS/latest/report.html && -s $KS_REPORTS/latest/junit.xml ]]
  assert_valid scenario-summary-v1.json "$KS_REPORTS/latest/summary.json"
  assert_valid run-v1.json "$KS_REPORTS/latest/run.json"
  assert_valid result-v1.json "$KS_REPORTS"/latest/results/*.json
  # What it made it has removed.
  assert_equal "$("$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list smoke | wc -l)" 1
}

@test "a check that does not hold is status 1, and named" {
  scenario wrong.yaml <<'YAML'
topics: [{name: "wrong-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 5}
  c: {type: consume, limit: 5}
checks:
  - {name: all of them, type: count_equals, expected: 6}
YAML
  run_file
  assert_failure 1
  assert_one_line_error 'all of them: expected == 6, observed 5'
  assert_equal "$(summary '.checks["all of them"] + " " + .status')" 'fail fail'
}

@test "the wire client runs them, too" {
  scenario wire.yaml <<'YAML'
topics: [{name: "wire-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 5, value: {text: "{{uuid}} {{seq}}"}}
  c: {type: consume, limit: 5}
checks:
  - {type: uuid_match}
  - {type: count_equals, expected: 5}
YAML
  run_file --client wire
  assert_success
  assert_equal "$(summary '.check_results[0].client')" wire
}

@test "a suite in KAF6's own format with profiles.json" {
  scenario profiles.json <<JSON
{"default_profile": "here", "profiles": {
  "here": {"name": "Here", "description": "the test's", "brokers": ["$KS_TEST_BROKERS"], "metrics_url": ""},
  "local-service": {"name": "Local", "brokers": ["$KS_TEST_BROKERS"]}}}
JSON
  scenario diagnose.json <<'JSON'
{"name": "diagnose", "description": "one is sent",
 "topics": [{"name": "diagnose-{{run_id}}", "partitions": 1, "recreate": true}],
 "scenarios": {"producer": {"type": "produce", "clients": 1, "messages": 1, "rate_per_s": 0,
   "topic": "diagnose-{{run_id}}", "value": {"json": {"uuid": "{{uuid}}", "ts": "{{now}}"}}}},
 "checks": [{"name": "produced_one", "type": "count_equals", "metric": "produced", "expected": 1}]}
JSON
  scenario group.json <<'JSON'
{"name": "group", "description": "a group reads", "profile": "local-service",
 "topics": [{"name": "group-{{run_id}}", "partitions": 1, "recreate": true}],
 "scenarios": {
   "producer": {"type": "produce", "clients": 5, "messages": 100, "rate_per_s": 0, "topic": "group-{{run_id}}",
     "value": {"json": {"uuid": "{{uuid}}", "ts": "{{now}}"}}},
   "consumer": {"type": "consume", "clients": 1, "group": {"id": "group-{{run_id}}"},
     "topic": "group-{{run_id}}", "offset": "earliest", "limit": 100, "timeout": "30s"}},
 "checks": [{"name": "delivered_all", "type": "count_equals", "expected": 100}]}
JSON
  echo '# not a scenario' >"$folder/status.md"
  ks_run suite "$folder"
  assert_success
  assert_equal "$(summary '[.check_results[] | .check + " " + .profile + " " + .status] | join(", ")')" \
    'diagnose here pass, group local-service pass'
  assert_equal "$(summary '.scenarios["group.consumer"].received')" 100
  assert_equal "$(summary '.checks["diagnose.produced_one"]')" pass
  # Each file that it rests on has its sum, in the run and for sha256sum.
  assert_equal "$(jq -r '.scenarios[0].sha256' "$KS_REPORTS/latest/run.json")" \
    "$(sha256sum "$folder/diagnose.json" | cut -d ' ' -f 1)"
  sha256sum --check --quiet "$KS_REPORTS/latest/suite.sha256"
  assert_valid scenario-summary-v1.json "$KS_REPORTS/latest/summary.json"
  assert_valid run-v1.json "$KS_REPORTS/latest/run.json"
}

@test "the worst of a suite is its verdict" {
  scenario a.yaml <<'YAML'
topics: [{name: "a-{{run_id}}"}]
scenarios: {p: {type: produce, messages: 1}}
checks: [{type: count_equals, metric: produced, expected: 2}]
YAML
  scenario b.yaml <<'YAML'
topics: [{name: "b-{{run_id}}"}]
scenarios: {p: {type: produce, messages: 1}}
YAML
  ks_run suite "$folder" -b "$KS_TEST_BROKERS"
  assert_failure 1
  assert_equal "$(summary '[.check_results[] | .check + " " + .status] | join(", ")')" 'a fail, b pass'
}

@test "where nothing listens it could not run: status 2 at once" {
  scenario s.yaml <<'YAML'
topics: [{name: t}]
scenarios:
  p: {type: produce, messages: 5}
  c: {type: consume, limit: 5}
checks: [{type: count_equals, expected: 5}]
YAML
  local start=$SECONDS
  ks_run run "$file" -b 127.0.0.1:1
  assert_failure 2
  assert_one_line_error 'no listener at any of the addresses given'
  ((SECONDS - start < 10))
  # Neither is a reader waited for that nobody sends to.
  scenario s.yaml <<'YAML'
scenarios:
  c: {type: consume, topic: no-such-topic, limit: 5, timeout: 50s}
  d: {type: consume, topic: __consumer_offsets, offset: latest, limit: 5, timeout: 50s}
YAML
  run_file
  assert_failure 2
  ((SECONDS - start < 20))
}

@test "the file's profile, what wins over it, and what an address is for" {
  scenario s.yaml <<YAML
profile: kafka-local
brokers: ["$KS_TEST_BROKERS"]
topics: [{name: "s-{{run_id}}"}]
scenarios: {p: {type: produce, messages: 1}}
YAML
  ks_run run "$file"
  assert_success
  assert_equal "$(summary .profile)" kafka-local
  # Addresses are the file's profile's: they do not go with another.
  K6_PROFILE=local-service ks_run run "$file" -b 127.0.0.1:1
  assert_failure 2
  printf 'target: kafka\nbrokers: [127.0.0.1:1]\n' >"$folder/mine.profile"
  K6_PROFILE=$folder/mine.profile ks_run run "$file"
  assert_failure 2
  KS_BROKERS=$KS_TEST_BROKERS K6_PROFILE=$folder/mine.profile ks_run run "$file"
  assert_success
  assert_equal "$(summary .profile)" mine
}

@test "a topic that is there is used, made anew, or refused, as the file says" {
  local topic
  topic=$(unique run)
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics create "$topic"
  produce() { "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" "$@"; }
  produce --count 3
  scenario s.yaml <<YAML
topics: [{name: $topic}]
scenarios:
  p: {type: produce, messages: 2}
  c: {type: consume, limit: 5, after: p}
checks: [{name: all, type: count_equals, expected: 5}]
YAML
  run_file
  assert_success
  # Those of others are no records of this run.
  sed -i 's/name: all, type: count_equals, expected: 5/type: uuid_match/' "$file"
  run_file
  assert_failure 1
  sed -i "s/name: $topic/name: $topic, recreate: true, keep: true/; s/limit: 5/limit: 2/" "$file"
  run_file
  assert_success
  run "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -e --json - -f none
  assert_equal "$(jq .metrics.read_records <<<"$output")" 2
  sed -i "s/, recreate: true, keep: true/, partitions: 3/" "$file"
  run_file
  assert_failure 1
  assert_one_line_error 'expected partitions >= 3, observed 1'
  delete_topic
}

# By time a KafScale would answer with the end, and records of a minute ago are none of this run.
@test "what was there before is not read back, nor what others sent: each partition from where it ended" {
  local topic
  topic=$(unique run)
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics create "$topic" --partitions 3
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" -p 0 --count 4
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" -p 2 --count 2
  scenario s.yaml <<YAML
topics: [{name: $topic, partitions: 3}]
scenarios:
  p: {type: produce, messages: 5, partition: 0}
  q: {type: produce, messages: 1, partition: 1}
checks: [{type: no_loss}, {type: no_duplicates}]
YAML
  run_file
  assert_success
  assert_equal "$(jq .metrics.read_records "$KS_REPORTS/latest/results/s.librdkafka.read_back.json")" 6
  # One that is not listed, made by the first record: it was not there, and is read from its beginning.
  sed -i "/^topics/d; s/q: {type: produce, .*/q: {type: produce, topic: $topic-new, messages: 3}/
    s/p: {type: produce, /&topic: $topic, /" "$file"
  run_file
  assert_success
  assert_equal "$(jq -s 'map(.metrics.read_records) | join(" ")' \
    "$KS_REPORTS"/latest/results/s.librdkafka.read_back_?.json)" '"5 3"'
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics delete "$topic-new"
  delete_topic
}

@test "several readers take of one limit: members of a group, and readers of a part each" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}", partitions: 4}]
scenarios:
  p: {type: produce, messages: 1000}
  members: {type: consume, clients: 2, group: "g-{{run_id}}", limit: 700, after: p}
  parts: {type: consume, clients: 2, limit: 600, after: p}
  same: {type: consume, clients: 3, partition: 1, limit: 100, after: p}
checks:
  - {name: members, type: count_equals, expected: 700, scenario: members}
  - {name: parts, type: count_equals, expected: 600, scenario: parts}
  - {name: same, type: count_equals, expected: 100, scenario: same}
YAML
  run_file
  assert_success
}

@test "Ctrl-C ends everything: status 130, no pass, no process, no topic" {
  scenario long.yaml <<'YAML'
topics: [{name: "long-{{run_id}}"}]
scenarios:
  p: {type: produce, duration: 60s, rate: 20/s}
  c: {type: consume, group: "g-{{run_id}}", limit: 1200}
checks: [{type: no_loss}]
YAML
  local id=ctrl-c-$$-$RANDOM status=0
  env --default-signal=INT "$KS_BIN/ks-run" run "$file" -b "$KS_TEST_BROKERS" --run-id "$id" \
    &>"$BATS_TEST_TMPDIR/out" 3>&- &
  local pid=$!
  within 10 test -s "$KS_REPORTS/$id/logs/long.librdkafka.create_1.log"
  within 10 test -e "$KS_REPORTS/$id/logs/long.librdkafka.c.log"
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$status" 130
  assert_equal "$(jq -r .verdict "$KS_REPORTS/$id/summary.json")" inconclusive
  [[ ! -e $KS_REPORTS/latest && ! -e $KS_REPORTS/$id/work-long ]]
  run pgrep -f "$id"
  assert_output ''
  run "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list
  refute_output --partial "$id"
}

@test "a step that is killed is an error, never a pass" {
  local bin=$BATS_TEST_TMPDIR/bin
  mkdir "$bin"
  cp "$KS_BIN/ks-run" "$bin"
  ln -s "$KS_BIN"/ks-[!r]* "$KS_BIN"/ks-re* "$bin"
  rm "$bin/ks-consume"
  # shellcheck disable=SC2016 # for the other shell
  printf '#!/bin/sh\nkill -KILL $$\n' >"$bin/ks-consume"
  chmod +x "$bin/ks-consume"
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 5}
  c: {type: consume, limit: 5}
checks: [{type: count_equals, expected: 5}]
YAML
  KS_HOME=$project_root run_split "$bin/ks-run" run "$file" -b "$KS_TEST_BROKERS"
  assert_failure 2
  assert_one_line_error 'ks-consume ended with status 137 and no result'
}

@test "a step that is not done within its bound is ended, and inconclusive" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios:
  p: {type: produce, messages: 100000000, timeout: 1s}
YAML
  run_file
  assert_failure 3
  assert_one_line_error 'not done within its bound, 1.0 s'
}

# A broker that is ended by a command, which does nothing.
pretending_profile() {
  printf 'target: kafka\nbrokers: [%s]\ndriver: {kind: commands, commands: {kill: "true"}}\n' \
    "$KS_TEST_BROKERS" >"$folder/pretending.profile"
}

@test "a fault that is not seen is inconclusive" {
  pretending_profile
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios: {p: {type: produce, duration: 3s, rate: 50/s}}
faults: [{at: 1s, verb: kill, timeout: 1s}]
checks: [{type: no_loss}]
YAML
  ks_run run "$file" --profile "$folder/pretending.profile"
  assert_failure 3
  assert_one_line_error 'fault_1: '
  assert_check no_loss pass
}

@test "a fault whose time comes after the traffic shows nothing: inconclusive" {
  pretending_profile
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios: {p: {type: produce, messages: 10}}
faults: [{at: 30s, verb: kill}]
YAML
  ks_run run "$file" --profile "$folder/pretending.profile"
  assert_failure 3
  assert_one_line_error 'the traffic had ended before its time, 30.0 s'
}

@test "where faults cannot be, nothing that was seen counts: status 2" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios: {p: {type: produce, duration: 20s, rate: 50/s}}
faults: [{at: 500ms, verb: kill}]
checks:
  - {type: no_loss}
  - {type: count_equals, metric: produced, expected: 1}
YAML
  local start=$SECONDS
  run_file --profile kafka-local
  assert_failure 2
  assert_one_line_error 'fault_1: no driver to kill brokers with'
  assert_check no_loss error
  assert_check count_equals error
  ((SECONDS - start < 10))
}

# on_terminal COMMAND…: its output as a terminal shows it.
on_terminal() {
  run python3 -c 'import os, pty, sys
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], stdin_read=lambda fd: b"")))' "$@"
}

@test "a terminal shows what goes on for more than two seconds; nothing else does" {
  scenario s.yaml <<'YAML'
topics: [{name: "s-{{run_id}}"}]
scenarios: {p: {type: produce, duration: 2400ms, rate: 50/s}}
YAML
  TERM=xterm on_terminal "$KS_BIN/ks-run" run "$file" -b "$KS_TEST_BROKERS"
  assert_success
  assert_output --regexp 's  2 s of at most [0-9]+ s  p 1[0-9]{2} \([0-9]+/s\)'
  TERM=dumb on_terminal "$KS_BIN/ks-run" run "$file" -b "$KS_TEST_BROKERS"
  refute_output --partial 'of at most'
  local topic
  topic=$(unique run)
  TERM=xterm on_terminal "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" --duration 2400ms --rate 50/s
  assert_output --regexp ' of at most 2 s  1[0-9]{2} acknowledged'
  TERM=xterm on_terminal "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" -f none --timeout 2400ms -q
  assert_output ''
  delete_topic
}
