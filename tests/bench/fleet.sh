#!/usr/bin/env bash
# What it costs to bring together what a thousand workers left: ks-run judge, and ks-verify over all of their
# histories. No broker takes part. Only figures: nothing here passes or fails. `make bench-fleet` builds what it
# runs; KS_BENCH_WORKERS and KS_BENCH_RECORDS (of each) change the size.
# shellcheck source=tests/bench/lib.sh
source "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
workers=${KS_BENCH_WORKERS:-1000}
records=${KS_BENCH_RECORDS:-1000}
run=$scratch/bench

cost() { # NAME COMMAND...
  local status=0
  /usr/bin/time -q -o "$scratch/cost" -f '%e s, %M KiB' "${@:2}" >"$scratch/out" 2>&1 || status=$?
  printf '%s: %s (status %s)\n' "$1" "$(<"$scratch/cost")" "$status"
}

read -r sent p99_ms < <(build/release/tests/fleet_bench "$run" "$workers" "$records")
K6_PROFILE=local-service KS_BROKERS=127.0.0.1:1 "$KS_BIN/ks-report" begin "$run" --stage pr --run-id bench \
  --scenarios "$run/scenarios.json" >/dev/null
printf '%s workers, %s records: %s\n' "$workers" "$sent" "$(du -sh "$run/workers" | cut -f 1)"
cost 'ks-run judge' "$KS_BIN/ks-run" judge "$run"
printf 'told together %s records, p99 %s ms; the workers %s, %s\n' \
  "$(jq .scenarios.producer.sent "$run/summary.json")" \
  "$(jq .check_results[0].scenarios.producer.p99_ms "$run/summary.json")" "$sent" "$p99_ms"
mkdir "$scratch/histories"
ln "$run"/workers/*/history/*/*.ksh "$scratch/histories/"
cost 'ks-verify of all histories' "$KS_BIN/ks-verify" "$scratch/histories"
