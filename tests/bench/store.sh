#!/usr/bin/env bash
# What ks-store costs on this machine: a topic of 10 GB, compared with the history of who sent it. Figures
# only: nothing here passes or fails. `make bench-store` builds what it runs; KS_BENCH_MEGABYTES changes the size.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
megabytes=${KS_BENCH_MEGABYTES:-10000}
build/release/tests/store_bench write "$scratch" "$megabytes"
build/release/tests/verify_bench run "$KS_BIN/ks-store" verify "$scratch/store" -t bench --history "$scratch/history" \
  --json "$scratch/result" 2>"$scratch/cost" >/dev/null
read -r seconds mebibytes <"$scratch/cost"
awk -v mb="$megabytes" -v s="$seconds" -v m="$mebibytes" \
  -v records="$(jq .metrics.uuid_matched_records "$scratch/result")" 'BEGIN {
  printf "store: %.1f GB, %.3g records found, in %.2f s of CPU time and %.0f MiB\n", mb / 1000, records, s, m
}'
