#!/usr/bin/env bash
# Brings home what the workers of a Kubernetes Job left (compose/k8s-fleet), each when it is done:
#   fetch_pods.sh RUN NAMESPACE WORKERS
# KS_FLEET_SECONDS is how long all of them together may take (3600). What a worker that died left is lost with its pod.
set -uo pipefail
KS_BIN=${KS_BIN:-$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/build/bin}
job=${KS_FLEET_JOB:-ks-fleet}
folder=/work/run # of job.yaml
declare -A pod=() phase=()

abort() { # WHAT: WHERE; WHAT TO DO
  echo "fetch_pods.sh: $1" >&2
  exit 2
}

# A line for each pod of the Job: its worker, its name, its phase.
list_pods() {
  local each='{.metadata.labels.batch\.kubernetes\.io/job-completion-index} pod/{.metadata.name} {.status.phase}{"\n"}'
  kubectl --request-timeout=20s -n "$namespace" get pods -l "job-name=$job" -o "jsonpath={range .items[*]}$each{end}"
}

# Sets the phase of each worker's pod: none where it is gone, also where another took its place. A cluster that
# cannot be asked says nothing of its pods.
look_around() {
  local list index name state
  list=$(list_pods) || return 0
  phase=()
  while read -r index name state; do
    [[ -n $index ]] || continue
    [[ ${pod[$index]:=$name} != "$name" ]] || phase[$index]=$state
  done <<<"$list"
}

# On a node that answers no more, this has an end, too.
in_pod() { # INDEX COMMAND…
  local left=$((limit - SECONDS))
  timeout $((left > 60 ? left : 60)) kubectl -n "$namespace" exec "${pod[$1]}" -- "${@:2}" </dev/null
}

# Sets `status`, with which its worker ended.
is_done() { # INDEX
  status=$(in_pod "$1" cat "$folder/ended" 2>/dev/null)
  [[ $status =~ ^[0-9]+$ ]] # not one that is still being written
}

# Without it the judge takes no latency between this worker and others for known.
compare_clock() { # INDEX NAME
  "$KS_BIN/ks-run" clock --json "$run/workers/$1/$2.json" -- \
    kubectl -n "$namespace" exec -i "${pod[$1]}" -- /ks/bin/ks-run clock --serve &>/dev/null
}

note_end() { # INDEX STATUS
  printf '{"host": "%s", "exit_status": %d}\n' "${pod[$1]:-$job-$1}" "$2" >"$run/workers/$1/engine.json"
}

keep_log() { # INDEX
  [[ -z ${pod[$1]:-} ]] ||
    kubectl --request-timeout=20s -n "$namespace" logs "${pod[$1]}" >"$run/workers/$1/said" 2>/dev/null
}

lose() { # INDEX WHY
  local said=$run/workers/$1/said last
  keep_log "$1"
  last=$(tail -n 1 "$said" 2>/dev/null)
  echo "$2${last:+; it last said: $last}" >>"$said"
  note_end "$1" 1
}

fetch() { # INDEX
  local home=$run/workers/$1 errors
  compare_clock "$1" clock-end
  if errors=$({ in_pod "$1" tar -C "$folder" -cf - . | tar -C "$home" -xf -; } 2>&1); then
    keep_log "$1"
    note_end "$1" "$status"
    in_pod "$1" touch "$folder/fetched" || true # it goes by itself, later
  else
    # What came is evidence, and not all of it.
    errors=${errors%$'\n'*not recoverable*} # tar's last word, after the reason
    lose "$1" "its folder could not be copied: ${errors##*$'\n'}"
  fi
}

# Whether it is known what became of a worker.
settle() { # INDEX
  local home=$run/workers/$1 status
  mkdir -p "$home"
  [[ ${phase[$1]:-} != Running || -e $home/clock.json ]] || compare_clock "$1" clock
  if [[ -n ${pod[$1]:-} && -z ${phase[$1]:-} ]]; then
    lose "$1" 'its pod is gone'
  elif [[ ${phase[$1]:-} == @(Failed|Succeeded) ]]; then
    lose "$1" "its pod ended (${phase[$1]}) before its folder was fetched"
  elif [[ ${phase[$1]:-} == Running ]] && is_done "$1"; then
    fetch "$1"
  elif ((SECONDS >= limit)); then
    lose "$1" "it was not done within $limit s"
  else
    return 1
  fi
}

(($# == 3)) || abort 'usage: fetch_pods.sh RUN NAMESPACE WORKERS'
run=$1 namespace=$2 limit=${KS_FLEET_SECONDS:-3600}
[[ -r $run/fleet.json ]] || abort "no run of a fleet: $run; give the folder that ks-run prepare printed"
[[ -x $KS_BIN/ks-run ]] || abort "no executables: $KS_BIN; build them (make build)"
command -v kubectl >/dev/null || abort 'no kubectl: PATH; install it'
mapfile -t waiting < <(seq 0 $(($3 - 1)))
while ((${#waiting[@]} > 0)); do
  look_around
  still=()
  for index in "${waiting[@]}"; do settle "$index" || still+=("$index"); done
  waiting=("${still[@]}")
  ((${#waiting[@]} == 0)) || sleep 1
done
