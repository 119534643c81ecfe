#!/usr/bin/env bats
# needs: broker
# Every check must be able to fail. Each test puts a saboteur in place of one executable, which breaks
# what the check is about, and sees the check's status and reason. The last tests see the same checks
# pass without one.

load check_helper

setup() {
  require_broker
  export K6_PROFILE=embedded KS_BROKERS=$KS_TEST_BROKERS
  sabotage_checks
}

@test "connectivity: an address that does not answer" {
  KS_BROKERS=$KS_TEST_BROKERS,127.0.0.1:1 check connectivity
  assert_failure 1
  assert_reason brokers '127.0.0.1:1|bootstrap_unreachable'
}

@test "connectivity: the broker advertises another address than the one" {
  KS_BROKERS=127.0.0.2:1,$KS_TEST_BROKERS check connectivity
  assert_failure 1
}

@test "topic_lifecycle: a deletion that does nothing" {
  sabotage admin <<'END'
[[ "$1 $2" != 'topics delete' ]] || set -- topics list "${@:3}"
exec "$real/ks-admin" "${@/#10s/1s}"
END
  check topic_lifecycle
  assert_failure 1
  assert_reason gone 'topics == 0, observed 1'
}

@test "topic_lifecycle: a topic deleted under the check" {
  sabotage admin <<'END'
[[ "$1 $2" != 'configs describe' ]] || "$real/ks-admin" topics delete "$4"
exec "$real/ks-admin" "$@"
END
  check topic_lifecycle
  assert_failure 2
  assert_reason configs UNKNOWN_TOPIC
}

@test "produce_fetch: acknowledged records that are gone" {
  sabotage consume <<'END'
retopic "$2" >/dev/null 2>&1
echo other | KS_RUN_ID= "$real/ks-produce" -t "$2" -p 0
exec "$real/ks-consume" "$@"
END
  check produce_fetch
  assert_failure 1
  assert_reason fetch_single 'lost|phantom'
}

@test "produce_fetch: zero records" {
  sabotage produce <<'END'
exec "$real/ks-produce" "${@/#1/0}"
END
  check produce_fetch
  assert_failure 3
  assert_reason produce_single vacuous
}

@test "concurrent_clients: a consumer that does not see everything" {
  sabotage consume <<'END'
exec "$real/ks-consume" "$@" -p 0
END
  check concurrent_clients
  assert_failure 1
  assert_reason consume_1 'uuid_matched_records == 1000'
}

@test "shared_connection: a record stored twice" {
  sabotage produce <<'END'
"$real/ks-produce" -t "$2" --producers 5 --count 5 --producer-id 0
exec "$real/ks-produce" "$@"
END
  check shared_connection
  assert_failure 1
  assert_reason consume 'duplicate'
}

@test "auto_created_topic: a topic that was there before" {
  sabotage admin <<'END'
[[ "$1 $2" != 'topics list' ]] || "$real/ks-admin" topics create "$3" >&2
exec "$real/ks-admin" "$@"
END
  check auto_created_topic
  assert_failure 1
  assert_reason absent 'topics == 0'
}

@test "many_producers_one_consumer: a record that nobody sent" {
  sabotage consume <<'END'
echo stranger | KS_RUN_ID=other "$real/ks-produce" -t "$2"
exec "$real/ks-consume" "$@"
END
  check many_producers_one_consumer
  assert_failure 1
  assert_reason consume 'foreign_records == 0, observed 1'
}

@test "partition_consume: the wrong partition is served" {
  sabotage consume <<'END'
set -- "${@:1:3}" 0 "${@:5}"
exec "$real/ks-consume" "$@"
END
  check partition_consume
  assert_failure 1
  assert_reason consume_2 'uuid_matched_records == 300'
}

@test "group_offsets: a commit that was not made" {
  sabotage consume <<'END'
exec "$real/ks-consume" "$@" --no-commit
END
  check group_offsets
  assert_failure 1
  assert_reason first_member 'commits >= 1'
}

