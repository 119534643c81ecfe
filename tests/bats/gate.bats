#!/usr/bin/env bats
# needs: broker
# alone: several gates at once, each with a broker of its own or with the shared one.
# The PR gate as a whole: what it refuses, what it survives, and what it leaves behind.

load helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_RUN_ID
  export KS_REPORTS=$BATS_TEST_TMPDIR/reports
  gate=$project_root/gates/pr.sh
}

on_shared_broker() {
  export K6_PROFILE=kafka-local KS_BROKERS=$KS_TEST_BROKERS
}

# sabotage TOOL: standard input is the script that takes its place; $real has the real ones.
sabotage() {
  export real=$KS_BIN KS_BIN=$BATS_TEST_TMPDIR/bin
  mkdir "$KS_BIN"
  ln -s "$real"/ks-* "$KS_BIN"
  rm "$KS_BIN/ks-$1" # the link, not what it points at
  { echo '#!/usr/bin/env bash' && cat; } >"$KS_BIN/ks-$1"
  chmod +x "$KS_BIN/ks-$1"
}

# Status and reason of a check of the newest run.
row_of() { # CHECK
  jq -r --arg check "$1" '.checks[] | select(.check == $check and .client != "wire") |
    .status + ": " + .reason' \
    "$KS_REPORTS/latest/summary.json"
}

# What gate.sh's FUNCTION prints of a profile whose text is on standard input, without executables.
of_profile() { # FUNCTION
  cat >"$BATS_TEST_TMPDIR/x.yaml"
  # shellcheck disable=SC2016 # expanded in the other shell
  KS_BIN=/nonexistent K6_PROFILE=$BATS_TEST_TMPDIR/x.yaml \
    run bash -c 'source "$0" && choose_profile && "$1"' "$project_root/gates/lib/gate.sh" "$1"
}

# The tree of the gate's own embedded brokers.
gate_clusters() {
  find "$project_root/build/embedded" -maxdepth 1 -name 'gate-*' 2>/dev/null
}

@test "nothing listening: status 2 with the ways on, before any set-up or build" {
  local bin
  for bin in /nonexistent "$KS_BIN"; do
    KS_BROKERS='127.0.0.1:1,[::1]:1' KS_BIN=$bin run_split "$gate"
    assert_failure 2
    assert_equal "$output" ''
    assert_one_line_error 'nothing listens on 127.0.0.1:1,'
    assert_one_line_error '(profile local-service)'
    assert_regex "$stderr" 'K6_PROFILE=embedded'
    [[ ! -e $KS_REPORTS ]]
  done
}

@test "before anything is built, both ways to write the brokers are read" {
  of_profile silent_brokers <<<'brokers: ["127.0.0.1:1", 127.0.0.2:1] # none'
  assert_output '127.0.0.1:1 127.0.0.2:1'
  of_profile silent_brokers <<'END'
target: kafka
brokers:
  # the first
  - 127.0.0.1:1
  - "[::1]:1" # the second
clients: [librdkafka]
END
  assert_output '127.0.0.1:1 ::1:1'
  of_profile silent_brokers <<<"brokers:
- 127.0.0.1:1
- $KS_TEST_BROKERS"
  assert_output ''
}

@test "what only the executables can read is left to them" {
  local brokers
  for brokers in 'broker: [127.0.0.1:1]' 'brokers: [localhost]' 'brokers: *anchor' \
    'brokers: [SASL_SSL://user:hunter2@127.0.0.1:1]'; do
    of_profile silent_brokers <<<"$brokers"
    assert_output ''
  done
}

@test "a profile or target that is wrong is named, whether something listens or not" {
  printf 'target: kafka\nbroker: [127.0.0.1:1]\n' >"$BATS_TEST_TMPDIR/bad.yaml"
  K6_PROFILE=$BATS_TEST_TMPDIR/bad.yaml run_split "$gate"
  assert_failure 2
  assert_regex "$stderr" "bad.yaml:2: key 'broker': unknown key"
  K6_PROFILE=kafka-local K6_TARGET=kafscale KS_BROKERS=127.0.0.1:1 run_split "$gate"
  assert_failure 2
  assert_regex "$stderr" 'a kafka profile cannot be tested as kafscale'
  K6_TARGET=kafak run_split "$gate"
  assert_refused "unknown target 'kafak'"
}

@test "the embedded profile is known by its file" {
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0" && cd "$KS_HOME" && choose_profile && is_embedded' \
    "$project_root/gates/lib/gate.sh" <<<''
  assert_failure
  # shellcheck disable=SC2016 # expanded in the other shell
  K6_PROFILE=profiles/embedded.yaml run bash -c 'source "$0" && cd "$KS_HOME" && choose_profile && is_embedded' \
    "$project_root/gates/lib/gate.sh"
  assert_success
}

