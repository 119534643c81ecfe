# Sourced by every check. A check is a script of steps from `begin` to `end`; each step runs one
# executable, which writes its own result. The check's exit status is the worst of its steps.
#
# From the gate: KS_RUN_DIR, KS_RUN_ID, KS_STAGE, KS_CLIENT and the profile. Alone, a check makes a
# run folder of its own, and reports it.
set -uo pipefail
# An expression that means nothing ends the script, and with it the check: otherwise bash leaves out the
# command that has it, and goes on.
set -o posix

KS_HOME=${KS_HOME:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}
KS_BIN=${KS_BIN:-$KS_HOME/build/bin}
export KS_HOME KS_BIN
PATH=$KS_BIN:$PATH

# shellcheck source=gates/lib/disturbance.sh
source "$(dirname "${BASH_SOURCE[0]}")/disturbance.sh"

check_status=0
check_finished=
is_alone=
before_finish=
before_removal=
tool_runner=() # what the executables of steps, and of the removal, are run by
cleaner=()     # options of ks-admin, where not everybody may remove what is left
steps=()
created_topics=()
created_groups=()
declare -A background=() # step -> process group

# begin NAME TITLE [none]: what this check is called, for results and logs; none where it has nothing
# to do with a client.
begin() {
  KS_CHECK=$1
  KS_TITLE=$2
  [[ -n ${KS_RUN_DIR:-} ]] || is_alone=1
  name_run
  export KS_CHECK KS_TITLE
  [[ -e $KS_RUN_DIR/run.json ]] ||
    ks-report begin "$KS_RUN_DIR" --stage "$KS_STAGE" --run-id "$KS_RUN_ID" || exit 2
  check_client=${3:-${KS_CLIENT:-$(client_of "$1")}}
  # A check of no client's may still use one for its errands: the tools' default.
  if [[ $check_client == none ]]; then unset KS_CLIENT; else export KS_CLIENT=$check_client; fi
  # shellcheck disable=SC2034 # for the checks
  history=$KS_RUN_DIR/history/$KS_CHECK.$check_client
  # Held as long as the check runs: a gate waits for it.
  exec {running}<"$KS_RUN_DIR/results" && flock --shared "$running"
  trap clean_up EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP
  trap '' PIPE # an interrupted CTest does not read to the end
  # From here on the check has failed until it says otherwise, whatever ends it.
  ks-report begin "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" || exit 2
}

# Who a check is run with by hand: wire, where a gate runs it with that alone; else the profile's first one
# that the executables have.
client_of() { # CHECK
  if sed -n "/\"check\": \"$1\",/,/}/p" "$KS_HOME/gates/stages.json" | grep -q '"client": "wire"'; then
    echo wire
  else
    run_list clients | tr , '\n' | grep -m 1 -xE 'wire|librdkafka(-.+)?' || echo librdkafka
  fi
}

# The run that the gate has begun, or one of its own.
name_run() {
  KS_STAGE=${KS_STAGE:-pr}
  KS_RUN_ID=${KS_RUN_ID:-$(date -u +%Y%m%d-%H%M%S)-$RANDOM}
  KS_RUN_DIR=${KS_RUN_DIR:-${KS_REPORTS:-$KS_HOME/reports}/$KS_RUN_ID}
  KS_SEED=${KS_SEED:-$RANDOM} # for run.json, and for what a check leaves to chance
  export KS_STAGE KS_RUN_ID KS_RUN_DIR KS_SEED
}

# end: the last line of every check. One that does not get there did not pass.
end() {
  await_started
  [[ -z ${background[metrics]:-} ]] || stop metrics
  finish
}

# before_finish: what is still to be judged where a step ends the check early. before_removal: what a check
# that started something of its own does first, whatever ended it.
finish() {
  local judge=$before_finish
  before_finish=
  [[ -z $judge ]] || "$judge"
  check_finished=1
  exit "$check_status"
}

# needs TOOL…: a missing executable ends the check before it has touched anything.
needs() {
  local tool
  for tool in "$@"; do
    [[ -x $KS_BIN/ks-$tool ]] || lacks "ks-$tool is missing in $KS_BIN; run make build"
  done
}

lacks() { # REASON
  steps+=(needs)
  record_step needs error "$1"
  worsen 2
  finish
}

# A name that no other run uses, for the check's own topics and groups.
unique() {
  echo "ks-$KS_RUN_ID-$KS_CHECK-$check_client-$1"
}

