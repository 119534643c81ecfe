#!/usr/bin/env bats
# needs: broker
# alone: it measures.
# The validation of performance, with runs of a second: what the checks make of a broker that is too slow, too
# large or loses records, and of a generator that is late; what is refused; and the page.

load check_helper

setup() {
  require_broker
  unset K6_TARGET KS_STORE WORKLOAD PERF_TIME PERF_PAYLOAD FIND_MAX
  cat >"$BATS_TEST_TMPDIR/usual.yaml" <<END
target: kafka
brokers: [$KS_TEST_BROKERS]
clients: [wire]
END
  export K6_PROFILE=$BATS_TEST_TMPDIR/usual.yaml KS_BROKERS=$KS_TEST_BROKERS KS_CLIENT=wire KS_STAGE=performance
  # Those of a busy machine: by the usual ones its generator would be late.
  export GATE_TIME=short PERF_SECONDS=1 PERF_P95_MS=10000
  sabotage_checks
}

# limits TEXT: the profile has these.
limits() {
  echo "limits: {$1}" >>"$K6_PROFILE"
}

result_of() { # CHECK STEP FILTER
  jq -r "$3" "$KS_REPORTS/$KS_RUN_ID/results/$1.wire.$2.json"
}

@test "burst: three runs with their median and variance, resources beside, and a page" {
  limits 'latency_ms_p95_median: 10000, acked_per_s_median: 1000' # of a busy machine
  check burst
  assert_success
  assert_equal "$(result_of burst judged '.data.repeats[] | select(.metric == "latency_ms_p95").values | length')" 3
  assert_equal "$(result_of burst judged '.metrics | .latency_ms_p95_variance >= 0 and .latency_ms_p95_cv >= 0
    and .latency_ms_p99 > 0 and .broker_memory_bytes_max_max > 1e7 and .client_cpu_us_per_record_median > 0')" true
  assert_equal "$(result_of burst kept_3 .metrics.uuid_matched_records)" 5000
  [[ $(wc -l <"$KS_REPORTS/$KS_RUN_ID/series/burst.wire.resources_1.jsonl") -ge 1 ]]

  run "$KS_BIN/ks-report" performance "$KS_REPORTS"
  assert_success
  assert_line --regexp '^\*\*1 of 5 workloads keep their limits\.\*\*'
  assert_line --regexp '^\| `burst` \*short\* \| latency p95, median of the runs \| below 10,000 ms \| \*\*[0-9.]+ ms\*\* .* kept \|$'
  assert_line --partial 'make perf WORKLOAD=throughput'
}

@test "burst: a broker that is too slow, and one that is too large" {
  limits 'latency_ms_p95_median: 0.001, acked_per_s_median: 1000, broker_memory_bytes_max_max: 1000'
  check burst
  assert_failure 1
  assert_reason judged 'latency_ms_p95_median < 0.001, observed [0-9.]+|broker_memory_bytes_max_max < 1000'
  assert_equal "$(result_of burst judged '[.thresholds[] | select(.ok | not).metric] | sort | join(" ")')" \
    'broker_memory_bytes_max_max latency_ms_p95_median'
}

@test "burst: a generator that is late is no evidence against the broker" {
  limits 'latency_ms_p95_median: 0.001, acked_per_s_median: 1000'
  sabotage produce <<'END'
exec "$real/ks-produce" "${@/#2500ms/0s}"
END
  check burst
  assert_failure 3
  assert_reason judged '^produce_1: the generator fell behind its schedule, .*processor'
  # By which it would not be the generator that breaks the limit.
  assert_equal "$(bash -c 'source "$0/gates/lib/performance.sh"; echo "$performance_lag_ms"' "$project_root")" 2500
}

