#!/usr/bin/env bash
# The validation of performance: workloads at a rate, each against its limits.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
# shellcheck disable=SC2034 # gate.sh's
further_arguments='[--workload NAME] [--payload cdc] [--find-max]'
# shellcheck disable=SC2034
further_usage='--workload has one of throughput, burst, sustained, snapshot, startup run alone; --payload cdc sends
change data capture; --find-max looks for the highest rate that keeps p95 within its limit, with --payload cdc
that of the table videos alone.

  PERF_P95_MS   limit of the p95 (100)
  PERF_TIME     full (default) or short: how long each run lasts; short says little of a broker
  WORKLOAD, PERF_PAYLOAD, FIND_MAX=1  the same as the options
  KS_SMALL_MACHINE  1: run where there are less than 4 GB of memory or 20 GB of disk, too'
export GATE_TIME=${PERF_TIME:-${GATE_TIME:-full}} PERF_PAYLOAD=${PERF_PAYLOAD:-}
KS_ONLY=${WORKLOAD:-}
[[ ${FIND_MAX:-} != 1 ]] || KS_ONLY=max_rate

program=performance
arguments=()
while (($# > 0)); do
  case $1 in
    --workload | --payload) [[ -n ${2:-} ]] || abort "$1: nothing given; see --help" ;;&
    --workload) KS_ONLY=$2 && shift ;;
    --payload) PERF_PAYLOAD=$2 && shift ;;
    --find-max) KS_ONLY=max_rate ;;
    *) arguments+=("$1") ;;
  esac
  shift
done
[[ $KS_ONLY == @(|throughput|burst|sustained|snapshot|startup|max_rate) ]] ||
  abort "unknown workload '$KS_ONLY': --workload; choose throughput, burst, sustained, snapshot or startup"
[[ $PERF_PAYLOAD == @(|cdc) ]] || abort "unknown payload '$PERF_PAYLOAD': --payload; choose cdc, or leave it out"
[[ ${PERF_TIME:-full} == @(short|full) ]] || abort "unknown duration '$PERF_TIME': PERF_TIME; choose short or full"
export KS_ONLY

run_gate performance "${arguments[@]}"
