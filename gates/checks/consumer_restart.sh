#!/usr/bin/env bash
# E: the only consumer of a group is killed twice and stopped once under traffic; who takes its place begins
# at the group's last commit, reads again what came after that and nothing before it, and skips nothing.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin consumer_restart 'A consumer that is killed resumes at its commit, and skips nothing'
needs admin produce consume offsets verify

group=$(unique group)
owns_group "$group"
commit_s=1
# A member that is gone is missed after 6 s; then it takes no longer than after any other fault.
missed_ms=6000
resume_ms=$((missed_ms + recovery_ms))
member=(-G "$group" -o beginning -f none --commit-every "${commit_s}s" --history "$history"
  -X heartbeat.interval.ms=500 -X "session.timeout.ms=$missed_ms")

now_ms() {
  local now=${EPOCHREALTIME/[.,]/}
  echo "${now:0:-3}"
}

# A member that is going to be killed leaves no result.
start_member() { # ROUND
  set -m
  ks-consume -t "$traffic_topic" "${member[@]}" &>"$KS_RUN_DIR/logs/$KS_CHECK.$check_client.member_$1.log" &
  set +m
  background[member]=$!
}

# What it had read by then and not committed is read again. It is gone when it has been waited for.
end_member() { # kill|stop
  local signal=KILL
  [[ $1 == kill ]] || signal=TERM
  kill "-$signal" -- "-${background[member]}" || lacks "the consumer ended by itself, before its $1"
  wait "${background[member]}" 2>/dev/null
  unset 'background[member]'
}

# As far behind as the time between two commits makes it, and a second on top.
reads() { # STEP
  step "$1" ks-offsets lag -t "$traffic_topic" -G "$group" "${waits[@]}" \
    --expect 'partitions_without_commit == 0' --expect "lag_records_total <= $((traffic_rate * (commit_s + 1)))"
}

# How long it took from the start of a member until the group was no longer behind.
judge_resume() { # ROUND MILLISECONDS
  steps+=("resume_$1")
  ks-report record "$KS_RUN_DIR" --check "$KS_CHECK" --client "$check_client" --step "resume_$1" \
    --title "$KS_TITLE" --status pass --duration-ms "$2" --metric "resume_ms=$2" --expect "resume_ms < $resume_ms" \
    --metric "session_timeout_ms=$missed_ms" --metric "commit_interval_ms=$((commit_s * 1000))"
  ks-report status "$KS_RUN_DIR/results/$KS_CHECK.$check_client.resume_$1.json" || worsen $?
}

traffic_begin
start_member 0
reads joined
for round in kill_1 kill_2 stop_3; do
  traffic_flows "flows_$round"
  end_member "${round%_*}"
  # Nobody reads meanwhile.
  step "missed_$round" ks-offsets lag -t "$traffic_topic" -G "$group" "${waits[@]}" \
    --expect "lag_records_total >= $((traffic_rate * (commit_s + 2)))"
  began_ms=$(now_ms)
  start_member "${round##*_}"
  reads "caught_up_$round"
  judge_resume "$round" $(($(now_ms) - began_ms))
done
traffic_stop
end_member stop
step drain ks-consume -t "$traffic_topic" -G "$group" -e -f none --timeout 60s --history "$history" \
  --expect 'read_records >= 0'
step lag ks-offsets lag -t "$traffic_topic" -G "$group" --history "$history" --expect 'lag_records_total == 0'
traffic_judge --expect 'foreign_records == 0'
end
