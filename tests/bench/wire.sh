#!/usr/bin/env bash
# What a record costs each client on this machine: the CPU time, user and system, of whole runs of
# ks-produce and ks-consume against an embedded broker, the clients in turn. Figures only: nothing
# here passes or fails. KS_BENCH_RUNS and KS_BENCH_RECORDS change how much is measured.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
make -s build
# shellcheck source=gates/lib/embedded.sh
source gates/lib/embedded.sh
export KS_HOME=$root KS_BIN=$root/build/bin KS_OWNER_PID=$$
unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT
runs=${KS_BENCH_RUNS:-5} records=${KS_BENCH_RECORDS:-300000}
clients=(librdkafka wire)
cluster=build/embedded/bench-$$
scratch=$(mktemp -d)
trap 'embedded_down "$cluster" >/dev/null; rm -rf "$scratch"' EXIT

# The CPU seconds of a command.
cpu_s() {
  local TIMEFORMAT='%3U %3S'
  { time "$@" >/dev/null 2>"$scratch/stderr"; } 2>"$scratch/time" || {
    cat "$scratch/stderr" >&2
    return 1
  }
  awk '{ print $1 + $2 }' "$scratch/time"
}

median() {
  sort -n "$1" | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}

# Runs a command with each client in turn, and prints what a record costs.
measure() { # TITLE COMMAND...
  local title=$1 client i
  shift
  rm -f "$scratch"/*.cpu
  for ((i = 0; i < runs; ++i)); do
    for client in "${clients[@]}"; do
      cpu_s "$@" --client "$client" >>"$scratch/$client.cpu"
    done
  done
  awk -v title="$title" -v records="$records" -v runs="$runs" \
    -v librdkafka="$(median "$scratch/librdkafka.cpu")" -v wire="$(median "$scratch/wire.cpu")" 'BEGIN {
      us = 1e6 / records
      printf "%s: librdkafka %.2f us, wire %.2f us of CPU time a record, ratio %.2f (medians of %d)\n",
        title, librdkafka * us, wire * us, wire / librdkafka, runs
    }'
}

brokers=$(embedded_up "$cluster" 1)
produce=("$KS_BIN/ks-produce" -b "$brokers" --count "$records" --size 1KiB --timeout 60s)
measure 'produce 1 KiB, acks=all' "${produce[@]}" -t bench-idempotent
measure 'produce 1 KiB, acks=all, not idempotent' "${produce[@]}" -t bench-plain --idempotence off
"${produce[@]}" -t bench-read >/dev/null
measure 'consume 1 KiB, all partitions' "$KS_BIN/ks-consume" -b "$brokers" -t bench-read -e -f none
