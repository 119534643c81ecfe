#!/usr/bin/env bats
# The line that a gate shows while its checks run.
load helper
# shellcheck source=gates/lib/progress.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/progress.sh"

setup() {
  log=$BATS_TEST_TMPDIR/ctest.log
  cat >"$log" <<'END'
Test project /somewhere
      Start 10: client_matrix.wire
      Start  1: connectivity.wire
      Start  2: api_versions.none
 1/36 Test #10: client_matrix.wire .................   Passed    9.87 sec
 2/36 Test  #2: api_versions.none ..................***Failed    0.06 sec
api_versions (none): versions: ks-probe: Start of a reason
      Start  3: topic_lifecycle.wire
END
}

# shown COMMAND: what is on a terminal where a gate runs COMMAND while its checks run.
shown() {
  export screen=$BATS_TEST_TMPDIR/screen
  printf '%s\n' "source '$project_root/gates/lib/progress.sh'" "progress_begin '$log'" "$1" progress_end \
    >"$BATS_TEST_TMPDIR/gate.sh"
  timeout 60 script -qefc "bash $BATS_TEST_TMPDIR/gate.sh" /dev/null >"$screen" </dev/null
  cat "$screen"
}

@test "it says how many are done, and which run" {
  run progress_line "$log"
  assert_output '2 of 36 checks done, running: connectivity.wire, topic_lifecycle.wire'
  head -n 2 "$log" >"$log.early"
  run progress_line "$log.early"
  assert_output '0 checks done, running: client_matrix.wire'
}

@test "on a terminal it is shown, within its width, and wiped at the end" {
  # shellcheck disable=SC2016 # the inner shell's
  TERM=xterm COLUMNS=20 run shown 'until grep -q "of 36" "$screen"; do sleep 0.1; done'
  assert_success
  assert_output --partial $'\r\e[K1 s, 2 of 36 checks'
  refute_output --partial running
  [[ $output == *$'\r\e[K' ]]
}

@test "elsewhere, and on a terminal that cannot wipe, there is none" {
  run progress_begin "$log"
  assert_output ''
  # shellcheck disable=SC2016
  TERM=dumb run shown 'echo "pid ${progress_pid:-none}"'
  assert_output --partial 'pid none'
}
