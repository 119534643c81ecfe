#!/usr/bin/env bats
# Profiles: the schema, the reader and the files agree.

load helper

schema=$BATS_TEST_DIRNAME/../../reports/schema/profile-v1.json
profiles=$BATS_TEST_DIRNAME/../../profiles

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_METRICS_URL KS_HEALTH_URLS KS_DRIVER_DIR KS_TOXIPROXY
  unset KS_PRINCIPAL_BROKERS
}

# Prints "yes FILE" or "no FILE (why)" for each file: whether it follows the schema.
judge_by_schema() {
  find_python jsonschema yaml
  "$python" - "$schema" "$@" <<'PYTHON'
import json, sys, jsonschema, yaml
with open(sys.argv[1], encoding="utf-8") as file:
    schema = json.load(file)
jsonschema.Draft7Validator.check_schema(schema)
for path in sys.argv[2:]:
    with open(path, encoding="utf-8") as file:
        error = next(jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(file)), None)
    print(f"no {path} ({error.message})" if error else f"yes {path}")
PYTHON
}

# The profile NAME, whose lines after target and brokers are TEXT.
write_profile() { # NAME TEXT
  profile=$BATS_TEST_TMPDIR/$1.yaml
  printf 'target: kafka\nbrokers: []\n%s\n' "$2" >"$profile"
}

