#!/usr/bin/env bats
# ks-restart with the kubectl driver, against a stand-in for kubectl.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load restart_engine_helper

make_pods() { # COUNT
  local number
  echo "$1" >"$KS_ENGINE/replicas"
  for ((number = 0; number < $1; number++)); do
    mkdir "$KS_ENGINE/broker-$number"
    echo running >"$KS_ENGINE/broker-$number/state"
    cat /proc/sys/kernel/random/uuid >"$KS_ENGINE/broker-$number/container"
    echo 2026-01-01T00:00:00Z >"$KS_ENGINE/broker-$number/since"
  done
  cat >"$profile" <<PROFILE
target: kafka
brokers: [127.0.0.1:1]
driver: {kind: kubectl, namespace: demo, context: kind, workload: statefulset/broker}
PROFILE
}

kubectl_call() { # ARGUMENT...
  echo "kubectl --context kind -n demo $*"
}

@test "kill and restart delete pods, and see others in their place" {
  make_pods 3
  local before
  before=$(<"$KS_ENGINE/broker-1/container")
  restart kill broker-1 --history "$BATS_TEST_TMPDIR/history"
  assert_success
  [[ $stderr == *"broker-1 killed: pod $before ended"* ]]
  assert_called "$(kubectl_call delete pod broker-1 --wait=false --grace-period=0 --force --dry-run=server)" \
    "$(kubectl_call delete pod broker-1 --wait=false --grace-period=0 --force)"
  run_split "$KS_BIN/ks-verify" dump "$BATS_TEST_TMPDIR/history"
  assert_equal "$(jq -rs 'sort_by(.time_ns) | .[] | select(.fault == "broker-1 down") | .event' <<<"$output" | xargs)" \
    'fault-begin fault-confirmed fault-healed'
  restart restart broker-1
  assert_success
  assert_called_last "$(kubectl_call delete pod broker-1 --wait=false)"
  restart replace broker-0
  assert_success
  restart wait-ready --expect 'nodes == 3'
  assert_success
  restart status
  assert_success
  assert_line "broker-2 $(<"$KS_ENGINE/broker-2/container") answers"
}

@test "rolling is a rollout of all pods" {
  make_pods 2
  restart rolling --expect 'nodes == 2'
  assert_success
  assert_called_last "$(kubectl_call rollout restart statefulset/broker)" 'rollout status'
  restart rolling broker-0
  assert_refused 'Kubernetes does that to all pods or none'
}

@test "stop scales to none, and start back to what there was" {
  make_pods 2
  restart stop
  assert_success
  assert_called_last "$(kubectl_call annotate statefulset/broker ks-restart/replicas=2 --overwrite)" \
    "$(kubectl_call scale statefulset/broker --replicas=0)"
  restart start --expect 'nodes == 2'
  assert_success
  assert_called_last "$(kubectl_call scale statefulset/broker --replicas=2)"
  restart start
  assert_success
  [[ $stderr == *'was running before'* ]]
  restart stop broker-0
  assert_refused 'Kubernetes does that to all pods or none'
}

@test "scale changes the number of ready pods" {
  make_pods 2
  restart scale 3 --expect 'brokers == 3'
  assert_success
  assert_called_last "$(kubectl_call scale statefulset/broker --replicas=3)"
}

@test "an order without an effect is inconclusive" {
  make_pods 2
  touch "$KS_ENGINE/inert"
  local verb
  for verb in kill restart replace rolling stop 'scale 1'; do
    # shellcheck disable=SC2086 # words
    restart $verb --timeout 2s -q
    assert_failure 3
  done
  restart kill broker-0 --timeout 2s --history "$BATS_TEST_TMPDIR/history"
  run_split "$KS_BIN/ks-verify" dump "$BATS_TEST_TMPDIR/history"
  assert_equal "$(jq -r .event <<<"$output")" fault-begin
}

@test "what is refused is refused before anything is touched" {
  make_pods 2
  restart pause
  assert_refused 'the kubectl driver has no pause'
  restart continue
  assert_refused 'the kubectl driver has no continue'
  echo 'Error from server (Forbidden): pods "broker-0" is forbidden' >"$KS_ENGINE/refuses"
  local verb
  for verb in kill restart replace rolling stop 'scale 1'; do
    # shellcheck disable=SC2086 # words
    restart $verb
    assert_refused 'Forbidden'
  done
  assert_called
  rm "$KS_ENGINE/refuses"
  touch "$KS_ENGINE/volumes"
  restart replace
  assert_refused 'its pods have volumes that outlive them'
  echo 0 >"$KS_ENGINE/replicas"
  restart start
  assert_refused 'there is no node'
  sed -i s/statefulset/deployment/ "$profile"
  restart kill
  assert_refused 'the pods of others have no lasting names'
  rm "$BATS_TEST_TMPDIR/path/kubectl"
  sed -i s/deployment/statefulset/ "$profile"
  restart kill
  assert_refused 'there is no kubectl here'
}
