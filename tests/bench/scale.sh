#!/usr/bin/env bash
# How time and memory grow when the work doubles: records, partitions, connections and producers, one at a
# time, against an embedded broker. Figures only: nothing here passes or fails. `make bench-scale` builds what it
# runs; KS_BENCH_DOUBLINGS says how often each is doubled. What it prints stays in
# tests/bench/results/scale.md.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
doublings=${KS_BENCH_DOUBLINGS:-4}
bench=$root/build/release/tests/verify_bench

# What it took, and how much more that is than for half as much.
row() { # WHAT NUMBER COMMAND...
  local what=$1 number=$2 begin_ns wall_ms usage
  shift 2
  begin_ns=$(date +%s%N)
  if ! "$bench" run "$@" &>"$scratch/said"; then
    echo "scale.sh: $number $what: $(tail -n 2 "$scratch/said" | head -n 1)" >&2
    return 1
  fi
  wall_ms=$((($(date +%s%N) - begin_ns) / 1000000))
  usage=$(tail -n 1 "$scratch/said")
  awk -v what="$what" -v number="$number" -v ms="$wall_ms" -v cpu="${usage% *}" -v memory="${usage#* }" \
    -v before="$before" 'BEGIN {
      split(before, last, " ")
      growth = before == "" ? "" : sprintf("× %.2f | × %.2f | × %.2f", ms / last[1],
        last[2] > 0 ? cpu / last[2] : 0, memory / last[3])
      printf "| %s %s | %.2f | %.2f | %.0f | %s |\n", number, what, ms / 1000, cpu, memory,
        growth == "" ? "| |" : growth
    }'
  before="$wall_ms $usage"
}

# Prints the rows of one dimension, each twice what the one before has.
grows() { # WHAT FIRST FUNCTION
  local before='' number=$2 i
  echo "| $1 | s | CPU s | MiB | time | CPU | memory |"
  echo '|---|---:|---:|---:|---:|---:|---:|'
  for ((i = 0; i <= doublings; ++i, number *= 2)); do
    "$3" "$number" || break
  done
  echo
}

new_topic() { # PARTITIONS
  topic=scale-$((++topics))
  "$KS_BIN/ks-admin" -b "$brokers" -q topics create "$topic" --partitions "$1" >/dev/null
}

produced() { # WHAT NUMBER OPTION...
  rm -rf "$scratch/history"
  row "$1" "$2" "$KS_BIN/ks-produce" -b "$brokers" -q -t "$topic" --client wire --size 100 --history "$scratch/history" "${@:3}"
}

records_produced() { new_topic 1 && produced records "$1" --count "$1"; }
records_verified() {
  new_topic 1
  "$KS_BIN/ks-produce" -b "$brokers" -q -t "$topic" --client wire --size 100 --count "$1" --history "$scratch/read-$1"
  row records "$1" "$KS_BIN/ks-consume" -b "$brokers" -q -t "$topic" --client wire -o beginning -e -f none --verify \
    --history "$scratch/read-$1"
}
partitions() { new_topic "$1" && produced partitions "$1" --count 200000; }
producers() { new_topic 1 && produced producers "$1" --count 200000 --producers "$1"; }
connections() { row connections "$1" "$KS_BIN/ks-probe" storm -q -b "$brokers" --connections "$1"; }

topics=0
brokers=$(embedded_up "$cluster" 1)
new_topic 1
"$KS_BIN/ks-produce" -b "$brokers" -q -t "$topic" --client wire --count 200000 >/dev/null # warm
report() {
  printf '# When the work doubles\n\nTime, CPU and memory of one executable, its start included, and how they grow.\n\n%s\n\n' \
    "$(machine_facts)"
  grows 'records produced' 100000 records_produced
  grows 'records read and verified' 100000 records_verified
  grows 'partitions, 200,000 records' 8 partitions
  grows 'producers, 200,000 records' 1 producers
  grows 'connections' 250 connections
}
keep scale.md report