@test "group_offsets: a commit that is forgotten" {
  sabotage offsets <<'END'
"$real/ks-offsets" commit -t "$3" -G "$5" -p 0 -o 0
exec "$real/ks-offsets" "$@"
END
  check group_offsets
  assert_failure 1
  assert_reason committed 'committed_sum == 40'
}

@test "group_offsets: a commit that is lost later" {
  sabotage offsets <<'END'
[[ $1 != lag ]] || "$real/ks-admin" groups delete "$5"
exec "$real/ks-offsets" "$@"
END
  check group_offsets
  assert_failure 1
  assert_reason caught_up 'lag_records_total == 0, observed 100'
}

@test "group_offsets: a commit that goes back behind everybody's back" {
  sabotage offsets <<'END'
"$real/ks-offsets" "$@" || exit
[[ $1 == lag ]] || exit 0
"$real/ks-offsets" commit -t "$3" -G "$5" -p 0 -o 40
"$real/ks-offsets" fetch -t "$3" -G "$5" --history "$7"
END
  check group_offsets
  assert_failure 1
  assert_reason kept 'commit-regressed: 1'
}

@test "group_membership: a second member that is never let in" {
  sabotage consume <<'END'
[[ $KS_STEP != second_member ]] || set -- "$@" -X "group.id=other-$RANDOM"
exec "$real/ks-consume" "$@"
END
  sabotage admin <<'END'
exec "$real/ks-admin" "${@/#10s/3s}"
END
  check group_membership
  assert_failure 1
  assert_reason shared 'members == 2, observed 1'
}

@test "group_membership: a record that neither member read" {
  sabotage offsets <<'END'
"$real/ks-produce" -t "$3" -p 3 --count 1
exec "$real/ks-offsets" "$@"
END
  check group_membership
  assert_failure 1
  assert_reason caught_up 'lag_records_total == 0, observed 1'
}

@test "group_membership_api: a member that does not join" {
  sabotage group <<'END'
exec "$real/ks-group" "${@/#500ms join/500ms leave 3}"
END
  check group_membership_api
  assert_failure 1
  assert_reason join_sync_heartbeat 'members == 4, observed 3'
}

@test "group_membership_api: a member that dies where it should leave" {
  sabotage group <<'END'
exec "$real/ks-group" "${@/#500ms leave/500ms kill}"
END
  check group_membership_api
  assert_failure 1
  assert_reason leave 'leavegroup_ok == 2, observed 1'
}

@test "offsets: an end that is not where the records say" {
  sabotage produce <<'END'
[[ $KS_STEP != produce_after ]] || "$real/ks-produce" -t "$2" --count 1
exec "$real/ks-produce" "$@"
END
  check offsets
  assert_failure 1
  assert_reason ends 'latest_max == 50, observed 51'
}

@test "offset_for_leader_epoch: an epoch that is still to come ends somewhere" {
  sabotage offsets <<'END'
exec "$real/ks-offsets" "${@/#1000000/0}"
END
  check offset_for_leader_epoch
  assert_failure 1
  assert_reason future 'end_offset_max == -1, observed 50'
}

@test "ops_health: partitions that were accepted and do not appear" {
  sabotage admin <<'END'
[[ "$1 $2" != 'topics add-partitions' ]] || exec "$real/ks-admin" topics list "$3" "${@: -2}"
exec "$real/ks-admin" "${@/#10s/1s}"
END
  check ops_health
  assert_failure 1
  assert_reason seen_in_metadata 'partitions == 3, observed 1'
}

@test "auto_created_topic: a topic that its first record did not create" {
  sabotage produce <<'END'
echo 'ks-produce: unknown topic: UNKNOWN_TOPIC_OR_PARTITION' >&2
exit 2
END
  check auto_created_topic
  assert_failure 1
  assert_reason created 'did not create the topic'
}

