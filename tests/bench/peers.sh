#!/usr/bin/env bash
# Producing and consuming records of 1 KiB with acks=all, beside the programs that others measure brokers
# with: Kafka's own tools always, rdkafka_performance and kgo-verifier where they are on PATH. All run in
# turn against one broker that is warm. Ours keep identities and a history, and verify what they read.
# Figures only: nothing here passes or fails. `make bench` builds what it runs; KS_BENCH_RUNS and
# KS_BENCH_RECORDS change how much is measured. What it prints stays in tests/bench/results/peers.md.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
runs=${KS_BENCH_RUNS:-5} records=${KS_BENCH_RECORDS:-1000000}
# The broker is to be no slower than it can be: it may compile, and has some memory.
export KS_JAVA_OPTS='-XX:TieredStopAtLevel=4 -Xmx2g'
tools=('ks --client wire' 'ks --client librdkafka' kafka-perf-test)
for tool in rdkafka_performance kgo-verifier; do
  if command -v "$tool" >/dev/null; then tools+=("$tool"); else echo "$tool is not on PATH: left out" >&2; fi
done

# Each appends to $scratch/ACTION.TOOL a line with records a second, CPU seconds and MiB at most.
measure() { # ACTION TOOL
  local begin_ns usage rate command
  "${2%% *}_$1" "$2"
  begin_ns=$(date +%s%N)
  if ! (cd "$scratch" && "$root/build/release/tests/verify_bench" run "${command[@]}") &>"$scratch/said"; then
    echo "$2 could not $1: $(tail -n 3 "$scratch/said" | head -n 2 | tr '\n' ' ')" >&2
    return
  fi
  usage=$(tail -n 1 "$scratch/said")
  rate=$("${2%% *}_rate" "$1" "$((($(date +%s%N) - begin_ns) / 1000000))" <"$scratch/said")
  echo "$rate $usage" >>"$scratch/$1.$2"
}

# ---- a tool's command, and how many records a second it made of that

ks_produce() {
  rm -rf "$scratch/sent"
  command=("$KS_BIN/ks-produce" -b "$brokers" -t load -p 0 --client "${1##* }" --size 1KiB --count "$records"
    --history "$scratch/sent" --json -)
}
ks_consume() { # with the history of what was produced
  rm -rf "$scratch/read" && cp -r "$scratch/history" "$scratch/read"
  command=("$KS_BIN/ks-consume" -b "$brokers" -t ours -p 0 --client "${1##* }" -o beginning -c "$records"
    -f none --verify --history "$scratch/read" --json -)
}
ks_rate() { sed -n 's/^ *"\(acked\|read\)_per_s": \([0-9.]*\),*$/\2/p'; }

kafka-perf-test_produce() {
  command=("${java[@]}" ProducerPerformance --topic load --num-records "$records" --record-size 1024
    --throughput -1 --producer-props acks=all "bootstrap.servers=$brokers")
}
kafka-perf-test_consume() {
  command=("${java[@]}" ConsumerPerformance --bootstrap-server "$brokers" --topic ours --messages "$records"
    --timeout 60000)
}
kafka-perf-test_rate() {
  sed -n 's/^[0-9]* records sent, \([0-9.]*\) records\/sec.*/\1/p; s/^2.*, \([0-9.]*\)$/\1/p' | tail -n 1
}

rdkafka_performance_produce() {
  command=(rdkafka_performance -P -b "$brokers" -t load -p 0 -s 1024 -c "$records" -a -1)
}
rdkafka_performance_consume() {
  command=(rdkafka_performance -C -b "$brokers" -t ours -p 0 -o beginning -c "$records")
}
rdkafka_performance_rate() { sed -n 's/.*ms: *\([0-9]*\) msgs\/s.*/\1/p' | tail -n 1; }

