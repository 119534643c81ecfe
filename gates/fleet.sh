#!/usr/bin/env bash
# A scenario file on several machines at once, judged as one run; see --help.
set -uo pipefail
KS_HOME=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export KS_HOME KS_BIN=${KS_BIN:-$KS_HOME/build/bin}
lib=$KS_HOME/gates/lib/fleet
# shellcheck source=gates/lib/fleet/hosts.sh
source "$lib/hosts.sh"
hosts=()
complaint=
judge_options=()
start_in=
signal=0

usage() {
  cat <<'TEXT'
usage: gates/fleet.sh HOSTS SCENARIO [options]

Runs a scenario file by several workers at the same time, over SSH, and ends with its verdict: 0 pass,
1 fail, 2 could not run, 3 inconclusive. Each does its part (ks-run work); topics, the reading back and
the judging are done here, once.

HOSTS is a list, `a,user@b:2222`, or a file with one a line. `:` is this machine, `4/a` four workers.

  -b, --brokers LIST   bootstrap addresses, which have to be reachable from every host
      --profile NAME   environment, profiles/NAME.yaml or a path
      --client NAME    client of what names none: librdkafka or wire (the first of the profile's)
      --run-id ID      identity of this run
      --bin DIR        use the executables that the hosts have there; otherwise ours are copied
      --start-in S     seconds until all begin (3, and one for each 20 workers)
      --json FILE      write the summary to a file, or - for stdout
  -q, --quiet          only errors on stderr
TEXT
}

abort() { # WHAT: WHERE; WHAT TO DO
  echo "fleet: $1" >&2
  exit 2
}

parse_arguments() {
  local words=()
  export FLEET_BIN=
  while (($# > 0)); do
    case $1 in
      -h | --help)
        usage
        exit 0
        ;;
      -q | --quiet)
        judge_options+=(--quiet)
        shift
        continue
        ;;
      -b | --brokers | --profile | --client | --run-id | --bin | --start-in | --json)
        [[ -n ${2:-} ]] || abort "$1: no value; see --help"
        take_option "$1" "$2"
        shift
        ;;
      -*) abort "unknown option '$1'; see --help" ;;
      *) words+=("$1") ;;
    esac
    shift
  done
  ((${#words[@]} == 2)) || abort 'give HOSTS and a SCENARIO; see --help'
  export FLEET_SCENARIO=${words[1]}
  hosts_read "${words[0]}" || abort "$complaint"
}

take_option() { # NAME VALUE
  case $1 in
    -b | --brokers) export KS_BROKERS=$2 ;;
    --profile) export K6_PROFILE=$2 ;;
    --client) export KS_CLIENT=$2 ;;
    --run-id) export KS_RUN_ID=$2 ;;
    --bin) export FLEET_BIN=$2 ;;
    --json) judge_options+=(--json "$2") ;;
    --start-in)
      [[ $2 =~ ^[0-9]{1,4}$ ]] || abort "--start-in '$2': give seconds"
      start_in=$2
      ;;
  esac
}

set_up() {
  local why
  "$KS_HOME/gates/lib/setup.sh" fleet || exit 2
  [[ -x $KS_BIN/ks-run ]] || abort "no executables: $KS_BIN; build them (make build)"
  why=$("$KS_BIN/ks-run" validate "$FLEET_SCENARIO" 2>&1 >/dev/null) || {
    echo "$why" >&2
    exit 2
  }
  [[ -f $FLEET_SCENARIO ]] || abort "no file: $FLEET_SCENARIO; give one scenario file"
  printf -v KS_RUN_ID '%s' "${KS_RUN_ID:-$(date -u +%Y%m%d-%H%M%S)-$(printf '%04x%04x' $RANDOM $RANDOM)}"
  printf -v KS_SEED '%s' "${KS_SEED:-$RANDOM}"
  FLEET_DIR=$(mktemp -d -t ks-fleet-XXXXXX) || abort 'no folder: TMPDIR; make room'
  export KS_RUN_ID KS_SEED FLEET_DIR FLEET_FOLDER=${KS_FLEET_FOLDER:-/tmp}/ks-fleet-$KS_RUN_ID
  trap clean_up EXIT
  trap 'interrupt 2' INT
  trap 'interrupt 15' TERM
  trap 'interrupt 1' HUP
  FLEET_SCENARIO=$(realpath "$FLEET_SCENARIO")
}