# Topics and groups named here are removed at the end, whatever happens.
owns_topic() { created_topics+=("$@"); }
owns_group() { created_groups+=("$@"); }

# step NAME TOOL ARGUMENT…: a step that must pass; otherwise the check ends with its status.
step() {
  steps+=("$1")
  run_step "$@" || {
    worsen $?
    finish
  }
}

# try NAME TOOL ARGUMENT…: the same, but the check goes on: what comes next is worth knowing anyway.
try() {
  steps+=("$1")
  run_step "$@" || worsen $?
}

# start NAME TOOL ARGUMENT…: the same in the background; await_started waits for all of them, stop ends
# those that have no end of their own.
start() {
  steps+=("$1")
  set -m # a process group of its own: clean_up reaches the tool itself
  {
    trap : TERM # to outlive the tool, which may still have a group to leave
    run_step "$@"
  } &
  set +m
  background[$1]=$!
}

await_started() { # [NAME…]; none: all but the watch, which lasts as long as the check
  if (($# == 0)); then
    local name
    for name in "${!background[@]}"; do [[ $name == metrics ]] || set -- "$@" "$name"; done
  fi
  reap "$@"
  ((check_status == 0)) || finish
}

# Waits for those, and goes on whatever they say: their status is the check's all the same.
reap() { # NAME…
  local name
  for name in "$@"; do
    wait "${background[$name]}" || worsen $?
    unset "background[$name]"
  done
}

# stop NAME…: ends what only a signal ends, and waits for it; it must have passed up to there.
stop() {
  signal_started "$@"
  await_started "$@"
}

signal_started() { # NAME…
  local name
  for name in "$@"; do
    kill -TERM -- "-${background[$name]}" 2>/dev/null # one that ended by itself tells why when it is reaped
  done
}

# step_while NAME… -- STEP TOOL ARGUMENT…: a step that waits for what others, which only a signal ends,
# bring about: where one of them ends before it, the check ends at once, and the step was none.
step_while() {
  local others=() name ended status pids=()
  while [[ $1 != -- ]]; do
    others+=("$1")
    shift
  done
  shift
  start "$@"
  for name in "$1" "${others[@]}"; do pids+=("${background[$name]}"); done
  wait -n -p ended "${pids[@]}"
  status=$?
  if ((ended != background[$1])); then
    kill -KILL -- "-${background[$1]}"
    unset "background[$1]" 'steps[-1]'
  fi
  for name in "$1" "${others[@]}"; do
    [[ ${background[$name]:-} != "$ended" ]] || unset "background[$name]"
  done
  # One that ended too soon and has nothing to say of it did not do what it was started for.
  ((ended == pids[0] || status != 0)) || status=2
  worsen "$status"
  ((check_status == 0)) || finish
}

# Whether the run is of an Apache Kafka: some of what has to be done by hand there KafScale does itself.
is_kafka() {
  grep -q '"target": "kafka"' "$KS_RUN_DIR/run.json"
}

run_list() { # KEY: of run.json
  sed -n "/^  \"$1\": \[/,/\]/s/^ *\"\([^\"]*\)\",\{0,1\}\$/\1/p" "$KS_RUN_DIR/run.json" | paste -sd ,
}

# Whether the profile says where the object store behind the brokers is.
has_store() {
  grep -q '"store": "[^"]' "$KS_RUN_DIR/run.json"
}

# Whether the profile says where a KafScale's figures are.
has_kafscale_metrics() {
  ! is_kafka && grep -q '"metrics_url": "[^"]' "$KS_RUN_DIR/run.json"
}

# What a KafScale says of itself beside a check that lasts, each second up to its end, for the timeline.
# A figure that is missing or renamed is a violation, and so is a restart that the check did not cause.
watch_metrics() {
  has_kafscale_metrics || return 0
  local name options=(--interval 1s --through-outages)
  for name in 'kafscale_s3_health_state{state="healthy"}' kafscale_s3_latency_ms_avg kafscale_s3_error_rate \
    kafscale_produce_rps kafscale_fetch_rps kafscale_consumer_lag_max kafscale_admin_request_errors_total \
    kafscale_authz_denied_total; do
    options+=(--record "$name")
  done
  [[ -n $is_disturbing ]] || options+=(--expect 'restarts == 0')
  start metrics ks-metrics "${options[@]}"
}

# skip REASON: ends the check as not run.
skip() {
  steps+=(skipped)
  record_step skipped skip "$1"
  worsen 3
  finish
}

run_step() {
  local step=$1 tool=$2
  shift 2
  local name=$KS_CHECK.$check_client.$step
  local result=$KS_RUN_DIR/results/$name.json log=$KS_RUN_DIR/logs/$name.log
  rm -f "$result" # of an earlier attempt
  KS_STEP=$step "${tool_runner[@]}" "$tool" "$@" --json "$result" >"$log" 2>&1
  local status=$?
  # A step that died without a result of its own must not look as if it had not been there.
  if [[ ! -s $result ]]; then
    record_step "$step" error "$tool ended with status $status and no result: $(last_word "$tool" "$log")"
    return 2
  fi
  # What only a signal ends tells in its result how it went.
  if ((status == 143)); then
    ks-report status "$result" >>"$log" 2>&1
    status=$?
  fi
  ((status == 0)) || tell "$step: $(last_word "$tool" "$log")"
  return "$status"
}

# metric STEP NAME: a figure of a step that ran; the first of that name is the result's own.
metric() {
  metric_of "$KS_RUN_DIR/results/$KS_CHECK.$check_client.$1.json" "$2"
}

metric_of() { # RESULT NAME
  sed -n "/^ *\"$2\": \([0-9.e+-]*\),\{0,1\}$/ { s//\1/p; q }" "$1"
}

# What the tool said itself, rather than its data or the shell.
last_word() { # TOOL LOG
  grep "^$1: " "$2" | tail -n 1 || tail -n 1 "$2"
}

# record_step STEP STATUS REASON: a result for a step that has no tool to write it.
record_step() {
  ks-report record "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" --step "$1" \
    --status "$2" --reason "$3" --title "$KS_TITLE"
  tell "$1: $3"
}

# inconclusive STEP REASON: a step for which what it takes is not there; the check goes on.
inconclusive() {
  steps+=("$1")
  record_step "$1" inconclusive "$2"
  worsen 3
}

# record_figures STEP NAME=NUMBER…: a result that passes, for what a check has measured itself.
record_figures() {
  local step=$1 figure options=()
  shift
  steps+=("$step")
  for figure; do options+=(--metric "$figure"); done
  ks-report record "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" --step "$step" \
    --status pass --expect "${1%%=*} >= 0" --title "$KS_TITLE" "${options[@]}" || worsen 2
}

# Nobody but who started the check alone reads it: a gate has the results.
tell() { # TEXT
  echo "$KS_CHECK ($check_client): $1" >&2
}

# Keeps the worst status: violated (1), then could not run (2), then inconclusive (3). A signal or
# any other status means that a step could not run.
worsen() {
  local status=$1
  ((status >= 0 && status <= 3)) || status=2
  if ((check_status == 0 || (status != 0 && status < check_status))); then
    check_status=$status
  fi
}

clean_up() {
  local status=$? why=()
  trap - EXIT
  trap '' INT TERM HUP
  if [[ -z $check_finished ]] && ((status < 128)); then
    why=(--reason "its script ended with status $status before its end")
    status=2
  fi
  ((${#background[@]} == 0)) || kill -- "${background[@]/#/-}" 2>/dev/null
  wait
  {
    [[ -z $before_removal ]] || "$before_removal"
    undisturb
    ((${#created_groups[@]} == 0)) || "${tool_runner[@]}" ks-admin groups delete "${created_groups[@]}" --timeout 10s "${cleaner[@]}"
    ((${#created_topics[@]} == 0)) || "${tool_runner[@]}" ks-admin topics delete "${created_topics[@]}" --timeout 10s "${cleaner[@]}"
    scale_back # last: it may leave none
  } >>"$KS_RUN_DIR/logs/$KS_CHECK.$check_client.clean_up.log" 2>&1
  ks-report end "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" \
    --exit-status "$status" "${why[@]}" "${steps[@]}" || status=2
  [[ -z $is_alone ]] || report_alone "$status"
  exit "$status"
}

# The report shows everything; its verdict is on the whole stage, of which only this check ran.
report_alone() { # STATUS
  local words=(passed failed 'could not run' inconclusive)
  ks-report end "$KS_RUN_DIR" && ks-report merge "$KS_RUN_DIR" --quiet
  tell "${words[$1]:-interrupted}, see $KS_RUN_DIR/report.html"
}
