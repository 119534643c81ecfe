#!/usr/bin/env bats
# needs: broker
# What each client can do: who passes, who fails and why, who is not tested; and which of them count.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load check_helper

setup() {
  require_broker
  export K6_PROFILE=embedded KS_BROKERS=$KS_TEST_BROKERS
  unset K6_TARGET KS_CLIENT KS_STAGE KS_MATRIX KS_LIBRDKAFKA KS_LIBRDKAFKA_CLIENTS
  sabotage_checks
}

teardown() {
  [[ -z ${front:-} ]] || kill "$front" 2>/dev/null || true
}

# matrix CLIENT: the row of one client.
matrix() {
  KS_CLIENT=$1 check client_matrix
}

# cell CLIENT CAPABILITY: "ANSWER REASON", as the report has it.
cell() {
  "$real/ks-report" -q "$KS_REPORTS/$KS_RUN_ID" || true
  jq -r --arg client "$1" --arg capability "$2" '.client_matrix[] | select(.client == $client) |
    .capabilities[$capability] | .answer + " " + .reason' "$KS_REPORTS/$KS_RUN_ID/summary.json"
}

# stand_in COMMAND: standard input takes its place on PATH.
stand_in() {
  mkdir -p "$BATS_TEST_TMPDIR/stand-ins"
  { echo '#!/usr/bin/env bash' && cat; } >"$BATS_TEST_TMPDIR/stand-ins/$1"
  chmod +x "$BATS_TEST_TMPDIR/stand-ins/$1"
  PATH=$BATS_TEST_TMPDIR/stand-ins:$PATH
}

# Every command of this machine but these.
without() { # COMMAND…
  mkdir "$BATS_TEST_TMPDIR/path"
  find /usr/bin /bin -maxdepth 1 ! -type d -exec ln -sf -t "$BATS_TEST_TMPDIR/path" {} +
  rm -f "${@/#/$BATS_TEST_TMPDIR/path/}"
  # shellcheck disable=SC2123 # that one is meant
  PATH=$BATS_TEST_TMPDIR/path
}

# Versions as KafScale 1.6.0 has them.
imitate_kafscale() {
  mkfifo "$BATS_TEST_TMPDIR/stdin"
  exec 7<>"$BATS_TEST_TMPDIR/stdin" # the front ends with its standard input
  "${KS_FRONT:-$project_root/build/release/tests/broker-front}" "$KS_TEST_BROKERS" \
    --versions-of "$project_root/tests/fixtures/kafscale-1.6.0/exchanges.jsonl" \
    <"$BATS_TEST_TMPDIR/stdin" >"$BATS_TEST_TMPDIR/address" 3>&- &
  front=$!
  within 5 test -s "$BATS_TEST_TMPDIR/address"
  KS_BROKERS=$(<"$BATS_TEST_TMPDIR/address")
}

@test "every client at hand can do everything on Apache Kafka, and the table says so" {
  export KS_LIBRDKAFKA=2.11.0
  run_split "$project_root/gates/checks/client_matrix.sh"
  assert_success
  assert_line '| Client | topics | produce | consume | group | commit |'
  assert_line --regexp '^\| librdkafka [^ ]+ \| yes \| yes \| yes \| yes \| yes \|$'
  assert_line --regexp '^\| wire [^ ]+ \| yes \| yes \| yes \| yes \| yes \|$'
  assert_line --regexp '^\| java 4[^ ]+ \(evidence only\) \| – \| yes \| – \| yes \| yes \|$'
  assert_line --regexp '^\| java-console 4[^ ]+ \(evidence only\) \| yes \| yes \| yes \| yes \| yes \|$'
  assert_line '| librdkafka-2.11.0 (evidence only) | yes | yes | yes | yes | yes |'
  assert_line --partial '| ksqldb (evidence only) | not tested: ksqlDB is a server'
  # Seen in the client itself, which says whom it was linked to.
  local results=$KS_REPORTS/$KS_RUN_ID/results
  assert_equal "$(jq -r .client_version "$results/client_matrix.librdkafka-2.11.0.group.json")" 2.11.0
  python3 - "$project_root/reports/schema" "$KS_REPORTS/$KS_RUN_ID" <<'PYTHON'
import glob, json, sys
import jsonschema
for schema, files in (('summary', ['summary.json']), ('result', glob.glob('results/*', root_dir=sys.argv[2]))):
    schema = json.load(open(f'{sys.argv[1]}/{schema}-v1.json'))
    for file in files:
        jsonschema.validate(json.load(open(f'{sys.argv[2]}/{file}')), schema)
PYTHON
  run grep -c '<span class="pill pass">yes</span>' "$KS_REPORTS/$KS_RUN_ID/report.html"
  assert [ "$output" -ge 22 ]
  # Nothing stays behind.
  run "$real/ks-admin" topics list -b "$KS_TEST_BROKERS"
  refute_output --partial "$KS_RUN_ID"
}

