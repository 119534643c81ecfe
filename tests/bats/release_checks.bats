#!/usr/bin/env bats
# needs: broker
# alone: brokers of its own, which it kills
# The release gate's checks must be able to fail, each for its own reason; the release gate itself passes
# when nobody breaks them.

load cluster_helper

setup_file() {
  cluster_up
  KS_KAFKA_QUORUM=1 kafka_lay_out "$BATS_FILE_TMPDIR/scale-out" 3 3>&-
}

teardown_file() {
  embedded_down "$BATS_FILE_TMPDIR/scale-out"
  cluster_down
}

setup() {
  cluster_setup
  # Long enough for each kind of fault once.
  export K6_PROFILE=$BATS_TEST_TMPDIR/short.yaml
  { cat "$project_root/profiles/embedded.yaml" && echo 'durations: {chaos_s: 6}'; } >"$K6_PROFILE"
}

teardown() {
  cluster_teardown
}

on_scale_out_cluster() {
  export KS_SCALE_OUT_DIR=$BATS_FILE_TMPDIR/scale-out
}

@test "connection_storm: a broker that does not take them all" {
  local id
  for id in 1 2 3; do "$real/ks-admin" configs alter broker "$id" max.connections.per.ip=100; done
  KS_CONNECTIONS=1000 check connection_storm
  for id in 1 2 3; do "$real/ks-admin" configs alter broker "$id" max.connections.per.ip=2147483647; done
  assert_failure 1
  assert_reason storm 'connections failed'
}

@test "connection_storm: passes whichever broker leads its topic" {
  for storm in 1 2 3 4; do
    KS_CONNECTIONS=1000 KS_RUN_ID=t$BATS_TEST_NUMBER-$storm check connection_storm
    assert_success
  done
}

@test "connection_storm: no room for a thousand is no pass" {
  run bash -c "ulimit -n 900 && '$project_root/gates/checks/connection_storm.sh'"
  assert_failure 3
  assert_reason skipped 'raise ulimit -Hn \(900\)'
}

@test "scale_out: brokers that are not added" {
  on_scale_out_cluster
  sabotage restart <<'END'
[[ $KS_STEP != three ]] || exec "$real/ks-restart" "${@/60s/1s}" --command scale=true
exec "$real/ks-restart" "$@"
END
  check scale_out
  assert_failure 3
  assert_reason three '1 running, 1 ready instead of 3'
}

@test "scale_out: a client that lost its connection" {
  on_scale_out_cluster
  sabotage restart <<'END'
"$real/ks-restart" "$@" || exit
[[ $KS_STEP != three ]] || KS_STEP= "$real/ks-restart" restart broker-1
END
  check scale_out
  assert_failure 1
  assert_reason consume 'disconnects == 0'
}

@test "scale_out: new brokers that get nothing to do" {
  wait_less admin
  on_scale_out_cluster
  sabotage probe <<'END'
exec "$real/ks-probe" call Metadata "${@:5}"
END
  check scale_out
  assert_failure 1
  assert_reason shared 'leaders == 3'
}

@test "scale_out: where nothing can be added it is no pass" {
  K6_PROFILE=kafka-local KS_DRIVER_DIR='' check scale_out
  assert_failure 3
  assert_reason skipped 'give the profile a driver that scales'
}

@test "rolling_upgrade: a broker that does not come back" {
  wait_less admin
  sabotage restart <<'END'
[[ $KS_STEP != restart_broker-2 ]] || exec "$real/ks-restart" stop "${@:2}"
exec "$real/ks-restart" "$@"
END
  check rolling_upgrade
  assert_failure 1
  assert_reason whole_broker-2 'partitions_under_replicated == 0'
}

@test "rolling_upgrade: brokers that are all gone for a while" {
  ln -sf "$real/ks-offsets" "$KS_BIN/ks-offsets"
  sabotage restart <<'END'
[[ $KS_STEP == restart_broker-2 ]] || exec "$real/ks-restart" "$@"
KS_STEP= "$real/ks-restart" kill broker-1 broker-3
{ sleep 6 && "$real/ks-restart" start; } &>/dev/null </dev/null &
exec "$real/ks-restart" kill "${@:2}"
END
  check rolling_upgrade
  assert_failure 1
  assert_reason kept 'produce_recovery_ms_max < 5000'
}

