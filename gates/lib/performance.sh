# Sourced by the checks of performance: one workload, run three times after a warm-up, and judged over
# all three runs.
#
#   performance_begin WORKLOAD   its topics, and a warm-up that does not count
#   performance_runs             the runs, each with consumers that read at the same time, the brokers'
#                                resources beside, and its history judged: nothing is lost
#   performance_judge LIMIT…     median, variance and outliers of the runs, and the limits
#
# What the workloads are and what they must keep stands here alone. A profile's `limits` replace a limit by
# the name of its metric.
# shellcheck disable=SC2154 # history and others are check.sh's

performance_repeats=3
performance_most_s=1800 # of a run that has no rate
performance_p95_ms=${PERF_P95_MS:-100}
# Latency counts from the intended time: where the generator is later than this, it may be what breaks the limit.
performance_lag_ms=$(awk "BEGIN { print $performance_p95_ms / 4 }")
performance_memory_bytes=2147483648 # of a broker
performance_start_ms=10000
performance_rate_share=0.95 # of the intended rate, over a run with its last acknowledgements

# WORKLOAD: sets rate (0: as fast as it goes), records and size of a run; the seconds that PERF_TIME=full
# and =short have.
performance_workload() {
  local full short seconds
  case $1 in
    throughput) rate=1000 size=5120 full=60 short=5 ;;
    burst) rate=5000 size=1024 full=10 short=4 ;;
    sustained) rate=500 size=1024 full=300 short=5 ;;
    snapshot) rate=0 size=512 full=895000 short=50000 ;; # records
    max_rate) rate=0 size=1024 full=10 short=3 ;;        # seconds of a trial
  esac
  seconds=$full
  [[ ${GATE_TIME:-full} == full ]] || seconds=$short
  # PERF_SECONDS: how long short is.
  [[ ${GATE_TIME:-full} == full || $1 == snapshot ]] || seconds=${PERF_SECONDS:-$short}
  trial_s=$seconds
  records=$((rate > 0 ? rate * seconds : seconds))
}

# The tables of change data capture and their shares of the records, or one that has all.
performance_tables=('')
[[ ${PERF_PAYLOAD:-} != cdc ]] || performance_tables=(videos users comments)

performance_share() { # TABLE NUMBER
  local percent=100
  case $1 in
    videos | users) percent=20 ;;
    comments) percent=60 ;;
  esac
  echo $(($2 * percent / 100))
}

performance_begin() { # WORKLOAD
  local table run
  performance_workload "$1"
  topics=()
  for table in "${performance_tables[@]}"; do
    for run in warm $(seq "$performance_repeats"); do topics+=("$(performance_topic "$table" "$run")"); done
  done
  owns_topic "${topics[@]}"
  step create ks-admin topics create "${topics[@]}" --partitions 3
  for table in "${performance_tables[@]}"; do
    performance_values "$table"
    start "warm${table:+_$table}" ks-produce -t "$(performance_topic "$table" warm)" "${values[@]}" \
      --duration "${PERF_SECONDS:-2}s" --rate 1000/s --most-lag 1h
  done
  await_started
}

performance_topic() { # TABLE RUN
  unique "${1:+dbserver.public.$1-}$2"
}

