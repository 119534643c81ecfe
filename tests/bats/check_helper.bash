# Loaded by the Bats files that run single checks of the gates, with executables that break what a check
# is about.
load helper

# Every check finds its executables in a folder of the test's own.
sabotage_checks() {
  export KS_HOME=$project_root KS_REPORTS=$BATS_TEST_TMPDIR/reports
  export KS_RUN_ID=t$BATS_TEST_NUMBER-$RANDOM
  real=$KS_BIN
  export real KS_BIN=$BATS_TEST_TMPDIR/bin
  mkdir "$KS_BIN"
  ln -s "$real"/ks-* "$KS_BIN"
}

# sabotage TOOL: standard input is the script that takes its place; $real has the real ones, and
# retopic empties a topic as a broker that lost it would.
sabotage() {
  rm "$KS_BIN/ks-$1" # the link, not what it points at
  {
    echo '#!/usr/bin/env bash'
    declare -f retopic
    cat
  } >"$KS_BIN/ks-$1"
  chmod +x "$KS_BIN/ks-$1"
}

retopic() {
  "$real/ks-admin" topics delete "$1"
  "$real/ks-admin" topics list "$1" --wait 10s --expect 'topics == 0'
  "$real/ks-admin" topics create "$1" --partitions 3
}

check() {
  run "$project_root/gates/checks/$1.sh"
}

# The check's row in the report of its run folder: status and reason.
row_of() { # CHECK
  "$real/ks-report" -q "$KS_REPORTS/$KS_RUN_ID" || true
  jq -r --arg check "$1" '.checks[] | select(.check == $check and .client != "wire") |
    .status + ": " + .reason' \
    "$KS_REPORTS/$KS_RUN_ID/summary.json"
}

# assert_reason STEP TEXT: the named step's result says why. STEP may be a pattern.
assert_reason() {
  local result
  mapfile -t result < <(find "$KS_REPORTS/$KS_RUN_ID/results" -name "*.$1.json")
  assert_regex "$(jq -r .reason "${result[0]}")" "$2"
}