# What every machine is given: how to begin, what to do, and where.
lay_out() {
  local lay=$FLEET_DIR/lay name
  if ! mkdir -p "$lay"/{scenario,reports} || ! cp -r "$KS_HOME/profiles" "$lib/worker.sh" "$lay/" ||
    ! cp -r "$KS_HOME/reports/schema" "$lay/reports/" || ! cp "$FLEET_SCENARIO" "$lay/scenario/"; then
    abort "cannot copy: $lay; make room"
  fi
  [[ ! -e ${FLEET_SCENARIO%/*}/profiles.json ]] || cp "${FLEET_SCENARIO%/*}/profiles.json" "$lay/scenario/"
  # Of this machine's environment the workers there know this alone.
  for name in K6_TARGET KS_BROKERS KS_CLIENT KS_SEED KS_REPLICATION KS_METRICS_URL KS_DRIVER_DIR KS_TOXIPROXY \
    KS_PRINCIPAL_BROKERS; do
    [[ -z ${!name:-} ]] || printf 'export %s=%q\n' "$name" "${!name}"
  done >"$lay/env"
  # shellcheck disable=SC2016 # it is where it is there
  echo 'export KS_HOME=$here' >>"$lay/env"
  [[ -n ${K6_PROFILE:-} ]] || return 0
  name=$K6_PROFILE
  if [[ $name == */* ]]; then
    cp "$name" "$lay/profiles/" || abort "no profile: $name; check --profile"
    name="\$here/profiles/${name##*/}"
  fi
  echo "export K6_PROFILE=$name" >>"$lay/env"
}

# Distinct machines by number; of each worker its host, and the number of that.
number_hosts() {
  local host
  declare -A numbers=()
  : >"$FLEET_DIR/hosts"
  : >"$FLEET_DIR/laid"
  for host in "${hosts[@]}"; do
    [[ -n ${numbers[$host]:-} ]] || {
      numbers[$host]=${#numbers[@]}
      echo "$host" >>"$FLEET_DIR/hosts"
    }
    echo "$host ${numbers[$host]}"
  done >"$FLEET_DIR/workers"
  export FLEET_SIZE=${#hosts[@]}
}

many() { # what runs beside each other, also where one of it asks for a citation
  parallel --will-cite "$@"
}

reach_hosts() {
  local first more
  grep -nvx : "$FLEET_DIR/hosts" | sed 's/:.*//' >"$FLEET_DIR/remote"
  [[ -s $FLEET_DIR/remote ]] || return 0
  many -j 32 "$lib/lay.sh {= \$_-- =}" <"$FLEET_DIR/remote" >"$FLEET_DIR/complaints" 2>"$FLEET_DIR/noise" && return
  first=$(head -n 1 "$FLEET_DIR/complaints")
  more=$(wc -l <"$FLEET_DIR/complaints")
  ((more < 2)) || first+=" (and $((more - 1)) more)"
  ((signal)) || abort "${first:-$(tail -n 1 "$FLEET_DIR/noise")}"
}

prepare() {
  local status
  FLEET_RUN=$("$KS_BIN/ks-run" prepare "$FLEET_SCENARIO" --workers "$FLEET_SIZE")
  status=$?
  export FLEET_RUN
  ((status == 0 || status == 3)) || exit "$status"
  return "$status"
}

# They live as long as this shell holds the pipe open.
work() {
  ((start_in)) || start_in=$((3 + FLEET_SIZE / 20))
  FLEET_START=$(($(date +%s%3N) + start_in * 1000))
  export FLEET_START
  mkfifo "$FLEET_DIR/alive"
  exec 9<>"$FLEET_DIR/alive"
  ((signal == 0)) || interrupt "$signal" # before there was a pipe to close
  seq 0 $((FLEET_SIZE - 1)) |
    setsid parallel --will-cite -j "$FLEET_SIZE" --tag --joblog "$FLEET_RUN/logs/workers.tsv" "$lib/job.sh" \
      >"$FLEET_RUN/logs/workers.log" 2>&1 9>&- &
  until wait $! || ! kill -0 $! 2>/dev/null; do :; done
}

interrupt() { # SIGNAL
  signal=$1
  rm -f "$FLEET_DIR/alive" # who comes late would wait for ever for somebody to hold it open
  exec 9>&-                # every worker ends in order
}

judge() {
  ((signal == 0)) || judge_options+=(--interrupted "$signal")
  "$KS_BIN/ks-run" judge "$FLEET_RUN" "${judge_options[@]}"
}

clean_up() {
  local status=$? number
  exec 9>&-
  [[ ! -s $FLEET_DIR/laid ]] || while read -r number; do
    host_run "$(sed -n "$((number + 1))p" "$FLEET_DIR/hosts")" "rm -rf '$FLEET_FOLDER-$number'" </dev/null >/dev/null 2>&1 &
  done <"$FLEET_DIR/laid"
  wait
  rm -rf "$FLEET_DIR"
  exit "$status"
}

parse_arguments "$@"
set_up
lay_out
number_hosts
reach_hosts
((signal == 0)) || exit $((128 + signal))
! prepare || ((signal)) || work
judge
