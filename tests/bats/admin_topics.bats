#!/usr/bin/env bats
# needs: broker
# ks-admin topics.

load admin_helper

@test "topics create, list, describe and delete" {
  admin topics create "$topic" --partitions 3
  assert_success
  assert_line "topic${tab}partitions${tab}replication_factor"
  assert_line "$topic${tab}3${tab}1"

  admin topics list "$topic" --expect 'topics == 1' --expect 'partitions == 3' \
    --expect 'partitions_without_leader == 0' --expect 'partitions_under_replicated == 0' --wait 10s
  assert_success
  assert_equal "${#lines[@]}" 2

  admin topics describe "$topic"
  assert_success
  assert_line --regexp "^$topic${tab}2${tab}[0-9]+${tab}[0-9]+${tab}[0-9]+$"

  admin topics delete "$topic"
  assert_success
  assert_line "$topic"

  admin topics list "$topic" --expect 'topics == 0' --wait 10s
  assert_success
  assert_equal "${#lines[@]}" 1
}

@test "topics list without names has every topic" {
  admin topics create "$topic"
  admin topics list --expect 'topics >= 1' --wait 10s
  assert_success
  assert_line "$topic${tab}1${tab}1"
}

@test "topics create takes settings, and -1 for the broker's replication factor" {
  admin topics create "$topic" --replication-factor -1 --config retention.ms=60000 \
    --config cleanup.policy=compact,delete
  assert_success
  assert_line "$topic${tab}1${tab}default"
  admin configs describe topic "$topic" --expect-config retention.ms=60000 \
    --expect-config cleanup.policy=compact,delete --wait 10s
  assert_success
}

@test "topics create: an existing topic is status 2 with Kafka's name" {
  admin topics create "$topic"
  admin topics create "$topic"
  assert_refused TOPIC_ALREADY_EXISTS
}

@test "topics create: the error of one of several names tells what was done" {
  admin topics create "$topic" 'not valid'
  assert_refused "not valid; done before: $topic"
}

@test "topics create: more replicas than brokers is status 2 with Kafka's name" {
  admin topics create "$topic" --replication-factor 1000
  assert_refused INVALID_REPLICATION_FACTOR
}

@test "topics create: an unknown setting is status 2 with the broker's words" {
  admin topics create "$topic" --config no.such.setting=1
  assert_refused 'no.such.setting'
}

@test "topics describe: an unknown topic is status 2, and asking does not create it" {
  admin topics describe "$topic"
  assert_refused "unknown topic: $topic"
  admin topics list "$topic" --expect 'topics == 0'
  assert_success
}

@test "topics delete: an unknown topic is status 2 with Kafka's name" {
  admin topics delete "$topic"
  assert_refused UNKNOWN_TOPIC_OR_PART
}

@test "topics add-partitions is seen in the metadata" {
  admin topics create "$topic" --partitions 2
  admin topics add-partitions "$topic" --partitions 5
  assert_success
  assert_line "$topic${tab}5"
  admin topics describe "$topic" --expect 'partitions == 5' --wait 10s
  assert_success
}

@test "topics add-partitions: fewer than there are is status 2 with Kafka's name" {
  admin topics create "$topic" --partitions 2
  admin topics add-partitions "$topic" --partitions 1
  assert_refused INVALID_PARTITIONS
}

@test "topics add-partitions: the total must be given" {
  admin topics add-partitions "$topic"
  assert_refused '--partitions TOTAL'
}

@test "topics: bad numbers are refused before anything is asked" {
  admin topics create "$topic" --partitions 0
  assert_refused '--partitions 0'
  admin topics create "$topic" --partitions many
  assert_refused "not a whole number 'many'"
  admin topics create "$topic" --replication-factor 0
  assert_refused "not a replication factor '0'"
  admin topics create "$topic" --config retention.ms
  assert_refused 'not a setting'
  admin topics list "$topic" --wait 5
  assert_refused "not a duration '5'"
}

@test "topics create: what Metadata does not show is named" {
  local port
  ports_take port
  # It acknowledges every CreateTopics, and shows only what it is asked for by name.
  python3 "$support/lying_broker.py" "$port" 3>&- &
  children+=($!)
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "${children[-1]}"; done
  run_split "$KS_BIN/ks-admin" --client wire -b "127.0.0.1:$port" topics create forgotten --timeout 1s
  assert_failure 1
  assert_one_line_error 'created, but Metadata does not show topic forgotten'
}
