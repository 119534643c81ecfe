#!/usr/bin/env bash
# E: Debezium, on a distributed worker of Kafka Connect whose offsets the broker under test keeps, streams
# what is committed in a PostgreSQL. The worker is killed twice and stopped once while rows go on; every
# committed change arrives, in order, repeated back to the last offset at most, and never by a new snapshot.
# shellcheck disable=SC2154 # connect_* and others are debezium.sh's
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin debezium_recovery 'Debezium resumes at its offsets, and misses no committed row' none
needs admin consume offsets verify
[[ ${WITH_DEBEZIUM:-} == 1 ]] || skip 'give WITH_DEBEZIUM=1: it installs PostgreSQL and Debezium'
# shellcheck source=gates/lib/debezium.sh
source "$KS_HOME/gates/lib/debezium.sh"
debezium_find

prefix=$(unique cdc)
topics=("${writer_tables[@]/#/$prefix.public.}")
evidence=$KS_RUN_DIR/history/$KS_CHECK
down_s=$(lasting debezium_down 3 10)
catch_up_ms=60000 # from the start of a worker until it has what was committed before
waits=(--client wire --wait 90s)
export KS_CLIENT=wire # for errands: it tells of every record that is there

# How many records the topic has.
events() { # TOPIC
  ks-offsets list -t "$1" --client wire --timeout 10s | awk -F '\t' 'NR > 1 { n += $4 } END { print n + 0 }'
}

# A step, while the worker has to run: where it ends, nothing else will come.
arrives() { # STEP TOPIC COUNT
  try "$1" ks-offsets list -t "$2" "${waits[@]}" --expect "latest_min >= $3"
  ((check_status == 0)) || broken "$1" "$2 has no $3 records"
}

# Without the database and who writes into it, nothing is to be said of what is under test.
require_rows() {
  local why
  if ! server_runs "$postgres_identity"; then
    why="PostgreSQL has ended: $(tail -n 1 "$debezium_dir/postgres.log")"
  elif [[ -n ${background[writer]:-} ]] && ! kill -0 "${background[writer]}" 2>/dev/null; then
    why="the writer of rows has ended: $(tail -n 1 "$debezium_dir/writer.log")"
  else
    return 0
  fi
  before_finish=
  lacks "$why"
}

# Where Debezium cannot go on, the reason is its own.
broken() { # STEP WHAT
  require_rows
  local state='the worker runs'
  server_runs "$connect_identity" || state='the worker has ended'
  steps+=("worker_$1")
  record_step "worker_$1" fail "$2; $state: $(connect_last_word "$debezium_dir")"
  worsen 1
  finish
}

flows() { # STEP
  local topic
  for topic in "${topics[@]}"; do arrives "$1_${topic##*.}" "$topic" $(($(events "$topic") + 5)); done
}

# The writer goes on by itself; a bound, for a database that stands still.
rows_go_on() { # TRANSACTIONS
  local goal=$(($(diary_transactions "$debezium_dir") + $1)) end=$((SECONDS + 60))
  until (($(diary_transactions "$debezium_dir") >= goal)); do
    if ! kill -0 "${background[writer]}" 2>/dev/null || ((SECONDS >= end)); then
      lacks "no row is committed: $(tail -n 1 "$debezium_dir/writer.log")"
    fi
    sleep 0.1
  done
}

start_worker() { # STEP
  diary_note "$debezium_dir" start
  connect_up "$debezium_dir" || broken "$1" 'Kafka Connect does not start'
}

# While it is down, rows go on.
end_worker() { # kill|stop STEP
  local signal=KILL end
  [[ $1 == kill ]] || signal=TERM
  # There has to be an offset to resume at that is newer than the last worker's.
  arrives "offset_$2" "$connect_offsets" $(($(events "$connect_offsets") + 1))
  rows_go_on 40 # which that does not cover
  diary_note "$debezium_dir" "$1"
  server_kill "$connect_identity" "$signal"
  if ! connect_is_gone 60; then
    inconclusive "gone_$2" "the worker was not seen to end by SIG$signal"
    finish
  fi
  diary_note "$debezium_dir" gone
  end=$((SECONDS + down_s))
  while ((SECONDS < end)); do rows_go_on 10; done
}

