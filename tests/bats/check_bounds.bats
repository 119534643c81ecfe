#!/usr/bin/env bats
# How long a gate lets a check take, and how it ends one that takes longer.

load helper

setup() {
  export KS_RUN_DIR=$BATS_TEST_TMPDIR/run
  mkdir "$KS_RUN_DIR"
}

# What CTest runs for a check with such durations in its profile: its bound, its time-out and its command.
bounds_of() { # TEST DURATIONS
  jq -n --argjson durations "$2" '{target: "kafscale", clients: ["wire"], durations: $durations}' \
    >"$KS_RUN_DIR/run.json"
  cmake -S "$project_root/gates" -B "$KS_RUN_DIR/tree" >/dev/null
  ctest --test-dir "$KS_RUN_DIR/tree" --show-only=json-v1 | jq -r --arg name "$1" '.tests[] | select(.name == $name) |
    (.command | join(" ")), (.properties[] | select(.name == "TIMEOUT").value)'
}

@test "a check that hangs has time to mend what it disturbed before it is killed" {
  run bounds_of chaos.wire '{}'
  assert_line --index 0 --regexp 'timeout --foreground .*--kill-after=300 1800 .*/chaos\.sh$'
  assert_line --index 1 2400
}

@test "faults that last longer leave the check more time" {
  run bounds_of chaos.wire '{"chaos_s": 3600, "client_partition_s": 5}'
  assert_line --index 0 --partial ' 5405 '
  assert_line --index 1 6005
}

@test "a client that is only shown is bounded, too, and fails nobody" {
  local command
  run bounds_of client_matrix.java '{}'
  assert_line --index 0 --partial ' timeout --foreground'
  # As CTest runs it, of checks that end with each status.
  command=$(ctest --test-dir "$KS_RUN_DIR/tree" --show-only=json-v1 |
    jq -r '.tests[] | select(.name == "client_matrix.java").command[2]')
  for status in 0 1 3; do
    bash -c "$command" timeout 10 bash -c "exit $status"
  done
  run bash -c "$command" timeout 10 bash -c 'exit 4'
  assert_failure
  run bash -c "$command" timeout 0.1 sleep 5
  assert_failure
}