@test "relative paths, of unusual names, mean the same to the gate and to its checks" {
  mkdir -p "$BATS_TEST_TMPDIR/a b;c\\d"/{reports,nodes/broker-1}
  cd "$BATS_TEST_TMPDIR/a b;c\\d"
  ln -s "$KS_BIN" bin
  echo 127.0.0.1:1 >nodes/broker-1/address
  echo 1 >nodes/broker-1/ports
  touch nodes/broker-1/run
  cat >x.yaml <<END
target: kafka
brokers:
  - $KS_TEST_BROKERS
driver: {kind: process, dir: nodes}
END
  K6_PROFILE=./x.yaml KS_REPORTS=reports KS_BIN=bin run_split "$gate"
  assert_failure 2
  assert_line --partial '15 of 16 required checks passed'
  # The folder was found, and is of another broker.
  assert_line --partial "the cluster folder has no broker at $KS_TEST_BROKERS: nodes"
}

@test "bad arguments and profiles: one line, status 2" {
  run_split "$gate" --no-such-flag
  assert_failure 2
  assert_one_line_error --no-such-flag
  K6_PROFILE=nowhere run_split "$gate"
  assert_failure 2
  assert_one_line_error "no profile 'nowhere'"
  run_split "$gate" --help
  assert_success
}

@test "a profile that says KafScale does not bless an Apache Kafka" {
  K6_PROFILE=local-service KS_BROKERS=$KS_TEST_BROKERS run_split "$gate"
  assert_failure 2
  assert_regex "$stderr" 'Apache Kafka'
  [[ ! -e $KS_REPORTS/latest ]]
}

@test "K6_TARGET=kafka alone selects kafka-local" {
  K6_TARGET=kafka KS_BROKERS=127.0.0.1:1 run_split "$gate"
  assert_failure 2
  assert_one_line_error 'profile kafka-local'
}

@test "two gates at once pass side by side, and leave two reports and no topic" {
  on_shared_broker
  # This broker cannot be restarted from here: the verdict is inconclusive, and says why.
  "$gate" >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- &
  local first=$! first_status=0
  run_split "$gate"
  assert_failure 3
  wait "$first" || first_status=$?
  assert_equal "$first_status" 3
  local summaries=("$KS_REPORTS"/2*/summary.json)
  assert_equal "${#summaries[@]}" 2
  run jq -r '.checks[] | select(.required and .status != "pass") | .check + ": " + .reason' "${summaries[@]}"
  assert_equal "${#lines[@]}" 4 # once for each client
  assert_line --regexp '^restart_durability: .*cannot be restarted'
  run "$KS_BIN/ks-admin" topics list -b "$KS_TEST_BROKERS"
  local run_dir
  for run_dir in "$KS_REPORTS"/2*; do
    refute_output --partial "${run_dir##*/}"
  done
}

@test "passwords that are common words change no verdict" {
  on_shared_broker
  export K6_PROFILE=$BATS_TEST_TMPDIR/mine.yaml
  cat >"$K6_PROFILE" <<'PROFILE'
target: kafka
brokers: [127.0.0.1:9092]
librdkafka: {sasl.password: kafka, ssl.key.password: pass, ssl.keystore.password: 0}
PROFILE
  run_split "$gate"
  assert_failure 3
  run jq -r '.checks[] | select(.required and .status != "pass") | .check' "$KS_REPORTS/latest/summary.json"
  assert_output restart_durability
}

@test "the gate passes on a broker of its own, restart included, and stops it" {
  K6_PROFILE=embedded run_split "$gate"
  assert_success
  local summary=$KS_REPORTS/latest/summary.json
  assert_equal "$(jq -c '[.verdict, .kafscale_gate, .target]' "$summary")" '["pass",false,"kafka"]'
  assert_equal "$(jq '[.checks[] | select(.required and .status == "pass")] | length' "$summary")" 30
  assert_equal "$(jq '.questions | length' "$summary")" 5
  assert_regex "$output$stderr" 'report.html'
  run gate_clusters
  refute_output --partial gate-
}

@test "a check that is violated fails the gate, named with its reason" {
  on_shared_broker
  sabotage consume <<<'exec "$real/ks-consume" "$@" --expect "read_records == 7"'
  run_split "$gate"
  assert_failure 1
  assert_equal "$(jq -r .verdict "$KS_REPORTS/latest/summary.json")" fail
  run row_of produce_fetch
  assert_output --regexp '^fail: .*read_records == 7'
}