@test "restart_durability: records that did not survive" {
  sabotage restart <<'END'
[[ $1 == restart ]] || exec "$real/ks-restart" --driver commands --command restart=true "$@"
topic=$("$real/ks-admin" topics list | cut -f 1 | grep "$KS_RUN_ID")
retopic "$topic" >/dev/null 2>&1
"$real/ks-produce" -t "$topic" --count 3 >/dev/null
exec "$real/ks-admin" brokers "${@:2}"
END
  check restart_durability
  assert_failure 1
  assert_reason read_back 'lost|phantom'
}

@test "restart_durability: a broker that cannot be restarted from here is not a pass" {
  K6_PROFILE=kafka-local KS_DRIVER_DIR='' check restart_durability
  assert_failure 3
  assert_reason skipped 'cannot be restarted'
}

@test "restart_durability: the driver's folder is of another cluster" {
  mkdir -p "$BATS_TEST_TMPDIR/other/broker-1"
  echo 127.0.0.1:1 >"$BATS_TEST_TMPDIR/other/broker-1/address"
  echo 1 >"$BATS_TEST_TMPDIR/other/broker-1/ports"
  touch "$BATS_TEST_TMPDIR/other/broker-1/run"
  KS_DRIVER_DIR=$BATS_TEST_TMPDIR/other check restart_durability
  assert_failure 2
  assert_reason needs "the cluster folder has no broker at $KS_TEST_BROKERS"
}

# The shared broker is not restarted: what matters is where clients are sent meanwhile.
single_address() {
  sabotage restart <<'END'
[[ $1 != rolling ]] || exec "$real/ks-admin" brokers "${@:2}"
exec "$real/ks-restart" "$@"
END
  KS_DRIVER_DIR=$KS_TEST_CLUSTER check single_address
}

@test "single_address: a broker that sends clients elsewhere, and one that does only while brokers restart" {
  local step
  for step in before during; do
    sabotage probe <<'END'
[[ $KS_STEP != "$sabotage_when" ]] || set -- "$@" -b "localhost:${KS_BROKERS#*:}"
exec "$real/ks-probe" "$@"
END
    KS_RUN_ID=$KS_RUN_ID-$step sabotage_when=$step single_address
    assert_failure 1
    KS_RUN_ID=$KS_RUN_ID-$step assert_reason "$step" 'addresses_elsewhere == 0, observed 1'
    ln -sf "$real/ks-probe" "$real/ks-restart" "$KS_BIN"
  done
  single_address
  assert_success
}

@test "cluster_view: a driver that knows no addresses of its brokers, as that of pods" {
  sabotage restart <<'END'
"$real/ks-restart" "$@" | cut -d ' ' -f 1-3
exit "${PIPESTATUS[0]}"
END
  KS_DRIVER_DIR=$KS_TEST_CLUSTER check cluster_view
  assert_failure 3
  assert_reason same 'only one broker can be asked'
}

@test "without sabotage the same checks pass and leave no topic or group behind" {
  local name
  for name in connectivity topic_lifecycle produce_fetch concurrent_clients shared_connection \
    auto_created_topic many_producers_one_consumer partition_consume group_offsets \
    group_membership group_membership_api offsets ops_health; do
    check "$name"
    assert_success
  done
  local run_dir=$KS_REPORTS/$KS_RUN_ID
  assert_equal "$(jq -r .series "$run_dir/results/produce_fetch.librdkafka.produce_batch.json")" \
    "$run_dir/series/produce_fetch.librdkafka.produce_batch.jsonl"
  assert_equal "$(jq -s 'map(.records) | add' "$run_dir"/series/produce_fetch.*.fetch_batch.jsonl)" 100
  run "$KS_BIN/ks-admin" topics list
  refute_output --partial "$KS_RUN_ID"
  run "$KS_BIN/ks-admin" groups list
  refute_output --partial "$KS_RUN_ID"
}