@test "every profile follows the schema" {
  files=()
  for file in "$profiles"/*.yaml; do
    [[ $file == */charter.yaml ]] || files+=("$file")
  done
  ((${#files[@]} >= 5))
  run judge_by_schema "${files[@]}"
  assert_success
  assert_equal "$(grep -c '^yes ' <<<"$output")" ${#files[@]}
}

@test "every profile's brokers are one line that a gate can read" {
  for file in "$profiles"/*.yaml; do
    [[ $file == */charter.yaml ]] && continue
    run sed -n 's/^brokers: \[\(.*\)\]$/<\1>/p' "$file"
    assert_output --regexp '^<(127\.0\.0\.1:[0-9]+)?>$'
  done
}

@test "schema and reader accept the same" {
  good=('' 'clients: [wire, java]' 'driver: {kind: none}' 'limits: {a: 1.5, b: 2}'
    'driver: {kind: commands, commands: {stop: "true", scale: "true"}}'
    'driver: {kind: compose, file: a.yaml, project: p, services: [a], id_variables: [A], env_file: e}'
    'driver: {kind: kubectl, context: c, namespace: n, workload: statefulset/w}'
    'store: {url: s3://b/n, endpoint: http://h, region: r, access_key: a, secret_key: b, session_token: c}'
    'toxiproxy: {api_url: http://127.0.0.1:8474, object_store: [s3], brokers: [], clients: [a, b]}'
    'principals: {allowed: {client.id: a}, denied: {sasl.username: b, sasl.password: c}, brokers: [h:1]}'
    'toxiproxy: {clients: [a]}' 'librdkafka: {acks: -1}'
    'health_urls: []' 'metrics_url: https://h/m')
  for i in "${!good[@]}"; do
    write_profile "$i" "${good[i]}"
    run_split "$KS_BIN/ks-metrics" --profile "$profile" --url http://127.0.0.1:1/
    assert_one_line_error 'cannot connect'
  done
  run judge_by_schema "$BATS_TEST_TMPDIR"/*.yaml
  assert_success
  assert_equal "$(grep -c '^yes ' <<<"$output")" ${#good[@]}
}

@test "schema and reader refuse the same, and the reader names file, line and key" {
  local -A bad=(
    ['colour: red']="key 'colour'"
    ['clients: []']="key 'clients'"
    ['clients: [curl]']="key 'clients'"
    ['clients: [wire, wire]']="key 'clients'"
    ['clients: wire']="key 'clients'"
    ['metrics_url: ftp://h/m']="key 'metrics_url'"
    ['health_urls: [h]']="key 'health_urls'"
    ['driver: {dir: x}']="key 'driver'"
    ['driver: {kind: magic}']="key 'driver.kind'"
    ['driver: {kind: none, colour: red}']="key 'driver.colour'"
    ['driver: {kind: commands, commands: {explode: x}}']="key 'driver.commands.explode'"
    ['driver: {kind: compose, services: a}']="key 'driver.services'"
    ['driver: {kind: kubectl, namespace: [n]}']="key 'driver.namespace'"
    ['limits: {foo: fast}']="key 'limits.foo'"
    ['limits: {foo: "5"}']="key 'limits.foo'"
    ['store: minio']="key 'store'"
    ['store: {path_style: true}']="key 'store'"
    ['store: {endpoint: "h:9000"}']="key 'store'"
    ['toxiproxy: [x]']="key 'toxiproxy'"
    ['toxiproxy: {api_url: http://h, clients: c}']="key 'toxiproxy.clients'"
    ['toxiproxy: {api_url: http://h, etcd: [e]}']="key 'toxiproxy.etcd'"
    ['principals: {allowed: {client.id: a}}']="key 'principals'"
    ['principals: {allowed: {client.id: a}, denied: {}}']="key 'principals.denied'"
    ['principals: {allowed: {client.id: [a]}, denied: {client.id: b}}']="key 'principals.allowed.client.id'"
    ['principals: {allowed: {client.id: a}, denied: {client.id: b}, brokers: h}']="key 'principals.brokers'"
    ['principals: {allowed: {client.id: a}, denied: {client.id: b}, others: {}}']="key 'principals.others'"
    ['librdkafka: {acks: [1]}']="key 'librdkafka.acks'"
  )
  number=0
  for text in "${!bad[@]}"; do
    write_profile "$((++number))" "$text"
    run_split "$KS_BIN/ks-metrics" --profile "$profile"
    assert_failure 2
    assert_one_line_error "$profile:3: ${bad[$text]}"
    assert_equal "$output" ''
  done
  run judge_by_schema "$BATS_TEST_TMPDIR"/*.yaml
  assert_success
  assert_equal "$(grep -c '^no ' <<<"$output")" ${#bad[@]}
}

@test "a profile that is no YAML is one line" {
  write_profile x 'limits: {a: 1'
  run_split "$KS_BIN/ks-metrics" --profile "$profile"
  assert_failure 2
  assert_one_line_error "$profile:"
}

@test "K6_TARGET never turns a kafka profile into kafscale" {
  K6_TARGET=kafscale run_split "$KS_BIN/ks-metrics" --profile kafka-local
  assert_failure 2
  assert_one_line_error 'cannot be tested as kafscale'
}

@test "the profile's limits take the place of --limit's, not of --expect's" {
  local verify=("$KS_BIN/ks-verify" "$BATS_TEST_DIRNAME/../fixtures/histories/good" -q)
  write_profile none ''
  run_split "${verify[@]}" --profile "$profile" --limit 'acked_records >= 1'
  assert_success
  write_profile strict 'limits: {acked_records: 1000000}'
  run_split "${verify[@]}" --profile "$profile" --expect 'acked_records >= 1'
  assert_success
  run_split "${verify[@]}" --profile "$profile" --limit 'acked_records >= 1'
  assert_failure 1
  assert_one_line_error 'acked_records >= 1000000'
  run_split "${verify[@]}" --profile "$profile" --limit 'many'
  assert_failure 2
  assert_one_line_error '--limit'
}

@test "--principal: every executable that connects has it, and says what it lacks" {
  local command
  write_profile none ''
  write_profile two 'principals: {allowed: {client.id: a}, denied: {client.id: b}, brokers: [127.0.0.1:1]}'
  for command in 'ks-admin topics list' 'ks-admin brokers' 'ks-produce -t a --count 1' 'ks-consume -t a -e' \
    'ks-offsets list -t a' 'ks-group -t a -G b' 'ks-probe call Metadata' 'ks-probe versions'; do
    # shellcheck disable=SC2086 # words
    run_split "$KS_BIN"/$command --profile "$BATS_TEST_TMPDIR/none.yaml" --principal denied
    assert_refused "the profile names no principals: profile none; add 'principals: "
    # shellcheck disable=SC2086 # words
    run_split "$KS_BIN"/$command --profile "$profile" --principal somebody
    assert_refused "unknown principal 'somebody': --principal; choose allowed or denied"
    # shellcheck disable=SC2086 # words
    run_split "$KS_BIN"/$command --profile "$profile" --principal denied --timeout 2s
    assert_refused 127.0.0.1:1
  done
}