@test "a check that is killed half-way is an error, although all its steps passed" {
  on_shared_broker
  sabotage produce <<'END'
[[ $KS_STEP != produce_after ]] || { kill -KILL $PPID; exit; }
exec "$real/ks-produce" "$@"
END
  run_split "$gate"
  assert_failure 2
  assert_line --partial 'error: offsets (librdkafka) could not run: it did not reach its end'
  run row_of connectivity
  assert_output 'pass: '
}

@test "CTest that is killed with its checks is no pass" {
  on_shared_broker
  sabotage consume <<'END'
[[ $KS_STEP != by_time ]] || kill -KILL -- "-$(cut -d ' ' -f 5 "/proc/$PPID/stat")"
exec "$real/ks-consume" "$@"
END
  run_split "$gate"
  assert_failure 2
  assert_line --partial 'error: offsets (librdkafka) could not run: it did not reach its end'
}

@test "an interrupted gate reports what had ended, moves no latest and stops its broker" {
  # A shell starts its background jobs with SIGINT ignored, which a script cannot take back.
  K6_PROFILE=embedded env --default-signal=INT "$gate" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  local pid=$! status=0 deadline=$((SECONDS + 60))
  until compgen -G "$KS_REPORTS/2*/results/connectivity.*.brokers.json" >/dev/null; do
    ((SECONDS < deadline)) && kill -0 "$pid"
  done
  kill -INT "$pid"
  wait "$pid" || status=$?
  assert_equal "$status" 130
  run jq -r '.verdict, .reasons[]' "$KS_REPORTS"/2*/summary.json
  assert_line --index 0 --regexp '^(inconclusive|error)$'
  assert_line 'the run was interrupted: signal 2'
  refute_output --partial 'still running'
  [[ ! -e $KS_REPORTS/latest ]]
  run gate_clusters
  refute_output --partial "gate-$pid"
  # The node's watcher looks after its broker once a second.
  deadline=$((SECONDS + 10))
  while pgrep -f "embedded/gate-$pid/" >/dev/null; do ((SECONDS < deadline)); done
}

@test "a session that is gone ends the checks, which are in one of their own" {
  mkdir -p "$BATS_TEST_TMPDIR/run/results"
  cat >"$BATS_TEST_TMPDIR/gate" <<'END'
source "$1"
KS_RUN_DIR=$2
parse_arguments() { :; }
choose_profile() { profile_file=other; }
require_listener() { :; }
set_up() { :; }
begin_run() { :; }
run_checks() {
  setsid sleep 60 &
  checks_pid=$!
  echo "$checks_pid" >"$KS_RUN_DIR/checks"
  await_checks
}
report() {
  echo "reported, signal $interrupted"
}
run_gate pr
END
  bash "$BATS_TEST_TMPDIR/gate" "$project_root/gates/lib/gate.sh" "$BATS_TEST_TMPDIR/run" >"$BATS_TEST_TMPDIR/out" 3>&- &
  local pid=$! status=0 checks
  within 10 test -s "$BATS_TEST_TMPDIR/run/checks"
  checks=$(<"$BATS_TEST_TMPDIR/run/checks")
  kill -HUP "$pid"
  wait "$pid" || status=$?
  is_gone "$checks" || { kill "$checks" && fail 'the checks go on'; }
  assert_equal "$status" 129
  assert_equal "$(<"$BATS_TEST_TMPDIR/out")" 'reported, signal 1'
}

@test "a broker that stops mid-run: the gate ends, and does not pass" {
  K6_PROFILE=embedded "$gate" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  local pid=$! status=0 deadline=$((SECONDS + 60))
  until compgen -G "$KS_REPORTS/2*/results/produce_fetch.*.json" >/dev/null; do
    ((SECONDS < deadline)) && kill -0 "$pid"
  done
  "$KS_BIN/ks-restart" --driver process --driver-dir "$project_root/build/embedded/gate-$pid" kill
  wait "$pid" || status=$?
  assert_regex "$status" '^[123]$'
  refute [ "$(jq -r .verdict "$KS_REPORTS"/2*/summary.json)" = pass ]
}

@test "a reports folder that cannot be written: one line, status 2" {
  on_shared_broker
  touch "$BATS_TEST_TMPDIR/file"
  KS_REPORTS=$BATS_TEST_TMPDIR/file/reports run_split "$gate"
  assert_failure 2
  assert_regex "$stderr" 'cannot write reports: .*set KS_REPORTS'
}

@test "a full reports folder: status 2, never a pass" {
  on_shared_broker
  mkdir "$BATS_TEST_TMPDIR/small"
  # shellcheck disable=SC2016 # expanded in the other shell
  KS_REPORTS=$BATS_TEST_TMPDIR/small run_split unshare --mount bash -c \
    'mount -t tmpfs -o size=96k tmpfs "$KS_REPORTS" && exec "$0"' "$gate"
  assert_failure 2
  assert_regex "$stderr" 'cannot write reports: .*make room'
}