@test "versions that rule a client out are named with both ranges, and fail the client that counts" {
  imitate_kafscale
  matrix librdkafka
  assert_failure 1
  assert_regex "$(cell librdkafka group)" '^no .*FindCoordinator: the client speaks 0-2, the broker serves 3;'
  assert_regex "$(cell librdkafka consume)" '^no .*Fetch: the client speaks 4 .* the broker serves 11-13;'
  assert_equal "$(cell librdkafka topics)" 'yes '
  assert_regex "$(cell librdkafka commit)" '^not tested '
  run jq -r '.reasons[]' "$KS_REPORTS/$KS_RUN_ID/summary.json"
  assert_line --regexp '^client_matrix \(librdkafka\) failed: .*the broker serves'
}

@test "a commit that does not hold is a no" {
  sabotage produce <<'END'
[[ "$*" != *'--count 1 '* ]] || {
  topic=$4
  KS_CLIENT=wire "$real/ks-offsets" commit -t "$topic" -G "${topic%topic}group" -p 0 -o 0
}
exec "$real/ks-produce" "$@"
END
  matrix wire
  assert_failure 1
  assert_equal "$(cell wire commit)" 'no expected read_records == 1, observed 101'
  assert_equal "$(cell wire group)" 'yes '
}

@test "a client that fails is a no with its last words, and changes no verdict" {
  stand_in kcat <<'END'
[[ $1 != -V ]] || { echo 'Version 1.7.1 (JSON, librdkafka 9.9.9 builtin.features=gzip)'; exit; }
echo '% ERROR: Topic refused: Broker: not today' >&2
exit 1
END
  matrix kcat
  assert_failure 1
  assert_equal "$(cell kcat produce)" 'no status 1: % ERROR: Topic refused: Broker: not today'
  assert_equal "$(cell kcat consume)" "$(cell kcat produce)"
  run jq -c '[.client_matrix[] | select(.client == "kcat") | .client_version, .required]' \
    "$KS_REPORTS/$KS_RUN_ID/summary.json"
  assert_output '["1.7.1 (librdkafka 9.9.9)",false]'
  run jq -r '.reasons[]' "$KS_REPORTS/$KS_RUN_ID/summary.json"
  refute_output --partial kcat
  run grep -A 1 'name="client_matrix (kcat)"' "$KS_REPORTS/$KS_RUN_ID/junit.xml"
  assert_output --partial '<skipped'
}

@test "a client that brings other records than were sent is a no" {
  stand_in kcat <<'END'
case " $* " in
  *' -V '*) echo 'Version 1.7.1 (JSON, librdkafka 9.9.9 builtin.features=gzip)' ;;
  *' -L '*) echo 'topic "a" with 1 partitions' ;;
  *' -P '*) exec "$real/ks-produce" --client wire -t "${@:5:1}" ;;
  *) seq 1 100 ;;
esac
END
  matrix kcat
  assert_failure 1
  assert_equal "$(cell kcat topics)" 'yes '
  assert_equal "$(cell kcat produce)" 'yes '
  assert_equal "$(cell kcat consume)" 'no it brought other lines than expected, or in another order'
}

@test "a Java tool's exception is the reason" {
  real_java=$(command -v java)
  export real_java
  stand_in java <<'END'
[[ "$*" == *org.apache.kafka.tools.* ]] || exec "$real_java" "$@"
echo 'ERROR [Producer] org.apache.kafka.common.errors.UnsupportedVersionException: no InitProducerId' >&2
echo '	at org.apache.kafka.Somewhere' >&2
exit 1
END
  matrix java
  assert_failure 1
  assert_regex "$(cell java produce)" '^no status 1: .*UnsupportedVersionException: no InitProducerId$'
  assert_regex "$(cell java group)" 'UnsupportedVersionException'
}

@test "what is not there is not tested, and says why" {
  without kcat kafkacat java
  matrix kcat
  assert_failure 3
  assert_equal "$(cell kcat group)" 'not tested kcat is not installed'
  KS_NO_SETUP=1 matrix java-console
  assert_failure 3
  assert_equal "$(cell java-console group)" 'not tested no Java client: no java'
}

@test "the PR stage leaves out what costs seconds, where it only informs" {
  KS_IS_EVIDENCE=1 matrix java
  assert_failure 3
  assert_equal "$(cell java produce)" \
    'not tested the start of a JVM takes seconds; the main and release stages run it, and KS_MATRIX=all does'
}

@test "a library that is none: status 2, and what to do" {
  local library
  echo 'no library' >"$BATS_TEST_TMPDIR/text"
  library=$(ldd "$real/ks-admin" | awk '/libz\.so/ { print $3 }')
  for library in /nonexistent/librdkafka.so.1 "$BATS_TEST_TMPDIR/text" "$library" 2.11; do
    KS_LIBRDKAFKA=$library run_split "$project_root/gates/checks/client_matrix.sh"
    assert_refused "$library"
    assert_one_line_error 'a version like 2.11.0'
  done
  KS_LIBRDKAFKA=/nonexistent run_split "$project_root/gates/pr.sh"
  assert_failure 2
  assert_regex "${stderr_lines[-1]}" "no library '/nonexistent'"
}

@test "a version that is not the one that is loaded is refused" {
  run_split "$real/ks-admin" -b "$KS_TEST_BROKERS" --client librdkafka-0.0.1 brokers
  assert_failure 2
  assert_one_line_error 'librdkafka 0.0.1 is not the one that is loaded'
}
