#!/usr/bin/env bats
# needs: broker
# Passwords, tokens and keys get into no output and no file; and one that is a common word hides
# nothing else.

load helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_METRICS_URL KS_HEALTH_URLS KS_DRIVER_DIR KS_RUN_ID
  export KS_HOME=$project_root
  dir=$BATS_TEST_TMPDIR/run-1
}

# assert_hidden TOOL ARGUMENT…: it fails, and neither its output nor its result tells hunter2.
assert_hidden() {
  local result=$BATS_TEST_TMPDIR/result.json
  rm -f "$result"
  run_split "$KS_BIN/$1" "${@:2}" --json "$result"
  assert_equal "$status" 2
  refute_regex "$output$stderr" hunter2
  [[ ! -e $result ]] || refute_regex "$(<"$result")" hunter2
}

@test "of the command line" {
  assert_hidden ks-admin brokers -b 127.0.0.1:1 -X sasl.password=hunter2
  assert_hidden ks-admin brokers -b 127.0.0.1:1 -qXsasl.jaas.config='Module required password="hunter2";'
  assert_hidden ks-admin brokers -X sasl.password:hunter2
  assert_hidden ks-metrics --property=sasl.password=hunter2
  assert_hidden ks-metrics -Xsasl.password=hunter2
  assert_hidden ks-admin brokers -b user:hunter2@127.0.0.1:1
  assert_hidden ks-admin brokers -b SASL_SSL://user:hun,hunter2@127.0.0.1:1
  assert_hidden ks-admin topics create a -b 127.0.0.1:1 --config 'ssl.key.password=hunter2'
  assert_hidden ks-admin configs alter broker 1 'ssl.key.password=hunter2' -b 127.0.0.1:1
  assert_hidden ks-admin configs alter broker 1 'ssl.key.password:hunter2' -b 127.0.0.1:1
  assert_hidden ks-produce -b 127.0.0.1:1 -t a -H 'Authorization=Bearer hunter2'
  assert_hidden ks-produce -b 127.0.0.1:1 -t a -H 'Authorization: Bearer hunter2'
  assert_hidden ks-restart stop -b 127.0.0.1:1 --command 'stop=PASSWORD=hunter2 false'
  assert_hidden ks-restart stop -b 127.0.0.1:1 --command 'stop=false -p hunter2'
  assert_hidden ks-restart stop -b 127.0.0.1:1 --command 'PASSWORD=hunter2 false'
  assert_hidden ks-restart stop -b 127.0.0.1:1 --command 'false -p hunter2'
  assert_hidden ks-metrics --url 'http://127.0.0.1:1/?api_key=hunter2'
  assert_hidden ks-metrics --health 'http://user:p/hunter2@127.0.0.1:1/?sig=hunter2'
}

@test "of the environment" {
  KS_BROKERS=http://user:hunter2@127.0.0.1:1 assert_hidden ks-admin brokers
  assert_regex "$stderr" 'KS_BROKERS; give host:port'
  KS_METRICS_URL='http://127.0.0.1:1/?token=hunter2' assert_hidden ks-metrics
  KS_HEALTH_URLS=http://user:hunter2@127.0.0.1:1/ assert_hidden ks-metrics --health http://127.0.0.1:1/
  KS_BROKERS=SASL_SSL://user:hun,hunter2@127.0.0.1:1 run_split "$project_root/gates/pr.sh"
  assert_failure 2
  assert_regex "$stderr" 'KS_BROKERS; give host:port'
  refute_regex "$stderr" hunter2
}

@test "of a profile" {
  local profile=$BATS_TEST_TMPDIR/mine.yaml
  printf 'target: kafka\nbrokers: [127.0.0.1:1]\nlibrdkafka: {sasl.password:hunter2}\n' >"$profile"
  assert_hidden ks-admin brokers --profile "$profile"
  assert_regex "$stderr" "mine.yaml:3: key 'librdkafka.sasl.password'"
  printf 'target: kafka\nbrokers: [127.0.0.1:1]\ndriver: {kind: commands, commands: {stop: "false hunter2"}}\n' >"$profile"
  assert_hidden ks-restart stop --profile "$profile"
}

@test "of a reason that a check records, by its place or because the profile has it" {
  printf 'target: kafka\nbrokers: []\nlibrdkafka: {sasl.password: swordfish}\n' >"$BATS_TEST_TMPDIR/mine.yaml"
  export K6_PROFILE=$BATS_TEST_TMPDIR/mine.yaml
  "$KS_BIN/ks-report" begin "$dir" --stage pr
  "$KS_BIN/ks-report" record "$dir" --check a --step b --status error \
    --reason 'died: http://user:hunter2@h?sig=hunter2 password=hunter2, with swordfish'
  run jq -r .reason "$dir"/results/*.json
  assert_output 'died: http://***@h?sig=*** password=*** with ***'
  run_split "$KS_BIN/ks-report" "$dir" --interrupted 'at http://user:hunter2@h'
  run grep -rlE 'hunter2|swordfish' "$dir"
  assert_failure 1
}

@test "a result names what was given, without its secrets" {
  run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -X sasl.password=ab -X client.id=me brokers --json -
  assert_success
  assert_equal "$(jq -c '.tool.argv[2:6]' <<<"$output")" \
    '["-X","sasl.password=***","-X","client.id=me"]'
}

@test "a password that is a common word changes no status, name or data" {
  local word topic
  for word in pass kafka 0 librdkafka; do
    topic=$(unique "$word")
    "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics create "$topic"
    K6_PROFILE=kafka-local run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -X "sasl.password=$word" \
      topics list "$topic"
    assert_success
    assert_line "$topic${tab}1${tab}1"
    K6_PROFILE=kafka-local run_split "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" -X "sasl.password=$word" \
      topics delete "$topic" --json -
    assert_success
    assert_equal "$(jq -c '[.status, .target, .profile, .client, .data[0].topic]' <<<"$output")" \
      "[\"pass\",\"kafka\",\"kafka-local\",\"librdkafka\",\"$topic\"]"
    assert_equal "$(jq -r '.tool.argv[3]' <<<"$output")" 'sasl.password=***'
  done
}
