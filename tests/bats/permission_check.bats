#!/usr/bin/env bats
# permission_boundary passes where the boundary holds, and for each promise fails where it is broken:
# by permissions that are wrong, and by a saboteur where Kafka cannot be had to misbehave.

load check_helper
# shellcheck source=gates/lib/principals.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/principals.sh"
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

# Kafka's AclOperation.
read=3 write=4 create=5 delete=6

setup_file() {
  export cluster=$BATS_FILE_TMPDIR/cluster KS_OWNER_PID=$$
  principals_up "$cluster" 1 3>&-
}

teardown_file() {
  embedded_down "$cluster"
}

setup() {
  unset K6_TARGET KS_CLIENT KS_METRICS_URL KS_HEALTH_URLS
  KS_BROKERS=$(<"$cluster/broker-1/address")
  export KS_BROKERS K6_PROFILE=embedded
  sabotage_checks
  granted=()
}

# What a test allowed is denied again for the next one.
teardown() {
  local each rule node=$cluster/broker-1
  for each in "${granted[@]}"; do
    read -ra rule <<<"$each"
    principals_call "$node" DeleteAcls "{\"filters\": [$(principals_binding _filter "${rule[@]}")]}"
    within 10 not_granted "${rule[@]}"
  done
  for each in "$BATS_TEST_TMPDIR"/*.pid; do
    [[ ! -e $each ]] || kill "$(<"$each")" || true
  done
} >/dev/null

grant() { # RESOURCE OPERATION
  granted+=("ks-denied $1 $2")
  principals_allow "$cluster" "${granted[-1]}"
}

not_granted() { # USER RESOURCE OPERATION
  ! principals_call "$cluster/broker-1" DescribeAcls "$(principals_binding _filter "$@")" | grep -q '"principal"'
}

# A profile of the test's own.
write_profile() { # TARGET ALLOWED DENIED
  export K6_PROFILE=$BATS_TEST_TMPDIR/mine.yaml
  cat >"$K6_PROFILE" <<EOF
target: $1
brokers: [127.0.0.1:1]
principals:
  allowed: $2
  denied: $3
EOF
}

# One whose principals are of the SASL listener.
use_profile() { # TARGET ALLOWED-USER DENIED-PASSWORD
  local sasl='security.protocol: SASL_PLAINTEXT, sasl.mechanisms: PLAIN'
  write_profile "$1" "{$sasl, sasl.username: $2, sasl.password: loopback-${2#ks-}}" \
    "{$sasl, sasl.username: ks-denied, sasl.password: $3}"
}

# As KafScale's page of metrics, which never moves unless the test moves it.
serve_metrics() {
  local www=$BATS_TEST_TMPDIR/www port
  mkdir "$www"
  cp "$project_root/tests/fixtures/kafscale-1.6.0/metrics.txt" "$www/metrics"
  grep -q '^kafscale_authz_denied_total' "$www/metrics" ||
    printf '# TYPE kafscale_authz_denied_total counter\nkafscale_authz_denied_total 0\n' >>"$www/metrics"
  ports_take port
  python3 "$BATS_TEST_DIRNAME/support/http_server.py" "$www" "$port" 3>&- &
  echo $! >"$BATS_TEST_TMPDIR/server.pid"
  export KS_METRICS_URL=http://127.0.0.1:$port/metrics
  until curl -s -o "$BATS_TEST_TMPDIR/up" "$KS_METRICS_URL"; do kill -0 $!; done
}

metric_of() { # STEP METRIC
  jq ".metrics.$2" "$KS_REPORTS/$KS_RUN_ID/results/"*".$1.json"
}

# The broken promise is told by this step of both clients, as a violation.
breaks() { # STEP TEXT
  local client
  for client in wire librdkafka; do
    KS_RUN_ID=$KS_RUN_ID-$1-$client KS_CLIENT=$client check permission_boundary
    assert_failure 1
    KS_RUN_ID=$KS_RUN_ID-$1-$client assert_reason "$1" "$2"
  done
  run "$real/ks-admin" topics list
  refute_output --partial "$KS_RUN_ID"
}

@test "it passes with both clients, and each refusal is one of permission" {
  local client step
  for client in wire librdkafka; do
    KS_CLIENT=$client check permission_boundary
    assert_success
    for step in denied_produce denied_fetch denied_read denied_create denied_delete denied_member denied_commit; do
      run jq -r '.reason + (.metrics.authorization_errors > 0 | tostring)' \
        "$KS_REPORTS/$KS_RUN_ID/results/permission_boundary.$client.$step.json"
      assert_output true
    done
    run jq .metrics.failed_records "$KS_REPORTS/$KS_RUN_ID/results/permission_boundary.$client.kept.json"
    ((output >= 1)) # a client that knows that it is refused tries no further
  done
  run "$real/ks-admin" topics list
  refute_output --partial "$KS_RUN_ID"
  run "$real/ks-admin" groups list
  refute_output --partial "$KS_RUN_ID"
  run grep -rlE 'loopback-(allowed|denied)' "$KS_REPORTS"
  assert_failure 1
}

@test "the denied one may produce" {
  grant "$principals_topic" "$write"
  breaks denied_produce 'authorization_errors >= 1, observed 0'
}

@test "the denied one may read" {
  grant "$principals_topic" "$read"
  breaks denied_fetch 'authorization_errors >= 1, observed 0'
}

@test "the denied one may create topics" {
  grant "$principals_topic" "$create"
  breaks denied_create 'authorization_errors >= 1, observed 0'
}

@test "the denied one may delete topics" {
  grant "$principals_topic" "$delete"
  breaks denied_delete 'authorization_errors >= 1, observed 0'
}

@test "the denied one is let into the group" {
  grant "$principals_group" "$read"
  breaks denied_member 'assignments == 0, observed 1'
}

@test "the denied one may commit" {
  sabotage offsets <<'END'
[[ $KS_STEP != denied_commit ]] || set -- "${@/#denied/allowed}"
exec "$real/ks-offsets" "$@"
END
  breaks denied_commit 'authorization_errors >= 1, observed 0'
}

@test "a client that reads although Fetch is refused" {
  sabotage consume <<'END'
[[ $KS_STEP != denied_read ]] || set -- "${@/#denied/allowed}"
exec "$real/ks-consume" "$@"
END
  breaks denied_read 'authorization_errors >= 1, observed 0'
}

@test "what was refused is done all the same" {
  sabotage offsets <<'END'
"$real/ks-offsets" "$@" || exit
[[ $KS_STEP != denied_commit ]] || KS_STEP= "$real/ks-offsets" commit "${@:2:8}" --principal allowed
END
  breaks still_committed 'committed_sum == 200, observed 0'
  sabotage admin <<'END'
"$real/ks-admin" "$@" || exit
[[ $KS_STEP != denied_create ]] || KS_STEP= "$real/ks-admin" topics create "$3" --principal allowed
END
  breaks not_created 'topics == 0, observed 1'
  sabotage admin <<'END'
"$real/ks-admin" "$@" || exit
[[ $KS_STEP != denied_delete ]] || KS_STEP= "$real/ks-admin" topics delete "$3" --principal allowed
END
  breaks still_there 'topics == 1, observed 0'
}

@test "records that were refused are in the log" {
  sabotage produce <<'END'
[[ $KS_STEP == denied_produce ]] || exec "$real/ks-produce" "$@"
"$real/ks-produce" "$@" --producer-id 777 || exit
KS_STEP= "$real/ks-produce" -t "$2" --count 100 --producer-id 777 --principal allowed
END
  breaks not_written 'aborted-read: 100'
}

@test "the allowed one is refused" {
  use_profile kafka ks-denied loopback-denied
  breaks create 'authorization_errors == 0, observed 1: .*AUTHORIZATION_FAILED'
}

@test "the allowed one is refused in the end" {
  sabotage produce <<'END'
[[ $KS_STEP != produce_again ]] || set -- "${@/#allowed/denied}" --idempotence off
exec "$real/ks-produce" "$@"
END
  breaks produce_again 'authorization_errors == 0, observed 100'
}

@test "a wrong password is no refusal" {
  local client
  use_profile kafka ks-allowed not-the-password
  for client in wire librdkafka; do
    KS_RUN_ID=$KS_RUN_ID-$client KS_CLIENT=$client check permission_boundary
    assert_failure 2
    KS_RUN_ID=$KS_RUN_ID-$client assert_reason denied_produce SASL_AUTHENTICATION_FAILED
  done
}

@test "a broker that is not there, and another error, are no refusals" {
  sabotage admin <<'END'
[[ $KS_STEP != denied_create ]] || set -- "$@" -b 127.0.0.1:1
exec "$real/ks-admin" "$@"
END
  KS_RUN_ID=$KS_RUN_ID-away check permission_boundary
  assert_failure 2
  KS_RUN_ID=$KS_RUN_ID-away assert_reason denied_create 127.0.0.1:1
  sabotage admin <<'END'
[[ $KS_STEP != denied_delete ]] || set -- topics delete ks-nowhere "${@:4:1}" allowed "${@:6}"
exec "$real/ks-admin" "$@"
END
  KS_RUN_ID=$KS_RUN_ID-other check permission_boundary
  assert_failure 2
  KS_RUN_ID=$KS_RUN_ID-other assert_reason denied_delete UNKNOWN_TOPIC
}

@test "a profile without principals: nothing is known, and it says what to do" {
  K6_PROFILE=kafka-local check permission_boundary
  assert_failure 3
  assert_reason skipped "names no principals: profile kafka-local; add 'principals:"
}

@test "on a KafScale the count of denials has to move" {
  use_profile kafscale ks-allowed loopback-denied
  serve_metrics
  check permission_boundary
  assert_failure 1
  assert_reason counted kafscale_authz_denied_total
  KS_TEST_PAGE=$BATS_TEST_TMPDIR/www/metrics sabotage metrics <<'END'
[[ $KS_STEP != counted ]] || sed -i 's/^\(kafscale_authz_denied_total\) .*/\1 41/' "$KS_TEST_PAGE"
exec "$real/ks-metrics" "$@"
END
  KS_TEST_PAGE=$BATS_TEST_TMPDIR/www/metrics KS_RUN_ID=$KS_RUN_ID-moves check permission_boundary
  assert_success
}

