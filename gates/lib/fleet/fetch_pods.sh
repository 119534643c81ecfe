#!/usr/bin/env bash
# Brings home what the workers of a Kubernetes Job left (compose/k8s-fleet), each when it is done:
#   fetch_pods.sh RUN NAMESPACE WORKERS
# KS_FLEET_SECONDS is how long the slowest may take (3600). What a worker that died left is lost with its pod.
set -uo pipefail
job=${KS_FLEET_JOB:-ks-fleet}
folder=/work/run # of job.yaml

abort() { # WHAT: WHERE; WHAT TO DO
  echo "fetch_pods.sh: $1" >&2
  exit 2
}

pod_of() { # INDEX
  kubectl -n "$namespace" get pods -o name \
    -l "job-name=$job,batch.kubernetes.io/job-completion-index=$1" | head -n 1
}

# Its state where it has ended, else nothing.
phase_of() { # POD
  kubectl -n "$namespace" get "$1" -o 'jsonpath={.status.phase}' | grep -xE 'Failed|Succeeded'
}

is_done() { # POD
  kubectl -n "$namespace" exec "$1" -- grep -q '"ended_at": "' "$folder/worker.json" 2>/dev/null
}

fetch() { # INDEX
  local pod home=$run/workers/$1 phase=
  mkdir -p "$home"
  until pod=$(pod_of "$1") && [[ -n $pod ]] && { is_done "$pod" || phase=$(phase_of "$pod"); }; do
    ((SECONDS < limit)) || phase=late
    [[ -z $phase ]] || break
    sleep 1
  done
  if [[ -z $phase ]]; then
    kubectl -n "$namespace" exec "$pod" -- tar -C "$folder" -cf - . | tar -C "$home" -xf -
    kubectl -n "$namespace" exec "$pod" -- touch "$folder/fetched"
    printf '{"host": "%s", "exit_status": 0}\n' "$pod" >"$home/engine.json"
  else
    printf '{"host": "%s", "exit_status": 1}\n' "${pod:-$job-$1}" >"$home/engine.json"
    kubectl -n "$namespace" logs "$pod" >"$home/said" 2>&1
  fi
}

(($# == 3)) || abort 'usage: fetch_pods.sh RUN NAMESPACE WORKERS'
run=$1 namespace=$2 limit=${KS_FLEET_SECONDS:-3600}
[[ -r $run/fleet.json ]] || abort "no run of a fleet: $run; give the folder that ks-run prepare printed"
command -v kubectl >/dev/null || abort 'no kubectl: PATH; install it'
for ((index = 0; index < $3; index++)); do fetch "$index"; done
