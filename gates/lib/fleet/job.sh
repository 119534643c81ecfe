#!/usr/bin/env bash
# The life of one worker, as gates/fleet.sh sees it: job.sh INDEX. Runs it, ends what is left of it, brings its
# folder home, and notes there how it ended.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/hosts.sh"
index=$1
read -r host number < <(sed -n "$((index + 1))p" "$FLEET_DIR/workers")
home=$FLEET_RUN/workers/$index
folder=$FLEET_FOLDER-$number
mkdir -p "$home"

# The common start as this worker's clock will show it.
start_at() {
  local offset_ns=0
  [[ ! -r $home/clock.json ]] || offset_ns=$(sed -n 's/.*"offset_ns":\(-\{0,1\}[0-9]*\).*/\1/p' "$home/clock.json")
  echo $((FLEET_START + ${offset_ns:-0} / 1000000))
}

run_here() {
  local worker
  worker=$(dirname "${BASH_SOURCE[0]}")/worker.sh
  env "${task[@]}" "$worker" run "$FLEET_SCENARIO" "$home" <"$FLEET_DIR/alive" 2>"$home/said"
  status=$?
  ((status == 0)) || "$worker" end "$home"
}

# A worker of which not all came back is lost, however well it ended itself.
bring_home() {
  local errors
  errors=$({ host_run "$host" "tar -C '$part' -cf - ." </dev/null | tar -C "$home" -xf -; } 2>&1) && return
  ((status == 0)) || return # what it said itself is the reason
  status=1
  errors=${errors%$'\n'*not recoverable*} # tar's last word, after the reason
  echo "its folder could not be copied: ${errors##*$'\n'}" >>"$home/said"
}

run_there() {
  local part=$folder/workers/$index
  host_run "$host" "${task[*]} '$folder/worker.sh' run '$folder/scenario/${FLEET_SCENARIO##*/}' '$part'" <"$FLEET_DIR/alive" 2>"$home/said"
  status=$?
  # Also from one that failed: what it left is evidence.
  ((status == 0)) || host_run "$host" "'$folder/worker.sh' end '$part'"
  bring_home
  "$KS_BIN/ks-run" clock --json "$home/clock-end.json" -- \
    "$(dirname "${BASH_SOURCE[0]}")/ask.sh" "$host" "'$folder/bin/ks-run' clock --serve"
}

[[ ! -r $FLEET_DIR/clock-$number.json ]] || cp "$FLEET_DIR/clock-$number.json" "$home/clock.json"
task=("KS_SHARD=$index/$FLEET_SIZE" "KS_RUN_ID=$KS_RUN_ID" "KS_START_AT=$(start_at)" KS_UNTIL_EOF=1)
if [[ $host == : ]]; then run_here; else run_there; fi
cat "$home/said"
printf '{"host": "%s", "exit_status": %d}\n' "$host" "$status" >"$home/engine.json"
exit "$status"