@test "on a KafScale without metrics it is judged up to the end, and inconclusive" {
  use_profile kafscale ks-allowed loopback-denied
  check permission_boundary
  assert_failure 3
  assert_reason counted 'no metrics_url'
  assert_equal "$(metric_of kept acked_records)" 300
}

@test "a refusal is an error, unless an expectation is on it" {
  local client denied
  for client in wire librdkafka; do
    # It may not even see this topic.
    denied=("$real/ks-produce" -t hidden --count 1 --principal denied --client "$client")
    run_split "${denied[@]}"
    assert_refused TOPIC_AUTHORIZATION_FAILED
    run_split "${denied[@]}" --expect 'authorization_errors == 1' --expect 'acked_records == 0'
    assert_success
    run_split "${denied[@]}" --expect 'errors_TOPIC_AUTHORIZATION_FAILED == 0'
    assert_failure 1
    assert_one_line_error 'expected errors_TOPIC_AUTHORIZATION_FAILED == 0, observed 1: '
    run_split "${denied[@]}" --expect 'errors_GROUP_AUTHORIZATION_FAILED == 1'
    assert_refused TOPIC_AUTHORIZATION_FAILED
  done
}

@test "S8 as a scenario: each refusal is a check, and fails where nobody is refused" {
  export KS_REPORTS=$BATS_TEST_TMPDIR/scenarios
  local client run="$real/ks-run run $project_root/gates/scenarios/s8-permission-boundary.yaml"
  unset KS_RUN_ID KS_CHECK KS_STEP
  for client in wire librdkafka; do
    # shellcheck disable=SC2086 # words
    run_split $run --client "$client"
    assert_success
    assert_line "pass${tab}s8-permission-boundary${tab}writing_is_refused${tab}100 refusals, 0 records (refused)"
  done
  run "$real/ks-admin" topics list
  refute_output --partial ks-s8-
  grant "$principals_topic" "$write"
  # shellcheck disable=SC2086
  run_split $run
  assert_failure 1
  assert_line "fail${tab}s8-permission-boundary${tab}writing_is_refused${tab}0 refusals, 100 records (refused)"
  assert_line --partial "pass${tab}s8-permission-boundary${tab}reading_is_refused"
}

