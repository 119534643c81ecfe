#!/usr/bin/env bats
# needs: broker
# ks-admin on a real Kafka broker, and on stand-ins where Kafka cannot show the failure.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

support=$BATS_TEST_DIRNAME/support
recorded=$BATS_TEST_DIRNAME/../fixtures/kafscale-1.6.0/exchanges.jsonl
tab=$'\t'

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_METRICS_URL KS_HEALTH_URLS
  export KS_HOME="${KS_HOME:-$project_root}"
  topic=$(unique topic)
  group=$(unique group)
  children=()
}

teardown() {
  local pid
  for pid in "${children[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" || true
  done
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -q topics delete "$topic" >/dev/null 2>&1 || true
}

admin() {
  run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" "$@"
}

# Whether CONDITION holds for the metrics of the result that the last `admin --json -` printed.
assert_metrics() { # CONDITION
  jq -e ".metrics | $1" <<<"$output" >/dev/null || fail "not so: $1"
}

# A broker like KafScale, from recorded frames, at $recorded_broker. $1: the port it advertises, or
# nothing for its own; the rest: keys of APIs that it never answers.
start_recorded_broker() {
  local port
  ports_take port
  recorded_broker=127.0.0.1:$port
  python3 "$support/recorded_broker.py" "$recorded" "$port" "${1:-$port}" "${@:2}" 3>&- &
  children+=($!)
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "${children[-1]}"; done
}

first_broker_id() {
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" brokers --format json |
    jq -r 'select(.role == "broker").id' | head -n 1
}

# Joins $group and reads $topic until the test ends.
join_group() {
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -q -t "$topic" -G "$group" --timeout 2m \
    >/dev/null 2>&1 3>&- &
  children+=($!)
}

assert_refused() { # TEXT
  assert_equal "$status" 2
  assert_equal "$output" ''
  assert_one_line_error "$1"
}

# ---- topics ------------------------------------------------------------------

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

@test "a wait sees a topic that is made later" {
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics describe "$topic" \
    --expect 'partitions == 2' --wait 30s >"$BATS_TEST_TMPDIR/seen" 3>&- &
  children+=($!)
  admin topics create "$topic" --partitions 2
  assert_success
  wait "${children[0]}"
  assert_equal "$(wc -l <"$BATS_TEST_TMPDIR/seen")" 3
}

@test "a wait in vain ends in time, with the last answer and status 1" {
  admin topics list "$topic" --expect 'topics == 1' --wait 200ms
  assert_equal "$status" 1
  assert_one_line_error 'expected topics == 1'
  assert_equal "${#lines[@]}" 1
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
  assert_refused "not a setting 'retention.ms'"
  admin topics list "$topic" --wait 5
  assert_refused "not a duration '5'"
}

# ---- configs -----------------------------------------------------------------

@test "configs alter is read back, and keeps the settings that it does not name" {
  admin topics create "$topic" --config retention.ms=60000
  admin configs alter topic "$topic" segment.ms=70000 --expect-config retention.ms=60000
  assert_success
  assert_line "segment.ms${tab}70000${tab}no${tab}no${tab}no"
  admin configs describe topic "$topic" --expect-config segment.ms=70000 \
    --expect-config retention.ms=60000 --expect 'configs_not_default == 2'
  assert_success
}

@test "configs alter does not pin what a topic inherits from its broker" {
  admin topics create "$topic"
  admin configs alter topic "$topic" retention.ms=60000 --json -
  assert_success
  assert_metrics '.configs_kept == 0'
}

@test "configs: a value that is not as expected is violated, naming the one seen" {
  admin topics create "$topic" --config retention.ms=60000
  admin configs describe topic "$topic" --expect-config retention.ms=1
  assert_equal "$status" 1
  assert_one_line_error "config retention.ms is '60000', expected '1'"
  admin configs alter topic "$topic" segment.ms=70000 --expect-config segment.ms=1 --wait 200ms
  assert_equal "$status" 1
  assert_one_line_error "config segment.ms is '70000', expected '1'"
}

@test "configs: a setting that is not there is violated" {
  admin topics create "$topic"
  admin configs describe topic "$topic" --expect-config no.such.setting=1
  assert_equal "$status" 1
  assert_one_line_error 'no.such.setting is not there'
}

@test "configs of a broker" {
  local id
  id=$(first_broker_id)
  admin configs describe broker "$id" --expect "configs > 50"
  assert_success
  assert_line --regexp "^node.id${tab}$id${tab}"
}

@test "configs: a password is never printed" {
  local id
  id=$(first_broker_id)
  admin configs describe broker "$id" --format json
  assert_success
  local password='select(.config == "ssl.key.password")'
  assert_equal "$(jq -r "$password | .sensitive, .value" <<<"$output")" $'true\n***'
  admin configs describe broker "$id" --expect-config ssl.key.password=swordfish-9
  assert_refused 'its value is not told'
  [[ $stderr != *swordfish* ]]
}

@test "configs: what Kafka refuses is status 2 with its name" {
  admin configs describe topic "$topic"
  assert_refused UNKNOWN_TOPIC_OR_PART
  admin topics create "$topic"
  admin configs alter topic "$topic" retention.ms=soon
  assert_refused INVALID_CONFIG
}

@test "configs: unusable words are refused" {
  admin configs describe queue "$topic"
  assert_refused "unknown resource 'queue'"
  admin configs describe broker one
  assert_refused "not a broker id 'one'"
  admin configs alter topic "$topic"
  assert_refused 'needs more words'
  admin configs alter topic "$topic" retention.ms
  assert_refused "not a setting 'retention.ms'"
  admin configs alter topic "$topic" a=1 a=2
  assert_refused "'a' is given twice"
}

