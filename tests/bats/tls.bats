#!/usr/bin/env bats
# TLS and SASL/PLAIN on a real Kafka, by both clients; and each way to be refused, named.

load helper
load secure_helper

setup_file() {
  secure_up "$BATS_FILE_TMPDIR/kafka"
  make_certificates "$BATS_FILE_TMPDIR/stranger"
}

teardown_file() {
  "$project_root/gates/lib/embedded.sh" down "$BATS_FILE_TMPDIR/kafka"
}

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT
  export KS_HOME="${KS_HOME:-$project_root}"
  node=$BATS_FILE_TMPDIR/kafka/broker-1
  plain=$(<"$node/address")
  ca=$BATS_FILE_TMPDIR/kafka.certificates/ca.pem
  topic=$(unique tls)
}

# Runs a tool with what PROTOCOL asks for, at its address unless $at is another; neither password may
# show, whatever it says.
secured() { # PROTOCOL CLIENT TOOL ARGUMENT...
  local options=(-b "${at:-$(<"$node/address.$1")}" --client "$2" -X "security.protocol=$1")
  [[ $1 != *SSL ]] || options+=(-X "ssl.ca.location=$ca")
  [[ $1 != SASL* ]] || options+=(-X sasl.mechanisms=PLAIN -X "sasl.username=$secure_user"
    -X "sasl.password=$secure_password")
  run_split "$KS_BIN/$3" "${options[@]}" "${@:4}"
  refute_regex "$output$stderr" "hunter2|$secure_password"
}

# What a client needs of a broker: topics, records in and out, a group and its commits.
works() { # PROTOCOL CLIENT
  local history=$BATS_TEST_TMPDIR/$2
  topic=$(unique tls)
  secured "$1" "$2" ks-admin topics create "$topic" --partitions 3
  assert_success
  secured "$1" "$2" ks-produce -t "$topic" --count 1000 --history "$history" --json -
  assert_success
  secured "$1" "$2" ks-consume -t "$topic" -e --verify --history "$history"
  assert_success
  secured "$1" "$2" ks-consume -t "$topic" -G "$topic" -c 1000 -e -f none -v
  assert_success
  secured "$1" "$2" ks-offsets lag -t "$topic" -G "$topic" --expect 'lag_records_total == 0'
  assert_success
  secured "$1" "$2" ks-admin brokers --expect 'brokers_unreachable == 0' \
    --expect 'bootstrap_unreachable == 0'
  assert_success
  secured "$1" "$2" ks-admin groups delete "$topic"
  assert_success
  secured "$1" "$2" ks-admin topics delete "$topic"
  assert_success
}

# Every tool that talks to a broker in a way of its own, and both clients, end with status 2 and the
# one line; TEXT is in it.
refused() { # TEXT PROTOCOL OPTION...
  local client command
  for client in wire librdkafka; do
    for command in 'ks-admin topics list' 'ks-admin brokers' "ks-produce -t $topic --count 1" \
      "ks-consume -t $topic -e" "ks-consume -t $topic -G $topic -e" "ks-offsets list -t $topic" \
      'ks-probe conformance' "ks-group -t $topic -G $topic"; do
      [[ $client == wire || $command != ks-@(probe|group)* ]] || continue
      # shellcheck disable=SC2086 # words
      secured "$2" "$client" $command "${@:3}"
      assert_refused "$1"
    done
  done
}

@test "SSL: both clients do all of their work" {
  works SSL wire
  works SSL librdkafka
}

@test "SASL_SSL: both clients do all of their work" {
  works SASL_SSL wire
  works SASL_SSL librdkafka
}

@test "SASL_PLAINTEXT: both clients do all of their work" {
  works SASL_PLAINTEXT wire
  works SASL_PLAINTEXT librdkafka
}

@test "SASL_SSL: ks-probe and ks-group do theirs" {
  "$KS_BIN/ks-admin" -b "$plain" topics create "$topic" --partitions 4
  secured SASL_SSL wire ks-probe conformance --json -
  assert_success
  assert_equal "$(jq .metrics.not_covered <<<"$output")" 0
  secured SASL_SSL wire ks-probe storm --connections 100 --expect 'fetched == 100'
  assert_success
  secured SASL_SSL wire ks-group -t "$topic" -G "$topic" --members 2 --schedule '200ms join; 500ms leave 1'
  assert_success
}

