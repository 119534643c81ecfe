# Sourced by the check of what each client can do. A capability is a step, or several whose names begin
# with it and `_`; `clients/` has how each kind of client is asked. Errands, such as the topic that a
# client works on, are the wire client's, which speaks every version.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

matrix_count=100
# Of one command of a client: without an end it cannot do it.
matrix_seconds=10
[[ ${KS_STAGE:-pr} != pr ]] || matrix_seconds=5
# A second member may have to wait until the first one's session has ended: not every broker takes
# notice when somebody leaves.
matrix_seconds_again=20

# errand STEP TOOL ARGUMENT…: a step of nobody's.
errand() {
  step "$1" "$2" --client wire "${@:3}"
}

# Topic and group of this client, and with them the proof that the broker answers: whatever hinders the
# client from then on is its own `no`. Sets topic and group.
matrix_begin() {
  topic=$(unique topic)
  group=$(unique group)
  owns_topic "$topic"
  owns_group "$group"
  errand create ks-admin topics create "$topic" --partitions 1
}

# Where the client could not produce, what it is to read comes from elsewhere: to another topic, lest
# half of its own be in the way.
matrix_other_topic() {
  topic=$(unique other)
  owns_topic "$topic"
  errand create_other ks-admin topics create "$topic" --partitions 1
}

# cell STEP TOOL ARGUMENT…: whether one of our executables can do it with the client.
cell() {
  local status
  steps+=("$1")
  run_step "$@" && return
  status=$?
  if ((status == 2)); then
    matrix_record "$1" --status fail
    status=1
  fi
  worsen "$status"
  return 1
}

# not_tested STEP REASON
not_tested() {
  steps+=("$1")
  record_step "$1" skip "$2"
  worsen 3
}

matrix_record() { # STEP OPTION…
  ks-report record "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" --step "$1" \
    --title "$KS_TITLE" "${@:2}"
}

# Rows that cost seconds are for later stages: what only informs must not keep a PR waiting.
matrix_costs_seconds() { # WHAT
  [[ $KS_STAGE != pr || -z ${KS_IS_EVIDENCE:-} || ${KS_MATRIX:-} == all ]] ||
    skip "$1; the main and release stages run it, and KS_MATRIX=all does"
}

# The library of this client, which a gate has found already.
matrix_library() {
  local library
  library=$(librdkafka_library "$check_client")
  if [[ -z $library ]]; then
    KS_LIBRDKAFKA=${KS_LIBRDKAFKA:-${check_client#librdkafka-}} librdkafka_prepare
    library=$(librdkafka_library "$check_client")
  fi
  echo "$library"
}

# All clients as a gate runs them, and their table; ends with the worst status of those that are judged.
matrix_by_hand() {
  local tree client
  librdkafka_prepare || exit 2
  name_run
  ks-report begin "$KS_RUN_DIR" --stage "$KS_STAGE" --run-id "$KS_RUN_ID" || exit 2
  tree=$(mktemp -d) || exit 2
  export KS_MATRIX=all
  cmake -S "$KS_HOME/gates" -B "$tree" >"$KS_RUN_DIR/logs/ctest.log" &&
    ctest --test-dir "$tree" -R '^client_matrix\.' -j "${KS_JOBS:-6}" >>"$KS_RUN_DIR/logs/ctest.log" 2>&1
  rm -rf "$tree"
  ks-report end "$KS_RUN_DIR" && ks-report merge "$KS_RUN_DIR" --quiet
  sed -n '/^## What each client can do/,/^## PR/p' "$KS_RUN_DIR/checklist.md" | sed '1,2d; /^## PR/d; /^$/d'
  for client in $(run_list clients | tr , ' '); do
    ks-report status "$KS_RUN_DIR/results/client_matrix.$client.end.json" 2>/dev/null || worsen $?
  done
  echo "client_matrix: see $KS_RUN_DIR/report.html" >&2
  exit "$check_status"
}
