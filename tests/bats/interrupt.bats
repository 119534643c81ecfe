#!/usr/bin/env bats
# needs: broker
# alone: brokers of its own, which it kills
# What is interrupted at any moment leaves nothing behind: no process, no toxic, no locked port; and brokers
# that are not its own run again. KS_MOMENTS says how many moments are tried.

load cluster_helper

setup_file() { cluster_up; }
teardown_file() { cluster_down; }
setup() { cluster_setup; }
teardown() { cluster_teardown; }

# interrupt_at MILLISECONDS COMMAND…: Ctrl-C that long after its start; sets `status` and `pid`.
interrupt_at() {
  local ms=$1
  shift
  status=0
  # A shell starts its background jobs with SIGINT ignored, which a script cannot take back.
  env --default-signal=INT "$@" &>"$BATS_TEST_TMPDIR/out" 3>&- &
  pid=$!
  sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
  kill -INT "$pid"
  wait "$pid" || status=$?
}

@test "a check that kills, pauses and cuts: brokers run, paths are whole, its topics are gone" {
  local i ms
  for ((i = 0; i < ${KS_MOMENTS:-2}; i++)); do
    ms=$((1500 + RANDOM % 12000))
    echo "interrupted after $ms ms"
    KS_RUN_ID=t$BATS_TEST_NUMBER-$i KS_SEED=$RANDOM interrupt_at "$ms" "$project_root/gates/checks/chaos.sh"
    assert_equal "$status" 130
    "$real/ks-restart" status --expect 'nodes_answering == 3'
    run "$real/ks-fault" list clients
    assert_equal "$(awk -F '\t' '$4 != "enabled"' <<<"$output")" ''
    run "$real/ks-admin" topics list --client wire
    refute_output --partial "$KS_RUN_ID-"
    run pgrep -f "t$BATS_TEST_NUMBER-$i"
    assert_output ''
  done
}

@test "the release gate on its own cluster: no process, no port, no folder" {
  local i ms address
  for ((i = 0; i < (${KS_MOMENTS:-2} + 1) / 2; i++)); do
    ms=$((4000 + RANDOM % 30000))
    echo "interrupted after $ms ms"
    interrupt_at "$ms" env -u KS_BROKERS -u KS_TOXIPROXY -u KS_DRIVER_DIR K6_PROFILE=embedded "$project_root/gates/release.sh"
    cat "$BATS_TEST_TMPDIR/out"
    assert_equal "$status" 130
    [[ ! -e $project_root/build/embedded/gate-$pid ]]
    [[ ! -e $KS_REPORTS/latest ]]
    # The node's watcher looks after its broker once a second.
    deadline=$((SECONDS + 10))
    while pgrep -f "embedded/gate-$pid/" >/dev/null; do ((SECONDS < deadline)); done
    for address in $(jq -r '.brokers[]?' "$KS_REPORTS"/2*/run.json 2>/dev/null); do
      ports_lock "${address##*:}"
    done
    rm -rf "$KS_REPORTS"
  done
}