# The whole gate by a profile, restarts of the broker included.
@test "SASL_SSL: both clients pass the PR gate" {
  local cluster=$BATS_FILE_TMPDIR/kafka
  local driver="$KS_BIN/ks-restart --quiet --profile embedded --driver-dir $cluster"
  export KS_REPORTS=$BATS_TEST_TMPDIR/reports K6_PROFILE=$BATS_TEST_TMPDIR/secured.yaml
  cat >"$K6_PROFILE" <<EOF
target: kafka
brokers: [$(<"$node/address.SASL_SSL")]
clients: [librdkafka, wire]
driver: {kind: commands, commands: {stop: $driver stop, start: $driver start}}
librdkafka:
  security.protocol: SASL_SSL
  ssl.ca.location: $ca
  sasl.mechanisms: PLAIN
  sasl.username: $secure_user
  sasl.password: $secure_password
EOF
  run_split "$project_root/gates/pr.sh"
  assert_success
  run jq -c '[.checks[] | select(.required).status] | [length, unique]' "$KS_REPORTS/latest/summary.json"
  assert_output '[30,["pass"]]'
  run grep -rl "$secure_password" "$KS_REPORTS"
  assert_failure 1
}

# A TLS record holds 16 KiB, and a large batch is sent from where it lies.
@test "SSL: batches of a megabyte arrive whole, what one client sent read by the other" {
  local client
  "$KS_BIN/ks-admin" -b "$plain" topics create "$topic"
  for client in wire librdkafka; do
    secured SSL "$client" ks-produce -t "$topic" --count 20 --size 900k --history "$BATS_TEST_TMPDIR/h"
    assert_success
    secured SSL "$client" ks-produce -t "$topic" --count 20000 --size 1k --history "$BATS_TEST_TMPDIR/h"
    assert_success
  done
  for client in wire librdkafka; do
    secured SSL "$client" ks-consume -t "$topic" -e --verify --history "$BATS_TEST_TMPDIR/h" --json -
    assert_success
    assert_equal "$(jq .metrics.kafka_reader_message_count <<<"$output")" 40040
  done
}

@test "a wrong password, with and without TLS" {
  refused 'SASL authentication failed: SASL_AUTHENTICATION_FAILED' SASL_PLAINTEXT -X sasl.password=hunter2
  refused 'SASL authentication failed: SASL_AUTHENTICATION_FAILED' SASL_SSL -X sasl.password=hunter2
}

@test "a certificate that an unknown authority signed" {
  refused 'certificate: unable to get local issuer certificate' SSL \
    -X "ssl.ca.location=$BATS_FILE_TMPDIR/stranger/ca.pem"
}

@test "a certificate for another name, unless names do not count" {
  local client at
  at=localhost:$(cut -d : -f 2 "$node/address.SSL")
  refused 'certificate: hostname mismatch' SSL
  for client in wire librdkafka; do
    # The broker's own address, which comes next, is one that the certificate names.
    secured SSL "$client" ks-admin topics list -X ssl.endpoint.identification.algorithm=none
    assert_success
    secured SSL "$client" ks-admin topics list -X enable.ssl.certificate.verification=false
    assert_success
  done
}

@test "a file of authorities that is not there, or is none" {
  refused 'cannot read: /nonexistent' SSL -X ssl.ca.location=/nonexistent
  refused "no certificates (no certificate or crl found): $BATS_TEST_FILENAME" SSL -X "ssl.ca.location=$BATS_TEST_FILENAME"
}

@test "TLS to a plain port, and plain to a TLS port" {
  at=$plain refused 'does this listener speak TLS?' SSL
  refused 'this listener speaks TLS: is security.protocol right?' SSL -X security.protocol=PLAINTEXT
}

@test "SASL where none is asked for" {
  at=$plain refused 'this listener asks for no authentication' SASL_PLAINTEXT
}