# Whom --principal makes of somebody, told by what the broker then knows of him.
@test "--principal: -X goes above it, and -b above its brokers" {
  run_split "$real/ks-admin" topics list --principal allowed -X sasl.username=nobody
  assert_refused SASL_AUTHENTICATION_FAILED
  run_split "$real/ks-admin" topics list --principal allowed -b "$KS_BROKERS"
  assert_refused 'this listener asks for no authentication'
  KS_PRINCIPAL_BROKERS='' run_split "$real/ks-admin" topics list --principal allowed
  assert_refused 'this listener asks for no authentication'
}

@test "--principal: a property that the wire client has no use for is not left out in silence" {
  write_profile kafka '{ssl.key.location: a}' '{client.id: b}'
  run_split "$real/ks-admin" topics list --client wire -b "$KS_BROKERS" --principal allowed
  assert_refused 'no property of the wire client: -X ssl.key.location'
}

@test "--principal: its client.id is what both clients send" {
  local client group
  write_profile kafka '{client.id: ks-me}' '{client.id: ks-you}'
  echo 'librdkafka: {client.id: other}' >>"$K6_PROFILE"
  "$real/ks-admin" topics create principals
  unset KS_PRINCIPAL_BROKERS
  for client in wire librdkafka; do
    group=$(unique "$client")
    "$real/ks-consume" -t principals -G "$group" --client "$client" --principal allowed -f none -q 3>&- &
    echo $! >"$BATS_TEST_TMPDIR/$client.pid"
    within 20 has_member "$group" ks-me
  done
}

has_member() { # GROUP CLIENT-ID
  "$real/ks-admin" groups describe "$1" --format json 2>/dev/null | grep -q "\"client_id\":\"$2\""
}