@test "burst: records that are acknowledged and lost" {
  limits 'latency_ms_p95_median: 10000, acked_per_s_median: 1000'
  : "${KS_FRONT:=$project_root/build/release/tests/broker-front}"
  local hold
  mkfifo "$BATS_TEST_TMPDIR/hold"
  "$KS_FRONT" "$KS_TEST_BROKERS" --lie dropped-record --seed 1 <"$BATS_TEST_TMPDIR/hold" >"$BATS_TEST_TMPDIR/front" 3>&- &
  exec {hold}>"$BATS_TEST_TMPDIR/hold"
  within 5 test -s "$BATS_TEST_TMPDIR/front"
  sabotage consume <<'END'
exec "$real/ks-consume" "${@/%31s/3s}"
END
  KS_BROKERS=$(<"$BATS_TEST_TMPDIR/front") check burst
  exec {hold}>&-
  assert_failure 1
  run jq -r '.anomalies[].type' "$KS_REPORTS/$KS_RUN_ID"/results/burst.wire.kept_?.json
  assert_line lost
}

@test "snapshot: what takes longer than it may is ended, and did not pass" {
  sabotage produce <<'END'
exec "$real/ks-produce" "${@/%1800s/20ms}"
END
  sabotage consume <<'END'
exec "$real/ks-consume" "${@/%1800s/2s}"
END
  check snapshot
  assert_failure 1
  assert_reason kept_1 'acked_records == 50000, observed [0-9]+'
}

@test "startup: a broker that takes longer than its limit" {
  limits 'first_ack_ms_max: 1'
  export KS_DRIVER_DIR=$KS_TEST_CLUSTER
  echo 'driver: {kind: process}' >>"$K6_PROFILE"
  check startup
  assert_failure 1
  assert_reason judged 'first_ack_ms_max < 1, observed [0-9]+'
  assert_equal "$(result_of startup judged '.metrics.ready_ms_max > 0')" true
}

@test "max_rate: the highest rate, and what was the limit" {
  export KS_MOST_RATE=2000
  check max_rate
  assert_success
  assert_equal "$(result_of max_rate found '.metrics.max_rate_per_s >= 1000')" true
  run "$KS_BIN/ks-report" performance "$KS_REPORTS"
  assert_line --regexp 'records a second\*\* keep the p95 within its limit'
}

@test "max_rate: no rate keeps the limit" {
  PERF_P95_MS=0.001 check max_rate
  [[ $status == [13] ]] # by whom depends on how busy the machine is
  assert_line --regexp '1000/s: p95 [0-9.]+ ms, too much: (broker|client)'
  assert_reason kept 'no rate keeps the p95 below 0.001 ms|fell behind its schedule'
  assert_equal "$(result_of max_rate found '.metrics | .max_rate_per_s == 0 and .too_high_rate_per_s == 62')" true
}

@test "change data capture: three tables, envelopes that are JSON" {
  limits 'latency_ms_p95_median: 10000, acked_per_s_median: 100, produce_users_latency_ms_p95_median: 10000,
    produce_comments_latency_ms_p95_median: 10000, produce_users_acked_per_s_median: 100,
    produce_comments_acked_per_s_median: 100'
  sabotage admin <<'END'
[[ "$1 $2" != 'topics delete' ]] || exit 0
exec "$real/ks-admin" "$@"
END
  PERF_PAYLOAD=cdc check burst
  assert_success
  local topic
  topic=$("$real/ks-admin" topics list | grep -o "ks-$KS_RUN_ID-.*dbserver.public.comments-1" | head -n 1)
  run_split "$real/ks-consume" -t "$topic" -o beginning -c 1 -J
  assert_equal "$(jq -r '.payload | length > 900, (fromjson | .op, .source.table, .source.connector)' <<<"$output" | paste -sd ' ')" \
    'true c comments postgresql'
  "$real/ks-admin" topics list | grep -o "^ks-$KS_RUN_ID-[^ $tab]*" | xargs "$real/ks-admin" topics delete
}

@test "a machine that is too small: status 2, one line, and a way on" {
  for variable in KS_LEAST_MEMORY_GB KS_LEAST_DISK_GB; do
    run_split env "$variable=1000000" "$project_root/gates/performance.sh"
    assert_refused 'KS_SMALL_MACHINE=1'
  done
  # With it the next obstacle is told: nobody listens.
  KS_BROKERS=127.0.0.1:1 KS_SMALL_MACHINE=1 KS_LEAST_MEMORY_GB=1000000 run_split "$project_root/gates/performance.sh"
  assert_refused 'nothing listens'
}