@test "rolling_upgrade: an upgrade that fails is an error, and the brokers are left alone" {
  KS_UPGRADE='echo no such image; false' check rolling_upgrade
  assert_failure 2
  assert_reason needs 'KS_UPGRADE ended with status 1: no such image'
  assert_equal "$(<"$KS_REPORTS/$KS_RUN_ID/logs/rolling_upgrade.librdkafka.upgrade.log")" 'no such image'
}

@test "chaos: a driver that does nothing is no fault" {
  sabotage restart <<'END'
[[ $1 == status ]] || exec "$real/ks-restart" "$1" "${@:3}" --command kill=true --command start=true --timeout 1s
exec "$real/ks-restart" "$@"
END
  check chaos
  assert_failure 3
  assert_reason kill_1 'no effect'
}

@test "chaos: more errors than one in ten" {
  # An application that gives up at once, and a path that is gone as a whole.
  sabotage produce <<'END'
exec "$real/ks-produce" "${@/#30s/1s}"
END
  sabotage fault <<'END'
[[ $1 != down ]] || exec "$real/ks-fault" down clients --for 8s "${@:5}"
exec "$real/ks-fault" "$@"
END
  check chaos
  assert_failure 1
  assert_reason produce 'error_rate <= 0.1'
}

@test "chaos: without a path to cut it is no pass" {
  KS_TOXIPROXY='' check chaos
  assert_failure 3
  assert_reason skipped 'no network path can be cut'
}

@test "what is needed and does not work is an error before any traffic, and says what to do" {
  local -A complaint=(
    ['KS_TOXIPROXY=http://127.0.0.1:1']='no Toxiproxy: cannot connect.*start Toxiproxy'
    ['KS_DRIVER_DIR=/nonexistent']='cannot read the cluster folder'
  )
  for setting in "${!complaint[@]}"; do
    KS_RUN_ID=t$BATS_TEST_NUMBER-${setting%%=*} run env "$setting" "$project_root/gates/checks/chaos.sh"
    assert_failure 2
    KS_RUN_ID=t$BATS_TEST_NUMBER-${setting%%=*} assert_reason needs "${complaint[$setting]}"
    [[ ! -e $KS_REPORTS/t$BATS_TEST_NUMBER-${setting%%=*}/history ]] ||
      assert_equal "$(ls "$KS_REPORTS/t$BATS_TEST_NUMBER-${setting%%=*}/history")" ''
  done
}

@test "a broker that is down already is an error, and nobody else is disturbed" {
  "$real/ks-restart" kill broker-3
  check rolling_upgrade
  assert_failure 2
  assert_reason needs 'not well to begin with: .*broker-3 is stopped'
}

@test "chaos: the same seed brings the same faults" {
  local round result faults=()
  for round in 1 2; do
    KS_RUN_ID=t$BATS_TEST_NUMBER-$round KS_SEED=7 check chaos
    assert_success
    faults+=('')
    for result in "$KS_REPORTS/t$BATS_TEST_NUMBER-$round"/results/chaos.*.{kill_1,pause_2,cut_3}.json; do
      faults[-1]+=$(jq -c '.step, .tool.argv[1:3]' "$result")
    done
  done
  assert_regex "${faults[0]}" 'kill_1.*pause_2.*cut_3'
  assert_equal "${faults[0]}" "${faults[1]}"
}

@test "what was lost is judged, and told first, also where a client met trouble before" {
  lose_what_a_leader_acknowledged
  # What waits for the traffic ends the check before it ends by itself.
  sabotage offsets <<'END'
[[ $KS_STEP != flows_1 ]] || set -- "$@" --expect 'latest_min < 0'
exec "$real/ks-offsets" "${@/#30s/2s}"
END
  check broker_chaos
  assert_failure 1
  assert_regex "$(row_of broker_chaos)" '^fail: kept: lost: [0-9]+'
}
