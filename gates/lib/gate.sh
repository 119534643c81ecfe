# Sourced by gates/*.sh: one stage from the profile to the verdict.
#
# A gate first tries the broker's port, then sets up and builds, then runs its checks through CTest,
# and leaves the rest to ks-report. Its exit status is the verdict's.
set -uo pipefail

KS_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export KS_HOME
export KS_BIN=${KS_BIN:-$KS_HOME/build/bin}
# shellcheck source=gates/lib/embedded.sh
source "$KS_HOME/gates/lib/embedded.sh"
# shellcheck source=gates/lib/librdkafka.sh
source "$KS_HOME/gates/lib/librdkafka.sh"
# shellcheck source=gates/lib/machine.sh
source "$KS_HOME/gates/lib/machine.sh"
# shellcheck source=gates/lib/pages.sh
source "$KS_HOME/gates/lib/pages.sh"
# shellcheck source=gates/lib/principals.sh
source "$KS_HOME/gates/lib/principals.sh"
# shellcheck source=gates/lib/progress.sh
source "$KS_HOME/gates/lib/progress.sh"
# shellcheck source=gates/lib/toxiproxy.sh
source "$KS_HOME/gates/lib/toxiproxy.sh"

program=gate
checks_pid=
checks_status=0
checks_tree=
cluster=
interrupted=
report_options=()

# run_gate STAGE ARGUMENT…
run_gate() {
  export KS_STAGE=$1
  is_validation && program=$1 || program=gate-$1
  shift
  parse_arguments "$@"
  choose_profile
  ! is_validation || require_machine "${KS_REPORTS:-$KS_HOME/reports}" "$KS_HOME/build"
  is_embedded || require_listener
  set_up
  trap clean_up EXIT
  trap 'interrupt 2' INT
  trap 'interrupt 15' TERM
  trap 'interrupt 1' HUP # CTest is in a session of its own, and does not hear that this one is gone
  ! is_embedded || start_embedded
  begin_run
  run_checks
  report
}

# What stands beside the release gate: see report::is_validation.
is_validation() { [[ ${KS_STAGE:-} == @(performance|delivery) ]]; }

abort() {
  echo "$program: $1" >&2
  exit 2
}

parse_arguments() {
  while (($# > 0)); do
    case $1 in
      --profile)
        [[ -n ${2:-} ]] || abort '--profile: no name; see --help'
        export K6_PROFILE=$2
        shift
        ;;
      --charter)
        [[ -n ${2:-} ]] || abort '--charter: no file; see --help'
        export KS_CHARTER=$2
        shift
        ;;
      --github) report_options+=(--github) ;;
      --help | -h)
        usage
        exit 0
        ;;
      *) abort "unknown argument '$1'; see --help" ;;
    esac
    shift
  done
}

usage() {
  cat <<EOF
usage: gates/$KS_STAGE.sh [--profile NAME] [--charter FILE] [--github]${further_arguments:+ $further_arguments}

Runs the $(occasion) and ends with its verdict: 0 pass, 1 fail, 2 could not run, 3 inconclusive.
--github annotates a run of GitHub Actions, and writes the job's summary.${further_usage:+
$further_usage}

  K6_PROFILE    environment to test: $(profile_names)
  K6_TARGET     kafka: test an Apache Kafka for compatibility
  KS_BROKERS    bootstrap addresses instead of the profile's
  KS_CHARTER    promises and accepted gaps of a KafScale (profiles/charter.yaml)
  KS_REPORTS    folder of the run folders (reports)
  GATE_TIME     full (default) or short: how long faults and loads last; only full can say release
  KS_REPLICATION  replicas of the topics that have to outlive a broker (1)
  KS_SEED       what is left to chance, the same again
  KS_LIBRDKAFKA versions or libraries to compare with, '2.6.1 /path/to/librdkafka.so.1'
  KS_MATRIX     all: the PR stage compares the Java clients, too
  KS_JOBS       checks side by side (6)
  WITH_DEBEZIUM 1: the validation of delivery tests Debezium, too
  KS_FAIL_FAST  1: stop at the first check that does not pass
EOF
}

occasion() {
  is_validation && echo "validation of $KS_STAGE" || echo "$KS_STAGE gate"
}

profile_names() {
  (cd "$KS_HOME/profiles" && printf '%s ' *.yaml) | sed 's/charter\.yaml //; s/\.yaml//g'
}