# What comes last in a topic is what was committed last in its table.
last_value() { # TABLE
  sed -n "s/.*\"table\":\"$1\",\"id\":[0-9]*,\"op\":\"c\",\"value\":\([0-9]*\).*/\1/p" "$debezium_dir/diary.jsonl" | tail -n 1
}

catches_up() { # TABLE TOPIC
  local value end=$((SECONDS + 90))
  value=$(last_value "$1")
  until ks-consume -t "$2" -o -1 -e --timeout 10s 2>/dev/null | grep -q "\"value\":${value}[,}]"; do
    ((SECONDS < end)) || return
    sleep 0.2
  done
}

read_events() { # STEP TOPIC
  # shellcheck disable=SC2034 # check.sh's
  tool_runner=(into "$evidence.$1.jsonl")
  try "$1" ks-consume -q -t "$2" -o beginning -e -J --timeout 60s
  tool_runner=()
}

# shellcheck disable=SC2317 # the tool_runner
into() { # FILE COMMAND…
  "${@:2}" >"$1"
}

end_writer() {
  : >"$debezium_dir/stop"
  wait "${background[writer]}"
  local status=$?
  unset 'background[writer]'
  return "$status"
}

# What became of the changes is known last, and said first.
judge() {
  local table files=()
  before_finish=
  for table in "${writer_tables[@]}"; do
    read_events "read_$table" "$prefix.public.$table"
    files+=("$evidence.read_$table.jsonl")
  done
  read_events read_offsets "$connect_offsets"
  cp "$debezium_dir/diary.jsonl" "$evidence.diary.jsonl"
  try judged ks-verify cdc "$evidence.diary.jsonl" "${files[@]}" --offsets "$evidence.read_offsets.jsonl" \
    --limit "catch_up_ms_max < $catch_up_ms"
}

# Where the check ends before its time.
# shellcheck disable=SC2317 # before_finish
judge_early() {
  require_rows
  [[ -z ${background[writer]:-} ]] || end_writer || lacks "the writer failed: $(tail -n 1 "$debezium_dir/writer.log")"
  judge
}

debezium_begin
owns_topic "${topics[@]}"
set -m
writer_run "$debezium_dir" &
set +m
background[writer]=$!
for topic in "${topics[@]}"; do
  step "create_${topic##*.}" ks-admin topics create "$topic" --partitions 1 --replication-factor "${KS_REPLICATION:-1}"
done
rows_go_on 100
connect_lay_out "$debezium_dir" "${KS_BROKERS:-$(run_list brokers)}" "$(unique connect)" "${KS_REPLICATION:-1}" ||
  lacks 'no port for Kafka Connect'
owns_topic "${connect_topics[@]}"
owns_group "$connect_group"
start_worker begin
steps+=(worker)
ks-report record "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" --step worker --title "$KS_TITLE" \
  --client-version "$(debezium_versions)" --status pass --metric "offset_flush_interval_ms=$connect_flush_ms" \
  --expect 'offset_flush_interval_ms > 0'
debezium_connector "$prefix" >"$debezium_dir/connector.json"
connect_create "$debezium_dir" recovery || broken create "Kafka Connect refuses the connector"
flows snapshot
# Before that nothing was ever taken from the database, and nothing can have been lost.
# shellcheck disable=SC2034 # check.sh's
before_finish=judge_early
flows streaming
for round in kill_1 kill_2 stop_3; do
  end_worker "${round%_*}" "$round"
  start_worker "$round"
  flows "$round"
done
end_writer || lacks "the writer failed: $(tail -n 1 "$debezium_dir/writer.log")"
for table in "${writer_tables[@]}"; do catches_up "$table" "$prefix.public.$table"; done
judge
end
