#!/usr/bin/env bats
# needs: broker
# alone: three brokers of its own, which it kills
# The checks that disturb a cluster must be able to fail, each for its own reason; the main gate, whose
# checks they are, passes when nobody breaks them.

load cluster_helper

setup_file() { cluster_up; }
teardown_file() { cluster_down; }
setup() { cluster_setup; }
teardown() { cluster_teardown; }

@test "broker_chaos: a driver that does nothing is no fault" {
  sabotage restart <<'END'
[[ $1 == status ]] || exec "$real/ks-restart" "$@" --command kill=true --command start=true --timeout 1s
exec "$real/ks-restart" "$@"
END
  check broker_chaos
  assert_failure 3
  assert_reason kill_1 'no effect'
}

@test "broker_chaos: brokers that come back too late" {
  ln -sf "$real/ks-offsets" "$KS_BIN/ks-offsets"
  # Two of three: nobody is left to take over for a while.
  sabotage restart <<'END'
[[ $KS_STEP == kill_1 ]] || exec "$real/ks-restart" "$@"
{ sleep 7 && "$real/ks-restart" start broker-2; } &>/dev/null </dev/null &
exec "$real/ks-restart" kill broker-1 broker-2 "${@:6}"
END
  check broker_chaos
  assert_failure 1
  assert_reason kept 'produce_recovery_ms_max < 5000'
}

@test "broker_chaos: what a leader alone acknowledged is lost with it" {
  lose_what_a_leader_acknowledged
  check broker_chaos
  assert_failure 1
  assert_reason kept 'lost: [0-9]+'
}

@test "brokers of an Apache Kafka that have no replicas are not ended: KS_REPLICATION was forgotten" {
  local replication
  for replication in '' 1; do
    KS_REPLICATION=$replication KS_RUN_ID=$KS_RUN_ID-$replication check broker_chaos
    assert_failure 2
    KS_RUN_ID=$KS_RUN_ID-$replication assert_reason needs '^set KS_REPLICATION to 2 or more: of 3 brokers'
    [[ ! -e $KS_REPORTS/$KS_RUN_ID-$replication/results/broker_chaos.librdkafka.create.json ]]
  done
}

# lacks_replicas TARGET BROKERS KS_REPLICATION IS_DISTURBING: what traffic is told before it begins.
lacks_replicas() {
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0/gates/lib/disturbance.sh"; source "$0/gates/lib/traffic.sh"
    lacks() { echo "$1"; }
    is_kafka() { [[ $target == kafka ]]; }
    target=$1 brokers=$2 KS_REPLICATION=$3 is_disturbing=$4
    require_replicas' "$project_root" "$@"
}

@test "one broker, a KafScale, and brokers that nobody ends need no replicas" {
  lacks_replicas kafka 2 '' 1
  assert_output --partial 'set KS_REPLICATION'
  lacks_replicas kafka 1 '' 1
  assert_output ''
  lacks_replicas kafka 2 2 1
  assert_output ''
  lacks_replicas kafscale 3 '' 1
  assert_output ''
  lacks_replicas kafka 3 '' ''
  assert_output ''
}

@test "leader_failover: replicas that never get to lead" {
  sabotage probe <<'END'
[[ $2 != ElectLeaders ]] || set -- call Metadata "${@:5}"
exec "$real/ks-probe" "$@"
END
  wait_less admin
  check leader_failover
  assert_failure 1
  assert_reason led_1 'partitions_led_by_another == 0'
}

@test "consumer_groups: members that commit nothing" {
  sabotage consume <<'END'
[[ " $* " != *' -G '* ]] || set -- "$@" --no-commit
exec "$real/ks-consume" "$@"
END
  check consumer_groups
  assert_failure 1
  assert_reason lag_calm 'lag_records_total == 0'
  [[ -e $KS_REPORTS/$KS_RUN_ID/logs/consumer_groups.librdkafka.victim.log ]]
}

@test "ten_topics: one of them loses its records" {
  sabotage consume <<'END'
if [[ $KS_STEP == read_back_7 ]]; then
  retopic "$2" >/dev/null 2>&1
  echo other | KS_RUN_ID= "$real/ks-produce" -t "$2" -p 0
fi
exec "$real/ks-consume" "$@"
END
  check ten_topics
  assert_failure 1
  assert_reason kept 'lost|inconsistent-offset'
}

@test "cluster_view: a broker that is of another cluster" {
  require_broker # the one that other tests share
  KS_TEST_ADDRESS=$KS_TEST_BROKERS sabotage admin <<'END'
[[ $1 != view ]] || set -- "$@" "$KS_TEST_ADDRESS"
exec "$real/ks-admin" "${@/#10s/1s}"
END
  KS_TEST_ADDRESS=$KS_TEST_BROKERS check cluster_view
  assert_failure 1
  assert_reason same "the brokers' views differ"
}

@test "client_partition: a network that is not cut, and one that cannot be" {
  sabotage fault <<'END'
[[ $1 != down ]] || exec "$real/ks-fault" list clients "${@:7}"
exec "$real/ks-fault" "$@"
END
  check client_partition
  assert_failure
  KS_TOXIPROXY='' KS_RUN_ID=none-$KS_RUN_ID check client_partition
  assert_failure 3
  KS_RUN_ID=none-$KS_RUN_ID assert_reason skipped 'give the profile a Toxiproxy'
  KS_TOXIPROXY=http://127.0.0.1:1 KS_RUN_ID=dead-$KS_RUN_ID check client_partition
  assert_failure 2
  KS_RUN_ID=dead-$KS_RUN_ID assert_reason needs 'no Toxiproxy: cannot connect'
}

@test "slow_object_store: a path that is as fast as before" {
  sabotage fault <<'END'
[[ $1 != latency ]] || exec "$real/ks-fault" list clients "${@:9}"
exec "$real/ks-fault" "$@"
END
  KS_SLOW_PATH=clients check slow_object_store
  assert_failure 1
  assert_reason during 'service_ms_p50 >= '
}

@test "slow_object_store: a path that is slow for a while" {
  KS_SLOW_PATH=clients check slow_object_store
  assert_success
}
