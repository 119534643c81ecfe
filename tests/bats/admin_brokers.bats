#!/usr/bin/env bats
# needs: broker
# ks-admin brokers and identify.

load admin_helper

@test "brokers: each address answers, and the cluster is told" {
  admin brokers --expect 'brokers >= 1' --expect 'brokers_unreachable == 0' \
    --expect 'bootstrap_unreachable == 0' --expect 'advertised_elsewhere == 0' --json -
  assert_success
  assert_equal "$(jq -r '.data.addresses[0].role' <<<"$output")" bootstrap
  assert_metrics '.apis > 20 and .connect_ms_max > 0 and .api_versions_ms_max > 0'
  [[ $(jq -r .data.cluster_id <<<"$output") != '' ]]
}

@test "brokers: localhost and 127.0.0.1 are the same place" {
  run_split "$KS_BIN/ks-admin" -b "localhost:${KS_TEST_BROKERS##*:}" brokers \
    --expect 'advertised_elsewhere == 0'
  assert_success
}

@test "brokers: a bootstrap address that is dead is counted and explained" {
  local dead
  ports_take dead
  run_split "$KS_BIN/ks-admin" -b "127.0.0.1:$dead,$KS_TEST_BROKERS" brokers \
    --expect 'bootstrap_unreachable == 1'
  assert_success
  assert_line --regexp "^bootstrap${tab}-${tab}127.0.0.1:$dead${tab}no.*Connection refused"
}

@test "a bootstrap address that stays silent leaves time for the next" {
  start_recorded_broker '' 18
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker,$KS_TEST_BROKERS" topics list
  assert_success
}

@test "view: who tells the same passes, and who does not is named with the difference" {
  local same=localhost:${KS_TEST_BROKERS##*:}
  # Topics of other tests come and go meanwhile.
  admin --client wire view "$KS_TEST_BROKERS" "$same" --wait 10s --expect 'differences == 0' --json -
  assert_success
  assert_metrics '.views == 2 and .differences == 0'
  start_recorded_broker
  admin --client wire view "$KS_TEST_BROKERS" "$recorded_broker"
  assert_failure 1
  assert_one_line_error "the brokers' views differ: "
  assert_one_line_error " to $KS_TEST_BROKERS, unknown to $recorded_broker"
}

@test "view: one view is no evidence, a silent broker has none, and librdkafka cannot ask one alone" {
  local dead
  ports_take dead
  admin --client wire view "$KS_TEST_BROKERS"
  assert_failure 3
  assert_one_line_error 'nothing to compare'
  admin --client wire view "$KS_TEST_BROKERS" "127.0.0.1:$dead" --json -
  assert_failure 1
  assert_one_line_error "127.0.0.1:$dead"
  assert_metrics '.views_missing == 1'
  admin --client librdkafka view
  assert_failure 2
  assert_one_line_error 'use --client wire'
}

@test "brokers: a broker that does not answer where it says is violated" {
  local dead
  ports_take dead
  start_recorded_broker "$dead"
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" brokers
  assert_equal "$status" 1
  assert_one_line_error "broker 0 does not answer at its advertised address"
  assert_line --regexp "^broker${tab}0${tab}127.0.0.1:$dead${tab}no"

  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" brokers \
    --expect 'brokers_unreachable == 1' --expect 'advertised_elsewhere == 1'
  assert_success
}

@test "identify on Kafka: told apart, and not taken for KafScale" {
  K6_PROFILE=kafka-local run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" identify
  assert_success
  assert_line --regexp "^Apache Kafka${tab}apis-[0-9a-f]{16}${tab}.*InitProducerId offered"

  admin identify
  assert_refused 'profile local-service is for KafScale, but Apache Kafka answers'
  [[ $stderr == *K6_TARGET=kafka* ]]

  local result=$BATS_TEST_TMPDIR/result.json
  admin identify --json "$result"
  assert_equal "$(jq -r '.status, .broker.product, .data.product' "$result")" \
    $'error\nApache Kafka\nApache Kafka'
}

@test "identify on KafScale: its cluster id and API versions are enough" {
  start_recorded_broker
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" identify --json -
  assert_success
  assert_equal "$(jq -r '.broker.product, .data.cluster_id, .data.apis.Fetch' <<<"$output")" \
    $'KafScale\nkafscale-cluster\n11-13'
  assert_equal "$stderr" ''
}

@test "identify on KafScale's versions without a cluster id: unknown, so not blessed" {
  start_recorded_broker '' 3
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" identify --timeout 500ms
  assert_refused 'an unknown broker answers'
}