# The same rules as the executables': before anything is built, the shell has to know.
choose_profile() {
  profile=${K6_PROFILE:-}
  if [[ -z $profile ]]; then
    [[ ${K6_TARGET:-} == kafka ]] && profile=kafka-local || profile=local-service
  fi
  export K6_PROFILE=$profile GATE_TIME=${GATE_TIME:-full}
  [[ $GATE_TIME == @(short|full) ]] ||
    abort "unknown duration '$GATE_TIME': GATE_TIME; choose short or full"
  full_time=()
  [[ $GATE_TIME != full ]] || full_time=(--full-time)
  demanded=()
  [[ ${WITH_DEBEZIUM:-} != 1 ]] || demanded=(--demand debezium_recovery)
  [[ ${KS_ONLY:-} != max_rate ]] || demanded=(--demand max_rate)
  profile_file=$KS_HOME/profiles/$profile.yaml
  [[ $profile != */* ]] || profile_file=$profile
  [[ -r $profile_file ]] || abort "no profile '$profile'; there are: $(profile_names)"
  [[ ${K6_TARGET:-kafka} == @(kafka|kafscale) ]] ||
    abort "unknown target '$K6_TARGET': K6_TARGET; choose kafscale or kafka"
}

is_embedded() {
  [[ $profile_file -ef $KS_HOME/profiles/embedded.yaml ]]
}

# One broker that listens is enough to go on; the checks judge the rest.
require_listener() {
  local silent
  silent=$(silent_brokers)
  [[ -z $silent ]] || abort "no listener: nothing listens on ${silent// /,} (profile $profile); start KafScale there, choose another profile with K6_PROFILE=NAME ($(profile_names)), or use K6_PROFILE=embedded for a real Apache Kafka"
}

# Every broker, where none listens. Prints nothing where one does, or where that cannot be told from
# here: the executables then say what is wrong.
silent_brokers() {
  local broker state brokers=()
  while read -r broker _ state _; do
    [[ -n $broker ]] || continue
    [[ ${state:-$(state_of "$broker")} == stopped ]] || return
    brokers+=("$broker")
  done < <(list_brokers)
  echo "${brokers[*]}"
}

# One a line; with its state, where the executables are built.
list_brokers() {
  if [[ -x $KS_BIN/ks-restart ]]; then
    "$KS_BIN/ks-restart" status --driver none --timeout 1s 2>/dev/null
  else
    brokers_as_written | tr -d "[]\"'" | tr -s ', ' '\n'
  fi
}

# In brackets or one a line: the two ways to write a list in YAML.
brokers_as_written() {
  if [[ -n ${KS_BROKERS:-} ]]; then
    echo "$KS_BROKERS"
  else
    awk '/^[^ #-]/ { ours = sub(/^brokers:/, "") } ours' "$profile_file" | sed 's/ *#.*//; s/^ *- //'
  fi
}

state_of() { # HOST:PORT
  [[ $1 =~ ^[^/@]+:[0-9]+$ ]] || return
  # shellcheck disable=SC2016 # expanded in the other shell
  timeout 1 bash -c '>/dev/tcp/$0/$1' "${1%:*}" "${1##*:}" 2>/dev/null || echo stopped
}

# Two gates may start at once; one of them builds.
set_up() {
  mkdir -p "$KS_HOME/build" || abort 'cannot make the build folder'
  make -s -C "$KS_HOME" build >&2 || abort 'the build failed; see above'
  PATH=$KS_BIN:$PATH
  librdkafka_prepare || exit 2
}

# What goes beyond the PR stage ends brokers under traffic, and others have to take over. Performance is
# that of one, which has the machine to itself.
start_embedded() {
  local count=3
  [[ $KS_STAGE != @(pr|performance) ]] || count=1
  cluster=$KS_HOME/build/embedded/gate-$$
  # Not in a subshell: this shell keeps the cluster's ports locked.
  export KS_OWNER_PID=$$ KS_REPLICATION=$count
  if ((count == 1)); then
    embedded_up "$cluster" 1 >/dev/null || exit 2
  else
    start_cluster "$count" || exit 2
    toxiproxy_up_before "$cluster" "$cluster/toxiproxy" >/dev/null || exit 2
    KS_TOXIPROXY=$(<"$cluster/toxiproxy/api")
    export KS_TOXIPROXY
  fi
  # Three that make up a quorum cannot begin as one: for that there is another cluster, which the check
  # itself starts.
  if [[ $KS_STAGE == release ]]; then
    export KS_SCALE_OUT_DIR=$cluster/scale-out
    KS_KAFKA_QUORUM=1 kafka_lay_out "$KS_SCALE_OUT_DIR" 3 || exit 2
  fi
  KS_BROKERS=$(paste -d , "$cluster"/broker-*/address)
  export KS_BROKERS KS_DRIVER_DIR=$cluster
}

# Who may do what is asked by the release stage alone.
start_cluster() { # NODES
  if [[ $KS_STAGE == release ]]; then
    principals_up "$cluster" "$1" PROXIED
  else
    KS_KAFKA_LISTENERS=PROXIED embedded_up "$cluster" "$1" >/dev/null
  fi
}

begin_run() {
  KS_RUN_ID=$(date -u +%Y%m%d-%H%M%S)-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ')
  KS_RUN_DIR=${KS_REPORTS:-$KS_HOME/reports}/$KS_RUN_ID
  export KS_RUN_ID KS_RUN_DIR KS_SEED=${KS_SEED:-$RANDOM}
  mkdir -p "$KS_RUN_DIR/logs" 2>/dev/null
  require_room
  # Who answers, and can clients work there at all: a gate must not bless the wrong system, and its
  # checks must not time out one by one over what is known from the start.
  ks-admin identify --json "$KS_RUN_DIR/identity.json" >"$KS_RUN_DIR/logs/identify.log" || exit 2
  ks-report begin "$KS_RUN_DIR" --stage "$KS_STAGE" --profile "$profile" --run-id "$KS_RUN_ID" \
    --identity "$KS_RUN_DIR/identity.json" "${full_time[@]}" "${demanded[@]}" ${KS_ONLY:+--only "$KS_ONLY"} || exit 2
}

# Checks whose results found no room would look as if they had not run.
require_room() {
  local probe=$KS_RUN_DIR/.room
  { head -c 1048576 /dev/zero >"$probe"; } 2>/dev/null && rm "$probe" && return
  rm -f "$probe"
  abort "cannot write reports: $KS_RUN_DIR; make room or set KS_REPORTS"
}

run_checks() {
  local log=$KS_RUN_DIR/logs/ctest.log
  checks_tree=$KS_HOME/build/checks/$KS_RUN_ID
  cmake -S "$KS_HOME/gates" -B "$checks_tree" >"$log" 2>&1 ||
    abort "cannot list the checks; see $log"
  local options=(--test-dir "$checks_tree" -L "^$KS_STAGE\$" -j "${KS_JOBS:-6}" --output-on-failure)
  [[ ${KS_FAIL_FAST:-} != 1 ]] || options+=(--stop-on-failure)
  # A process group of its own: an interrupt reaches every tool of every check.
  setsid ctest "${options[@]}" >>"$log" 2>&1 &
  checks_pid=$!
  progress_begin "$log"
  await_checks
  require_room
}

# CTest may be gone before its checks are, which still clean up and say that they ended: each holds
# the lock as long as it runs.
await_checks() {
  wait "$checks_pid"
  checks_status=$?
  checks_pid=
  progress_end
  flock --timeout 60 "$KS_RUN_DIR/results" true
}

# A failure that CTest saw needs a result that tells of it.
report() {
  local why=() status
  if [[ -n $interrupted ]]; then
    why=(--interrupted "signal $interrupted")
  elif ((checks_status != 0)); then
    why=(--failure "CTest ended with status $checks_status")
  fi
  ks-report end "$KS_RUN_DIR" "${why[@]}" && ks-report merge "$KS_RUN_DIR" --latest "${report_options[@]}"
  status=$?
  [[ -z $interrupted ]] || exit $((128 + interrupted))
  ! is_validation || leave_page
  exit "$status"
}

# The page to keep: of this run beside its report; of the newest runs where those stand, if it was one at
# full time. Where nothing came to its end there is none.
leave_page() {
  local page=${pages[$KS_STAGE]} reports=${KS_RUN_DIR%/*}
  ks-report "$KS_STAGE" "$KS_RUN_DIR" -o "$KS_RUN_DIR/$page" || return 0
  echo "page: $KS_RUN_DIR/$page"
  [[ $GATE_TIME == full ]] || return 0
  ks-report "$KS_STAGE" "$reports" -o "$reports/$page" && echo "page: $reports/$page"
}

# What had ended stays valid and is reported; the checks clean up after themselves.
interrupt() {
  interrupted=$1
  trap '' INT TERM HUP
  if [[ -n $checks_pid ]]; then
    kill -TERM -- "-$checks_pid" 2>/dev/null
    await_checks
    report
  fi
  exit $((128 + $1))
}

clean_up() {
  local status=$?
  trap - EXIT
  progress_end
  [[ -z $checks_tree ]] || rm -rf "$checks_tree"
  [[ -z $cluster ]] || stop_embedded
  exit "$status"
}

stop_embedded() {
  local node name
  for node in "$cluster"/{,scale-out/}broker-*; do
    name=${node#"$cluster/"}
    [[ ! -r $node/log || -z ${KS_RUN_DIR:-} ]] || cp "$node/log" "$KS_RUN_DIR/logs/${name/\//-}.log"
  done
  toxiproxy_down "$cluster/toxiproxy"
  [[ -z ${KS_SCALE_OUT_DIR:-} ]] || embedded_down "$KS_SCALE_OUT_DIR" >/dev/null
  embedded_down "$cluster" >/dev/null
}
