# Loaded by every Bats file. KS_BIN is the folder of the executables; KS_TEST_BROKERS the real broker
# that CTest shares among the tests that need one.
bats_require_minimum_version 1.5.0
bats_load_library bats-support
bats_load_library bats-assert

project_root="$(cd "$BATS_TEST_DIRNAME/../.." && pwd)"
: "${KS_BIN:=$project_root/build/bin}"
export KS_BIN
# shellcheck disable=SC2034 # for the tests
tab=$'\t'

# Tests that need a broker fail without one: a skipped test would count as a pass.
require_broker() {
  if [[ -z ${KS_TEST_BROKERS:-} && -r ${KS_TEST_CLUSTER:-/nonexistent}/broker-1/address ]]; then
    KS_TEST_BROKERS=$(<"$KS_TEST_CLUSTER/broker-1/address")
  fi
  [[ -n ${KS_TEST_BROKERS:-} ]] || fail 'no broker: run this file through ctest, or set KS_TEST_BROKERS'
}

# Sets `python` to one that has these modules: Debian's packages are none of another Python's.
find_python() { # MODULE...
  local modules
  printf -v modules ', %s' "$@"
  for python in python3 /usr/bin/python3; do
    ! "$python" -c "import ${modules#, }" 2>/dev/null || return 0
  done
  fail "no Python with ${modules#, }: install${modules//, / python3-}"
}

# A name for a topic or group that no other test or run uses.
unique() {
  echo "test-$1-$$-$RANDOM"
}

# ks-produce and ks-consume on the test's own $topic, which delete_topic removes again.
produce() {
  "$KS_BIN/ks-produce" -b "$KS_TEST_BROKERS" -t "$topic" "$@"
}

consume() {
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -t "$topic" "$@"
}

delete_topic() {
  "$KS_BIN/ks-admin" topics delete "$topic" -b "$KS_TEST_BROKERS" >/dev/null 2>&1 || true
}

# Ended, or only waiting for its parent.
is_gone() { # PID
  ! kill -0 "$1" 2>/dev/null || [[ $(ps -o stat= -p "$1") == Z* ]]
}

within() { # SECONDS COMMAND...
  local end=$((SECONDS + $1))
  until "${@:2}"; do
    ((SECONDS < end)) || fail "not within $1 s: ${*:2}"
    sleep 0.1
  done
}

# Like run, with stdout in $output and stderr in $stderr.
run_split() {
  run --separate-stderr "$@"
}

# The one line on stderr that every failure owes; its text contains $1.
assert_one_line_error() {
  assert_equal "${#stderr_lines[@]}" 1
  # shellcheck disable=SC2154 # set by run --separate-stderr
  [[ $stderr == *"$1"* ]] || fail "stderr '$stderr' does not mention '$1'"
}

# Status 2, nothing on stdout, and the one line.
assert_refused() { # TEXT
  assert_equal "$status" 2
  assert_equal "$output" ''
  assert_one_line_error "$1"
}
