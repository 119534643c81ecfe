# Loaded by the Bats files of ks-run: scenario files of a test's own, and what a run leaves.
load helper

setup_run() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT KS_RUN_ID KS_METRICS_URL KS_DRIVER_DIR KS_TOXIPROXY
  export KS_REPORTS=$BATS_TEST_TMPDIR/reports
  folder=$BATS_TEST_TMPDIR/files
  mkdir -p "$folder"
}

# scenario NAME: standard input becomes the file, whose path is in $file.
scenario() {
  file=$folder/$1
  cat >"$file"
}

ks_run() {
  run_split "$KS_BIN/ks-run" "$@"
}

# On the test's broker.
run_file() {
  ks_run run "$file" -b "$KS_TEST_BROKERS" "$@"
}

summary() { # JQ FILTER
  jq -r "$1" "$KS_REPORTS/latest/summary.json"
}

# assert_check NAME STATUS: what the report says of a scenario's check.
assert_check() {
  assert_equal "$1 $(summary ".check_results[0].checks[] | select(.name == \"$1\").status")" "$1 $2"
}

# assert_valid SCHEMA FILE…
assert_valid() {
  find_python jsonschema
  "$python" - "$project_root/reports/schema/$1" "${@:2}" <<'PYTHON'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
for name in sys.argv[2:]:
    jsonschema.validate(json.load(open(name)), schema)
PYTHON
}
