#!/usr/bin/env bash
# One worker of a fleet, on its own machine or in its own container:
#   worker.sh run SCENARIO FOLDER   does its part, and leaves what came of it in FOLDER; SCENARIO is a file, or a
#                                   folder with one scenario file
#   worker.sh end FOLDER            ends what is left of a worker that died there
# What it is to do says the environment, or a file `env` beside this script: KS_SHARD (i/N), or of a Kubernetes
# Indexed Job JOB_COMPLETION_INDEX and KS_FLEET_SIZE; KS_RUN_ID; KS_START_AT, milliseconds since 1970. KS_BIN is
# the folder of the executables (bin beside this script). With KS_UNTIL_EOF=1 it ends where standard input does;
# KS_LINGER is for how many seconds it stays at its end, until FOLDER/fetched is there; FOLDER/ended has its status then.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)

abort() { # WHAT: WHERE; WHAT TO DO
  echo "worker.sh: $1" >&2
  exit 2
}

# Sets `scenario`. By its name the judge knows its results, so that a folder may have but one.
find_scenario() { # FILE-OR-FOLDER
  local file files=()
  scenario=$1
  [[ -d $1 ]] || return 0
  for file in "$1"/*; do
    [[ ! -f $file || ${file##*/} == profiles.json ]] || files+=("$file")
  done
  ((${#files[@]} == 1)) || abort "${#files[@]} scenario files: $1; give a folder with one, or a file"
  scenario=${files[0]}
}

run() { # SCENARIO FOLDER
  local scenario shard=${KS_SHARD:-} options=() status=0
  find_scenario "$1"
  [[ -n $shard || -z ${JOB_COMPLETION_INDEX:-} ]] || shard=$JOB_COMPLETION_INDEX/${KS_FLEET_SIZE:-}
  [[ $shard =~ ^[0-9]+/[0-9]+$ ]] ||
    abort "no part '$shard': set KS_SHARD, or JOB_COMPLETION_INDEX and KS_FLEET_SIZE"
  [[ -n ${KS_RUN_ID:-} ]] || abort 'no run: set KS_RUN_ID'
  [[ -z ${KS_START_AT:-} ]] || options+=(--start-at "$KS_START_AT")
  [[ ${KS_UNTIL_EOF:-} != 1 ]] || options+=(--until-eof)
  # By KS_RUN_DIR `end` knows the processes.
  export KS_RUN_DIR=$2
  set -- "${KS_BIN:-$here/bin}/ks-run" work "$scenario" -o "$2" --shard "$shard" --run-id "$KS_RUN_ID" "${options[@]}"
  [[ -n ${KS_LINGER:-} ]] || exec "$@"
  "$@" &
  # shellcheck disable=SC2064 # it is known now
  trap "kill -TERM $! 2>/dev/null" TERM INT
  wait $!
  status=$?
  while kill -0 $! 2>/dev/null; do # a signal ended the waiting, and not yet the worker
    wait $!
    status=$?
  done
  linger "$status"
  exit "$status"
}

# `ended` tells who fetches it that there is no more to wait for, also of a worker that died or could not begin.
linger() { # STATUS
  local end=$((SECONDS + KS_LINGER))
  mkdir -p "$KS_RUN_DIR" && echo "$1" >"$KS_RUN_DIR/ended"
  until [[ -e $KS_RUN_DIR/fetched ]] || ((SECONDS >= end)); do sleep 0.5; done
}

left() { # FOLDER
  grep -lsxzF "KS_RUN_DIR=$1" /proc/[0-9]*/environ | sed -n 's:^/proc/\([0-9]*\)/.*:\1:p'
}

end() { # FOLDER
  local signal try pids
  for signal in TERM KILL; do
    for ((try = 0; try < 50; try++)); do
      mapfile -t pids < <(left "$1")
      ((${#pids[@]} > 0)) || return 0
      ((try > 0)) || kill "-$signal" "${pids[@]}" 2>/dev/null
      sleep 0.1
    done
  done
  abort "what ran there cannot be ended: $1; end ${pids[*]}"
}

# shellcheck disable=SC1091 # what who copied this put there
[[ ! -r $here/env ]] || source "$here/env"
case ${1:-}:$# in
  run:3) run "$2" "$3" ;;
  end:2) end "$2" ;;
  *) abort 'usage: worker.sh run SCENARIO FOLDER | end FOLDER' ;;
esac
