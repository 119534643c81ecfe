#!/usr/bin/env bash
# The PR gate's figures on this machine: how long its checks take on a running embedded broker, how
# soon each executable's first request is on its way, and how much memory the largest one needs.
# Figures only: nothing here passes or fails.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
make -s build
gates/lib/setup.sh bench
# shellcheck source=gates/lib/embedded.sh
source gates/lib/embedded.sh
export KS_HOME=$root KS_BIN=$root/build/bin KS_OWNER_PID=$$
cluster=build/embedded/bench-$$
scratch=$(mktemp -d)
trap 'embedded_down "$cluster" >/dev/null; rm -rf "$scratch"' EXIT

now_ms() { echo $(($(date +%s%N) / 1000000)); }

# Wall time of the checks alone: the broker is up before, and stopped after.
measure_gate() {
  local begin_ms
  begin_ms=$(now_ms)
  embedded_up "$cluster" 1 >/dev/null
  echo "embedded broker ready: $(($(now_ms) - begin_ms)) ms"
  KS_BROKERS=$(<"$cluster/broker-1/address")
  printf 'target: kafka\nbrokers: [%s]\ndriver: {kind: process, dir: %s}\n' \
    "$KS_BROKERS" "$root/$cluster" >"$scratch/running.yaml"
  export KS_BROKERS KS_DRIVER_DIR=$root/$cluster K6_PROFILE=$scratch/running.yaml
  begin_ms=$(now_ms)
  KS_REPORTS=$scratch/reports gates/pr.sh >"$scratch/gate.log" 2>&1 || true
  echo "PR gate on a running broker, whole: $(($(now_ms) - begin_ms)) ms"
  sed -n 's/^Total Test time (real) = *\(.*\) sec/PR gate, its checks: \1 s/p' \
    "$scratch"/reports/2*/logs/ctest.log
  echo "verdict: $(jq -r '.verdict + ", " + .decision' "$scratch"/reports/2*/summary.json)"
}

# From exec to the first connection to the broker, as the kernel saw it.
measure_start() {
  local tool=$1 ms
  shift
  strace -f -qq -r -e trace=execve,connect -o "$scratch/trace" "$KS_BIN/$tool" "$@" \
    >/dev/null 2>&1 || true
  ms=$(awk '{ sum += $2 } /AF_INET/ { printf "%.1f", sum * 1000; exit }' "$scratch/trace")
  echo "$tool: first request after ${ms:-?} ms, largest memory $(peak_mib "$tool" "$@") MiB"
}

peak_mib() {
  /usr/bin/time -f %M -o "$scratch/memory" "$KS_BIN/$1" "${@:2}" >/dev/null 2>&1 || true
  awk '/^[0-9]+$/ { printf "%.1f", $1 / 1024 }' "$scratch/memory"
}

measure_gate
measure_start ks-produce -t bench --count 100000
measure_start ks-consume -t bench -e -f none
measure_start ks-admin topics list
measure_start ks-offsets list -t bench
measure_start ks-restart wait-ready
measure_start ks-metrics --url "http://$KS_BROKERS/metrics"