# It reads only what it wrote, as the working directory says, and tells no rate: it is that of the whole.
kgo-verifier_produce() {
  command=(kgo-verifier --brokers "$brokers" --topic load --msg_size 1024 --produce_msgs "$records"
    --rand_read_msgs 0 --seq_read=false --max-buffered-records 100000)
}
kgo-verifier_consume() {
  command=(kgo-verifier --brokers "$brokers" --topic theirs --produce_msgs 0 --rand_read_msgs 0 --seq_read=true)
}
kgo-verifier_rate() { awk -v ms="$2" -v records="$records" 'END { print records * 1000 / ms }' /dev/null; }

# ---- what is measured, and on what

# shellcheck disable=SC2016 # expanded in the other shell
java=(bash -c 'source "$0" && exec java -Xmx512m -cp "$kafka_jars/*" "org.apache.kafka.tools.$1" "${@:2}"'
  "$root/gates/lib/embedded/kafka.sh")

# A median of the column, of a tool's runs of an action.
column() { # ACTION TOOL NUMBER
  cut -d ' ' -f "$3" "$scratch/$1.$2" >"$scratch/column" && median "$scratch/column"
}

table() { # ACTION
  local tool
  printf '\n| %s | records/s | CPU µs a record | MiB at most |\n|---|---:|---:|---:|\n' "$1"
  for tool in "${tools[@]}"; do
    [[ -s $scratch/$1.$tool ]] || continue
    awk -v tool="$tool" -v records="$records" -v rate="$(column "$1" "$tool" 1)" \
      -v cpu="$(column "$1" "$tool" 2)" -v memory="$(column "$1" "$tool" 3)" 'BEGIN {
        printf "| %s | %.0f | %.2f | %.0f |\n", tool, rate, cpu / records * 1e6, memory
      }'
  done
}

# Ours beside the fastest of the others, and beside the one that costs least.
ratios() { # ACTION
  local client tool best=0 least=
  for tool in "${tools[@]:2}"; do
    [[ -s $scratch/$1.$tool ]] || continue
    best=$(printf '%s\n' "$best" "$(column "$1" "$tool" 1)" | sort -g | tail -n 1)
    least=$(printf '%s\n' "${least:-1e9}" "$(column "$1" "$tool" 2)" | sort -g | head -n 1)
  done
  echo
  for client in "${tools[@]:0:2}"; do
    awk -v what="$1, $client" -v rate="$(column "$1" "$client" 1)" -v best="$best" \
      -v cpu="$(column "$1" "$client" 2)" -v least="$least" 'BEGIN {
        printf "- %s: %.2f × the rate of the fastest other, %.2f × the CPU of the thriftiest\n", what,
          rate / best, cpu / least
      }'
  done
}

report() {
  cat <<EOF
# Producing and consuming beside others

$records records of 1 KiB, acks=all, one partition; medians of $runs runs in turn, beside one warm broker. CPU is
the whole process's, its start included. Ours keep a history, and verify what they read.

$(machine_facts)
EOF
  for action in produce consume; do
    table "$action"
    ratios "$action"
  done
}

brokers=$(embedded_up "$cluster" 1)
for topic in load ours theirs; do "$KS_BIN/ks-admin" -b "$brokers" -q topics create "$topic" >/dev/null; done
# Warm: the broker has compiled what it needs, and what is read is in memory.
for topic in load ours; do
  rm -rf "$scratch/history"
  "$KS_BIN/ks-produce" -b "$brokers" -t "$topic" --client wire --size 1KiB --count "$records" -q --history "$scratch/history"
done
if [[ " ${tools[*]} " == *' kgo-verifier '* ]]; then
  (cd "$scratch" && kgo-verifier --brokers "$brokers" --topic theirs --msg_size 1024 --produce_msgs "$records" \
    --rand_read_msgs 0 --seq_read=false --max-buffered-records 100000) &>"$scratch/said"
fi
for action in produce consume; do
  for ((run = 1; run <= runs; ++run)); do
    for tool in "${tools[@]}"; do measure "$action" "$tool"; done
  done
done
keep peers.md report