# limited GROUPS FILE=BYTES...: the memory that these limits of control groups leave.
limited() { # LINES-OF-/proc/self/cgroup FILE=BYTES...
  local each root=$BATS_TEST_TMPDIR/cgroup
  rm -rf "$root"
  for each in "${@:2}"; do
    mkdir -p "$root/$(dirname "${each%=*}")"
    echo "${each#*=}" >"$root/${each%=*}"
  done
  printf '%b' "$1" >"$BATS_TEST_TMPDIR/own"
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0/gates/lib/machine.sh"; cgroup_root=$1 own_cgroups=$2; memory_bytes' \
    "$project_root" "$root" "$BATS_TEST_TMPDIR/own"
}

@test "of memory counts what the tightest control group leaves, of one's own and those above it" {
  local all
  all=$(($(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo) * 1024))
  limited '0::/a/b\n' a/b/memory.max=max a/memory.max=70000000 memory.max=80000000
  assert_output 70000000
  limited '0::/a/b\n' a/b/memory.max=60000000 a/memory.max=70000000 c/memory.max=1
  assert_output 60000000
  # In a container its own group is the root, and the path may be one of the host.
  limited '0::/of/the/host\n' memory.max=50000000
  assert_output 50000000
  limited '4:cpu:/c\n3:blkio,memory:/a\n0::/\n' memory/a/memory.limit_in_bytes=40000000 \
    memory/memory.limit_in_bytes=9223372036854771712 memory/c/memory.limit_in_bytes=1
  assert_output 40000000
  limited '0::/\n' memory.max=max
  assert_output "$all"
}

@test "a machine of 4 GB has 4 GB" {
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0/gates/lib/machine.sh"; least_disk_gb=0
    memory_bytes() { echo 4000000000; }; require_machine /' "$project_root"
  assert_success
  # shellcheck disable=SC2016
  run bash -c 'source "$0/gates/lib/machine.sh"; abort() { echo "$1"; exit 2; }
    memory_bytes() { echo 3999999999; }; require_machine /' "$project_root"
  assert_failure 2
  assert_output --partial '3999 MB of memory, 4 GB are needed'
}

@test "an unknown workload, payload or duration is refused" {
  run_split "$project_root/gates/performance.sh" --workload no-such
  assert_refused "unknown workload 'no-such'"
  PERF_PAYLOAD=xml run_split "$project_root/gates/performance.sh"
  assert_refused "unknown payload 'xml'"
  PERF_TIME=x run_split "$project_root/gates/performance.sh"
  assert_refused "unknown duration 'x': PERF_TIME; choose short or full"
}

# tell_max LOW HIGH LIMIT: what the search for the highest rate says of its end.
tell_max() {
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0/gates/lib/performance.sh"
    tell() { echo "$1"; }
    record_figures() { :; }
    record_step() { echo "$2: $3"; }
    worsen() { :; }
    limit=$3 of=${4:-} performance_tell_max "$1" "$2"' "$project_root" "$@"
}

@test "max_rate: what was the limit is told as it was, and of what" {
  tell_max 0 62 errors
  assert_output 'fail: records met errors also at the lowest rate that was tried, 62/s'
  tell_max 0 62 broker
  assert_output 'fail: no rate keeps the p95 below 10000 ms'
  tell_max 0 62 client ' of the table videos alone'
  assert_output 'inconclusive: the generator fell behind its schedule at each rate of the table videos alone'
  tell_max 4000 4400 broker ' of the table videos alone'
  assert_output '4000/s of the table videos alone; at 4400/s the limit was the broker'
}

@test "pages are rebuilt from earlier runs; without any that is said" {
  mkdir -p "$KS_REPORTS"
  run "$project_root/gates/lib/pages.sh"
  assert_failure 2
  assert_output --partial 'no run of the validation of performance'
}
