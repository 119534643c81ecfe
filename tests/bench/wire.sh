#!/usr/bin/env bash
# What a record costs each client on this machine: its own CPU time, user and system, against an
# embedded broker, the clients in turn. Figures only: nothing here passes or fails. `make bench-wire`
# builds what it runs. KS_BENCH_RUNS and KS_BENCH_RECORDS change how much is measured.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
runs=${KS_BENCH_RUNS:-5} records=${KS_BENCH_RECORDS:-500000}
clients=(librdkafka wire)

# Runs the bench with each client in turn, and prints what a record costs.
measure() { # produce|consume TITLE
  local what=$1 title=$2 client i
  rm -f "$scratch"/*.us
  for ((i = 0; i < runs; ++i)); do
    for client in "${clients[@]}"; do
      build/release/tests/client_bench "$what" "$client" "$brokers" bench "$records" >>"$scratch/$client.us"
    done
  done
  awk -v title="$title" -v runs="$runs" -v librdkafka="$(median "$scratch/librdkafka.us")" \
    -v wire="$(median "$scratch/wire.us")" 'BEGIN {
      printf "%s: librdkafka %.2f us, wire %.2f us of CPU time a record, ratio %.2f (medians of %d)\n",
        title, librdkafka, wire, wire / librdkafka, runs
    }'
}

brokers=$(embedded_up "$cluster" 1)
measure produce 'produce 1 KiB, acks=all'
measure consume 'consume 1 KiB, CRC checked'
