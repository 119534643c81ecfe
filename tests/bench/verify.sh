#!/usr/bin/env bash
# What the checker and the histories cost on this machine. Figures only: nothing here passes or fails.
# `make bench-verify` builds what it runs. KS_BENCH_HISTORY changes how many acknowledgements (and as
# many reads) are judged, KS_BENCH_RECORDS and KS_BENCH_RUNS how many are produced and consumed, and how often.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
bench=build/release/tests/verify_bench
judged=${KS_BENCH_HISTORY:-100000000}
runs=${KS_BENCH_RUNS:-5} records=${KS_BENCH_RECORDS:-3000000}

# The CPU time of a command with and without a history, in turn, and the difference.
overhead() { # TITLE COMMAND...
  local title=$1 i
  shift
  rm -f "$scratch"/*.cpu
  for ((i = 0; i < runs; ++i)); do
    "$bench" run "$@" 2>>"$scratch/without.cpu" >/dev/null
    "$bench" run "$@" --history "$scratch/h" 2>>"$scratch/with.cpu" >/dev/null
    rm -rf "$scratch/h"
  done
  awk -v title="$title" -v records="$records" -v runs="$runs" -v without="$(median "$scratch/without.cpu")" \
    -v with="$(median "$scratch/with.cpu")" 'BEGIN {
      us = 1e6 / records
      printf "%s: %.3f us of CPU time a record without a history, %.3f us with one: %+.1f %% (medians of %d)\n",
        title, without * us, with * us, (with / without - 1) * 100, runs
    }'
}

brokers=$(embedded_up "$cluster" 1)
for client in librdkafka wire; do
  produce=("$KS_BIN/ks-produce" -q -b "$brokers" --client "$client" --count "$records" --timeout 60s)
  overhead "produce 100 B, $client" "${produce[@]}" -t "bench-$client"
  "${produce[@]}" -t "read-$client"
  overhead "consume 100 B, $client" "$KS_BIN/ks-consume" -q -b "$brokers" --client "$client" -t "read-$client" -e -f none
done
embedded_down "$cluster" >/dev/null

"$bench" write "$scratch/history" "$judged"
bytes=$(du -sb "$scratch/history" | cut -f1)
"$bench" run "$KS_BIN/ks-verify" -q "$scratch/history" 2>"$scratch/verify" >/dev/null
read -r seconds mebibytes <"$scratch/verify"
awk -v n="$judged" -v bytes="$bytes" -v s="$seconds" -v m="$mebibytes" 'BEGIN {
  printf "verify: %.3g acknowledgements and as many reads (%.0f MB of history) in %.2f s of CPU time and %.0f MiB\n",
    n, bytes / 1e6, s, m
}'