# ---- groups ------------------------------------------------------------------

@test "groups: two members share the partitions, and what they hold is told" {
  admin topics create "$topic" --partitions 4
  join_group
  join_group
  admin groups describe "$group" --expect 'members == 2' --expect 'partitions_assigned == 4' \
    --expect 'members_without_assignment == 0' --expect 'groups_stable == 1' --wait 30s
  assert_success
  assert_equal "${#lines[@]}" 3
  assert_output --partial "${topic}[0],${topic}[1]"
  assert_output --partial "${topic}[2],${topic}[3]"

  admin groups list "$group" --format json
  assert_success
  assert_equal "$(jq -r .group <<<"$output")" "$group"

  admin groups delete "$group"
  assert_refused NON_EMPTY_GROUP
}

@test "groups delete removes a group without members" {
  admin topics create "$topic"
  run "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" commit -G "$group" "${topic}[0]=0"
  assert_success
  admin groups describe "$group" --expect 'groups_empty == 1' --expect 'members == 0'
  assert_success
  admin groups delete "$group"
  assert_success
  assert_line "$group"
  admin groups list "$group" --expect 'groups == 0' --wait 10s
  assert_success
}

@test "groups: an unknown group is status 2, but zero members to who expects something" {
  admin groups describe "$group"
  assert_refused "unknown group: $group"
  admin groups describe "$group" --expect 'members == 0' --expect 'groups == 0'
  assert_success
  admin groups delete "$group"
  assert_refused GROUP_ID_NOT_FOUND
}

# ---- brokers and identify ----------------------------------------------------

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
}

@test "identify on KafScale's versions without a cluster id: unknown, so not blessed" {
  start_recorded_broker '' 3
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" identify --timeout 500ms
  assert_refused 'an unknown broker answers'
}

# ---- what every command owes -------------------------------------------------

@test "a version mismatch is named, not timed out" {
  start_recorded_broker
  local command
  for command in "groups describe $group" "groups delete $group" 'configs describe topic orders'; do
    # shellcheck disable=SC2086 # the words of the command
    run_split "$KS_BIN/ks-admin" -b "$recorded_broker" $command
    assert_refused '--client wire'
    [[ $stderr == *'the client speaks 0-'*'the broker serves '* ]]
  done
}

@test "a broker that stops answering costs no more than --timeout" {
  start_recorded_broker '' 3
  run_split "$KS_BIN/ks-admin" -b "$recorded_broker" topics list --timeout 300ms
  assert_refused Metadata
  assert [ "$SECONDS" -lt 20 ]
}

@test "an unreachable broker is named" {
  local dead
  ports_take dead
  local command
  for command in 'topics list' 'groups list' brokers identify "topics create $topic"; do
    # shellcheck disable=SC2086 # the words of the command
    run_split "$KS_BIN/ks-admin" -b "127.0.0.1:$dead" $command
    assert_refused "127.0.0.1:$dead"
  done
}

@test "a wait also waits for the broker" {
  local port
  ports_take port
  "$KS_BIN/ks-admin" -b "127.0.0.1:$port" topics list --wait 30s >"$BATS_TEST_TMPDIR/seen" 3>&- &
  children+=($!)
  python3 "$support/recorded_broker.py" "$recorded" "$port" "$port" 3>&- &
  children+=($!)
  wait "${children[0]}"
  grep -q '^orders' "$BATS_TEST_TMPDIR/seen"
}

@test "unknown words and misplaced options are refused" {
  admin
  assert_refused 'no command'
  admin tropics list
  assert_refused "unknown command 'tropics'"
  admin topics
  assert_refused "incomplete command 'topics'"
  admin topics forget
  assert_refused "unknown command 'topics forget'"
  admin topics create
  assert_refused "'topics create' needs more words"
  admin brokers now
  assert_refused "does not take 'now'"
  admin topics list --partitions 3
  assert_refused "'--partitions' does not go with 'topics list'"
  admin topics delete "$topic" --wait 1s
  assert_refused "'--wait' does not go with 'topics delete'"
  admin topics list --format xml
  assert_refused "unknown format 'xml'"
  admin topics list --forma json
  assert_refused '--forma'
  admin topics list --history "$BATS_TEST_TMPDIR/history"
  assert_refused 'nothing to record'
}

@test "--format json prints one object a row, with types" {
  admin topics create "$topic" --partitions 2
  admin topics describe "$topic" --format json --wait 10s
  assert_success
  assert_equal "$(jq -s 'map(.partition)' -c <<<"$output")" '[0,1]'
  assert_equal "$(jq -s '.[0].isr | type' -r <<<"$output")" array
}

@test "the result has metrics, data and the time of the slowest request" {
  admin topics create "$topic" --partitions 2 --json -
  assert_success
  assert_metrics '.topics == 1 and .partitions == 2 and .request_ms_max > 0'
  assert_equal "$(jq -c .data <<<"$output")" \
    "[{\"topic\":\"$topic\",\"partitions\":2,\"replication_factor\":1}]"
}

@test "--help lists every command" {
  run "$KS_BIN/ks-admin" --help
  assert_success
  local words
  for words in 'topics create' 'topics list' 'topics describe' 'topics delete' \
    'topics add-partitions' 'configs describe' 'configs alter' 'groups list' 'groups describe' \
    'groups delete' brokers identify; do
    assert_output --partial "  $words"
  done
}