# Sets `values`, the options for what is sent. An envelope as Debezium's PostgreSQL connector writes one
# without schemas; its text brings it to the size of the workload.
performance_values() { # TABLE
  values=(--size "$size")
  [[ -n $1 ]] || return 0
  local row envelope
  case $1 in
    videos) row='"id":"{{uuid}}","title":"video {{seq}}","views":0,"url":"https://example.org/v/{{seq}}"' ;;
    users) row='"id":"{{uuid}}","name":"user {{seq}}","email":"user{{seq}}@example.org"' ;;
    comments) row='"id":"{{uuid}}","video":"{{seq}}","likes":0' ;;
  esac
  envelope='{"before":null,"after":{'$row',"text":"%s"},"source":{"version":"2.7.0.Final","connector":"postgresql","name":"dbserver","ts_ms":0,"snapshot":"false","db":"app","schema":"public","table":"'$1'","txId":{{seq}},"lsn":{{seq}}},"op":"c","ts":"{{now}}"}'
  # shellcheck disable=SC2059 # the format is ours
  values=(--keys 1000 --value "$(printf "$envelope" "$(performance_text $((size - ${#envelope} - 40)))")")
}

performance_text() { # BYTES
  local text='It was the best of times, it was the worst of times, it was the age of wisdom. '
  (($1 > 0)) || return 0
  while ((${#text} < $1)); do text+=$text; done
  echo "${text:0:$1}"
}

performance_runs() {
  local run
  for run in $(seq "$performance_repeats"); do performance_run "$run"; done
}

# What becomes of one run is known before the next begins. The check goes on whatever it was: three runs
# tell more than one.
performance_run() { # RUN
  local table count pace producers=() readers=()
  start "resources_$1" ks-resources --series "$KS_RUN_DIR/series/$KS_CHECK.$check_client.resources_$1.jsonl"
  for table in "${performance_tables[@]}"; do
    count=$(performance_share "$table" "$records")
    readers+=("consume${table:+_$table}_$1")
    start "${readers[-1]}" ks-consume -t "$(performance_topic "$table" "$1")" -o beginning -f none -c "$count" \
      --timeout "$((rate > 0 ? records / rate + 30 : performance_most_s))s" --history "$history.run_$1"
  done
  for table in "${performance_tables[@]}"; do
    performance_values "$table"
    pace=(--duration "${performance_most_s}s") # at the most
    ((rate == 0)) || pace=(--rate "$(performance_share "$table" "$rate")/s" --most-lag "${performance_lag_ms}ms")
    producers+=("produce${table:+_$table}_$1")
    start "${producers[-1]}" ks-produce -t "$(performance_topic "$table" "$1")" "${values[@]}" "${pace[@]}" \
      --count "$(performance_share "$table" "$records")" --history "$history.run_$1"
  done
  reap "${producers[@]}"
  reap "${readers[@]}"
  signal_started "resources_$1"
  reap "resources_$1"
  performance_kept "$1"
}

# All that was acknowledged was read, once and unaltered. Where the readers beside the run did not see all
# of it, fresh ones tell whether it is there.
performance_kept() { # RUN
  local table
  if ((check_status != 0)); then
    for table in "${performance_tables[@]}"; do
      try "read_back${table:+_$table}_$1" ks-consume -t "$(performance_topic "$table" "$1")" -o beginning -e \
        -f none --timeout 120s --history "$history.run_$1"
    done
  fi
  try "kept_$1" ks-verify "$history.run_$1" --allow duplicate=explained --expect "acked_records == $records" \
    --expect "uuid_matched_records == $records" --expect 'foreign_records == 0'
}

# performance_judge LIMIT…: 'metric op value' of the runs together.
performance_judge() {
  local limit table run list options=()
  for list in "${performance_tables[@]/#/produce_}" "${performance_tables[@]/#/consume_}" resources kept; do
    list=${list%_}
    run=$(seq -s , -f "${list}_%g" "$performance_repeats")
    options+=(--steps "$run")
  done
  for limit in "broker_memory_bytes_max_max < $performance_memory_bytes" "$@"; do options+=(--limit "$limit"); done
  step judged ks-report repeats "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" "${options[@]}"
}

# The limits of a workload that has a rate: it is kept, and records are acknowledged in time.
performance_judge_rate() {
  local table share limits=()
  for table in "${performance_tables[@]}"; do
    # A figure of another table has its step's name in front.
    local prefix=''
    [[ $table == "${performance_tables[0]}" ]] || prefix=produce_${table}_
    share=$(performance_share "$table" "$rate")
    limits+=("${prefix}latency_ms_p95_median < $performance_p95_ms"
      "${prefix}acked_per_s_median >= $(awk "BEGIN { print $share * $performance_rate_share }")")
  done
  performance_judge "${limits[@]}"
}

# Steps start_N and first_ack_N of each run.
performance_judge_start() {
  step judged ks-report repeats "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" \
    --steps "$(seq -s , -f 'start_%g' "$performance_repeats")" \
    --steps "$(seq -s , -f 'first_ack_%g' "$performance_repeats")" \
    --limit "ready_ms_max < $performance_start_ms" --limit "first_ack_ms_max < $performance_start_ms"
}

# ---- the highest rate ---------------------------------------------------------------------------

most_trials=14
highest_trial=${KS_MOST_RATE:-1000000} # records a second

# Doubles the rate until it is too high, then halves what lies between until a tenth is left. Trials that are too high
# are no failures: what each came to is judged here, and not by its result.
performance_find_max() {
  local rate=1000 low=0 high=0 trial why limit=''
  local of=${performance_tables[0]:+ of the table ${performance_tables[0]} alone}
  for ((trial = 1; trial <= most_trials; trial++)); do
    if performance_holds "$trial" "$rate"; then low=$rate; else high=$rate; fi
    if ((high == 0)); then
      ((rate < highest_trial)) || break
      rate=$((rate * 2))
    elif ((low == 0)); then
      ((rate > 100)) || break
      rate=$((rate / 4))
    else
      ((high - low > low / 10)) || break
      rate=$(((low + high) / 2))
    fi
  done
  performance_tell_max "$low" "$high"
}

# Whether the rate is kept; otherwise `why` says by what it was limited: broker, client or errors. A client
# whose queue was never full and that was late all the same did not get to its own work; nor did one that
# waited for a processor a quarter of its time.
performance_holds() { # TRIAL RATE
  local result=$KS_RUN_DIR/logs/$KS_CHECK.$check_client.trial_$1.json name value
  local -A seen=([errors]=0 [queue_full_waits]=0 [client_cpu_wait_s]=0)
  local figures=("rate_per_s=$2")
  start "resources_$1" ks-resources --series "$KS_RUN_DIR/series/$KS_CHECK.$check_client.resources_$1.jsonl"
  performance_values "${performance_tables[0]}"
  ks-produce -t "${topics[0]}" "${values[@]}" --rate "$2/s" --count $(($2 * trial_s)) --most-lag 1h \
    --json "$result" &>"${result%.json}.log"
  signal_started "resources_$1"
  reap "resources_$1"
  for name in latency_ms_p50 latency_ms_p95 latency_ms_p99 lag_ms_p99 acked_per_s queue_full_waits errors \
    elapsed_s client_cpu_s client_cpu_wait_s client_cpu_us_per_record; do
    value=$(metric_of "$result" "$name")
    [[ -z $value ]] || seen[$name]=$value figures+=("$name=$value")
  done
  [[ -n ${seen[latency_ms_p95]:-} ]] || lacks "the trial at $2/s came to nothing: $(last_word ks-produce "${result%.json}.log")"
  record_figures "trial_$1" "${figures[@]}"
  why=$(awk -v p95="${seen[latency_ms_p95]}" -v lag="${seen[lag_ms_p99]}" -v full="${seen[queue_full_waits]}" \
    -v errors="${seen[errors]}" -v most="$performance_p95_ms" -v late="$performance_lag_ms" \
    -v wait="${seen[client_cpu_wait_s]}" -v elapsed="${seen[elapsed_s]}" '
    BEGIN {
      is_client = lag > late && full == 0 || p95 >= most && wait > elapsed / 4
      print (errors > 0 ? "errors" : is_client ? "client" : p95 >= most ? "broker" : "")
    }')
  [[ -z $why ]] || limit=$why
  tell "$2/s: p95 ${seen[latency_ms_p95]} ms${why:+, too much: $why}"
  [[ -z $why ]]
}

# What it came to, `of` what, and which side was the limit: the client's is no figure of the broker.
performance_tell_max() { # LOW HIGH
  local by_client=0
  [[ $limit != client ]] || by_client=1
  record_figures found "max_rate_per_s=$1" "too_high_rate_per_s=$2" "limited_by_client=$by_client"
  case "$1 $limit" in
    '0 client') performance_without_rate inconclusive 3 "the generator fell behind its schedule at each rate$of" ;;
    '0 errors') performance_without_rate fail 1 "records$of met errors also at the lowest rate that was tried, $2/s" ;;
    '0 '*) performance_without_rate fail 1 "no rate$of keeps the p95 below $performance_p95_ms ms" ;;
    *' client') tell "at least $1/s$of: above it the client, not the broker, was the limit" ;;
    *' ') tell "at least $1/s$of: no trial was too high" ;;
    *) tell "$1/s$of; at $2/s the limit was the $limit" ;;
  esac
}

performance_without_rate() { # STATUS EXIT-STATUS REASON
  steps+=(kept)
  record_step kept "$1" "$3"
  worsen "$2"
}
