#!/usr/bin/env bats
# alone: brokers of its own, which it kills
# Scenarios with faults, on three brokers behind a Toxiproxy; whatever ends them, the brokers run again and
# the paths are whole. And the Kafka that ks-run starts and ends itself.

load cluster_helper
load run_helper

setup_file() { cluster_up; }
teardown_file() { cluster_down; }

setup() {
  cluster_setup
  folder=$BATS_TEST_TMPDIR/files
  mkdir "$folder"
  unset KS_RUN_ID
}

teardown() { cluster_teardown; }

@test "a broker is killed under traffic: nothing is lost, and its recovery is measured" {
  scenario kill.yaml <<'YAML'
topics: [{name: "kill-{{run_id}}", partitions: 3}]
scenarios:
  p: {type: produce, duration: 7s, rate: 100/s, most_lag: 1s}
  c: {type: consume, duration: 7s}
faults:
  - {at: 1s, verb: kill, random: 1}
  - {at: 2s, verb: start}
checks:
  - {type: error_rate, max: 0}
  - {type: no_loss}
  - {type: anomalies, allow: [duplicate=explained]}
  - {type: recovery, max: 10s}
  - {name: at once, type: recovery, max: 1ms}
YAML
  ks_run run "$file"
  assert_failure 1
  assert_one_line_error 'at once: expected <= 1 ms, observed'
  assert_equal "$(summary '.checks | to_entries | map(select(.value == "pass").key) | join(" ")')" \
    'error_rate no_loss anomalies recovery'
  assert_equal "$(jq '.data.faults | map(select(.confirmed_at != null)) | length' "$KS_REPORTS"/latest/results/kill.*.verify.json)" 1
}

@test "what a leader alone acknowledged is lost with it, and that is what the report says first" {
  scenario lost.yaml <<'YAML'
topics: [{name: "lost-{{run_id}}", partitions: 6}]
scenarios:
  p: {type: produce, duration: 9s, rate: 300/s, most_lag: 1s, acks: 1}
faults:
  # Of one fault the nodes have their turns, a second each until one is seen to be paused: these have to be so together.
  - {at: 1s, verb: pause, nodes: [broker-2]}
  - {at: 1s, verb: pause, nodes: [broker-3]}
  - {at: 4s, verb: kill, nodes: [broker-1]}
  - {at: 5s, verb: continue, nodes: [broker-2, broker-3]}
  - {at: 7s, verb: start, nodes: [broker-1]}
checks:
  - {type: no_loss}
YAML
  ks_run run "$file"
  assert_failure 1
  assert_check no_loss fail
}

@test "what a paused leader held librdkafka sends again, behind what the next one took: no fault of theirs" {
  scenario behind.yaml <<'YAML'
topics: [{name: "behind-{{run_id}}", partitions: 3}]
scenarios:
  p:
    type: produce
    clients: 4 # one request of each waits for a broker that has not begun with it, hardly all for one that has
    duration: 11s
    rate: 60/s
    idempotence: off
    # So they learn of the next leader while the first one still holds a request.
    properties: {topic.metadata.refresh.interval.ms: 500}
faults:
  - {at: 1s, verb: pause, nodes: [broker-1]}
  - {at: 7s, verb: continue, nodes: [broker-1]}
checks:
  - {type: no_loss}
  - {type: order}
  - {name: while it led, type: order, explained: true}
  - {type: anomalies, allow: [duplicate=explained, producer-order=explained]}
YAML
  ks_run run "$file"
  assert_failure 1
  assert_check order fail
  assert_equal "$(summary '.checks | to_entries | map(select(.value == "pass").key) | join(" ")')" \
    'no_loss while it led anomalies'
}

@test "a fault that finds the brokers as it wants them shows nothing: inconclusive" {
  scenario idle.yaml <<'YAML'
topics: [{name: "idle-{{run_id}}"}]
scenarios:
  p: {type: produce, duration: 2s, rate: 50/s, most_lag: 1s}
faults:
  - {at: 500ms, verb: scale, count: 3}
YAML
  ks_run run "$file"
  assert_failure 3
  assert_one_line_error 'fault_1: it changed nothing: the brokers were so before'
}

@test "brokers are added to those that run, and as many are left as there were" {
  "$real/ks-restart" stop broker-3
  scenario grow.yaml <<'YAML'
topics: [{name: "grow-{{run_id}}"}]
scenarios:
  p: {type: produce, duration: 6s, rate: 50/s, most_lag: 1s}
faults:
  - {at: 500ms, verb: scale, count: 3}
checks:
  - {type: error_rate, max: 0}
  - {type: no_loss}
YAML
  ks_run run "$file"
  assert_success
  run "$real/ks-restart" status
  assert_output --regexp 'broker-3 - stopped'
  "$real/ks-restart" start
}

# Clients come straight, or through the proxies.
cluster_setup_brokers() { # [.PROXIED]
  KS_BROKERS=$(paste -d , "$cluster"/broker-*/address"${1:-}")
  export KS_BROKERS
}

@test "a path to the clients becomes slow, and the latency shows it" {
  cluster_setup_brokers .PROXIED
  scenario slow.yaml <<'YAML'
topics: [{name: "slow-{{run_id}}", partitions: 3}]
scenarios:
  p: {type: produce, duration: 4s, rate: 50/s, most_lag: 1s}
faults:
  - {at: 1s, verb: latency, path: clients, latency: 300ms, direction: both, for: 1s}
checks:
  - {type: no_loss}
  - {name: fast, type: latency, percentile: max, max: 250ms}
YAML
  ks_run run "$file"
  assert_failure 1
  assert_check no_loss pass
  assert_check fast fail
  run "$real/ks-fault" list clients
  assert_equal "$(awk -F '\t' '$4 != "enabled"' <<<"$output")" ''
}

@test "Ctrl-C amid faults: brokers run, paths are whole" {
  cluster_setup_brokers .PROXIED
  scenario amid.yaml <<'YAML'
topics: [{name: "amid-{{run_id}}", partitions: 3}]
scenarios:
  p: {type: produce, duration: 60s, rate: 50/s}
faults:
  - {at: 1s, verb: latency, path: clients, latency: 100ms, for: 50s}
YAML
  interrupted_amid amid
  run "$real/ks-fault" list clients
  assert_equal "$(awk -F '\t' '$4 != "enabled"' <<<"$output")" ''
  cluster_setup_brokers
  sed -i 's/verb: latency.*/verb: pause, nodes: [broker-2]}/' "$file"
  interrupted_amid amid
  "$real/ks-restart" status --expect 'nodes_answering == 3'
}

# Ctrl-C once the first fault has been confirmed, or at least begun.
interrupted_amid() { # CHECK
  local id=amid-$$-$RANDOM pid status=0
  env --default-signal=INT "$real/ks-run" run "$file" --run-id "$id" &>"$BATS_TEST_TMPDIR/out" 3>&- &
  pid=$!
  within 20 test -e "$KS_REPORTS/$id/logs/$1.librdkafka.fault_1.log"
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$status" 130
  run pgrep -f "$id"
  assert_output ''
}

no_process() { # PATTERN
  ! pgrep -f "$1" >/dev/null
}

@test "--profile embedded: a Kafka of its own, which goes with it, also after Ctrl-C" {
  local bare=(env -u KS_BROKERS -u KS_DRIVER_DIR -u KS_TOXIPROXY -u K6_PROFILE -u KS_REPLICATION)
  scenario own.yaml <<'YAML'
profile: local-service
brokers: [localhost:39092]
topics: [{name: own}]
scenarios:
  p: {type: produce, messages: 10}
  c: {type: consume, limit: 10}
checks: [{type: count_equals, expected: 10}]
YAML
  run_split "${bare[@]}" "$real/ks-run" run "$file" --profile embedded
  assert_success
  assert_equal "$(summary '.profile + " " + .target')" 'embedded kafka'
  local pid status=0
  "${bare[@]}" --default-signal=INT "$real/ks-run" run "$file" --profile embedded &>"$BATS_TEST_TMPDIR/out" 3>&- &
  pid=$!
  within 20 test -s "$project_root/build/embedded/run-$pid/broker-1/pid"
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$status" 130
  # The node's watcher looks after its broker once a second.
  within 10 no_process "embedded/run-$pid/"
  [[ ! -e $project_root/build/embedded/run-$pid ]]
}
