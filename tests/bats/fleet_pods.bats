#!/usr/bin/env bats
# What workers of a fleet left comes home, from pods and over ssh; or they are lost, and why is said.

load fleet_helper

setup() {
  setup_fleet
  stand_in_kubectl
  run_dir=$BATS_TEST_TMPDIR/run
  mkdir -p "$run_dir"
  echo '{}' >"$run_dir/fleet.json"
}

# A pod whose worker is done.
pod() { # INDEX
  mkdir -p "$cluster/pods/$1"
  echo 0 >"$cluster/pods/$1/ended"
  echo '{}' >"$cluster/pods/$1/worker.json"
  echo "log of $1" >"$cluster/pods/$1.log"
}

fetch_pods() { # WORKERS
  run "$project_root/gates/lib/fleet/fetch_pods.sh" "$run_dir" kafscale "$1"
  assert_success
}

# How worker INDEX ended, and the last word of it.
end_of() { # INDEX
  echo "$(jq -r '"\(.host) \(.exit_status)"' "$run_dir/workers/$1/engine.json") $(tail -n 1 "$run_dir/workers/$1/said" 2>/dev/null)"
}

@test "a pod's folder comes home, its clock is compared at both ends, and it may go" {
  pod 0
  fetch_pods 1
  assert_equal "$(end_of 0)" 'pod/ks-fleet-0 0 log of 0'
  cmp "$cluster/pods/0/worker.json" "$run_dir/workers/0/worker.json"
  [[ -e $cluster/pods/0/fetched ]]
  run jq -r '.offset_ms < 1000 and .offset_ms > -1000' "$run_dir"/workers/0/clock{,-end}.json
  assert_output $'true\ntrue'
}

@test "a worker that could not begin, or was killed, is not waited for" {
  mkdir "$BATS_TEST_TMPDIR/bin"
  ln -s "$KS_BIN/ks-run" "$BATS_TEST_TMPDIR/bin/real"
  cat >"$BATS_TEST_TMPDIR/bin/ks-run" <<'SH'
#!/bin/bash
[[ $1 == work ]] || exec "$(dirname "$0")/real" "$@"
[[ $* != *--shard\ 1/* ]] || kill -KILL $$
echo 'ks-run: no such profile' >&2
exit 2
SH
  chmod +x "$BATS_TEST_TMPDIR/bin/ks-run"
  mkdir -p "$cluster"/configmaps/{ks-fleet-scenario,ks-fleet-run}
  echo >"$cluster/configmaps/ks-fleet-scenario/mine.yaml"
  echo 'export KS_RUN_ID=a' >"$cluster/configmaps/ks-fleet-run/literals"
  KS_BIN=$BATS_TEST_TMPDIR/bin kubectl apply -k .
  KS_BIN=$BATS_TEST_TMPDIR/bin KS_FLEET_SECONDS=20 fetch_pods 2
  assert_equal "$(end_of 0)" 'pod/ks-fleet-0 2 ks-run: no such profile'
  assert_equal "$(jq .exit_status "$run_dir/workers/1/engine.json")" 137
  touch "$cluster"/pods/{2,3}/fetched
}

@test "a pod that was deleted is lost at once, and the others are fetched" {
  pod 1
  pod 0
  rm "$cluster/pods/0/ended"
  "$project_root/gates/lib/fleet/fetch_pods.sh" "$run_dir" kafscale 2 3>&- &
  within 20 test -e "$run_dir/workers/1/engine.json"
  [[ ! -e $run_dir/workers/0/engine.json ]]
  rm -r "$cluster/pods/0"
  wait $!
  assert_equal "$(end_of 0)" 'pod/ks-fleet-0 1 its pod is gone; it last said: log of 0'
  assert_equal "$(end_of 1)" 'pod/ks-fleet-1 0 log of 1'
}

@test "a pod that ended by itself is lost, with its last word" {
  pod 0
  echo Failed >"$cluster/pods/0/phase"
  fetch_pods 1
  assert_equal "$(end_of 0)" \
    'pod/ks-fleet-0 1 its pod ended (Failed) before its folder was fetched; it last said: log of 0'
}

@test "workers that are not done, or never began, are lost at one common time" {
  pod 0
  rm "$cluster/pods/0/ended"
  SECONDS=0
  KS_FLEET_SECONDS=2 fetch_pods 3
  ((SECONDS < 6)) || fail "took $SECONDS s"
  assert_equal "$(end_of 0)" 'pod/ks-fleet-0 1 it was not done within 2 s; it last said: log of 0'
  assert_equal "$(end_of 2)" 'ks-fleet-2 1 it was not done within 2 s'
}

# What the other side's tar says breaks off after the first file's name, and nobody there knows.
broken_tar() {
  mkdir "$BATS_TEST_TMPDIR/tar"
  cat >"$BATS_TEST_TMPDIR/tar/tar" <<SH
#!/bin/bash
[[ \$* == *-cf* ]] || exec $(type -P tar) "\$@"
$(type -P tar) "\$@" | head -c 1024
SH
  chmod +x "$BATS_TEST_TMPDIR/tar/tar"
  PATH=$BATS_TEST_TMPDIR/tar:$PATH
}

@test "a pod's folder that comes home broken makes it a lost worker" {
  pod 0
  broken_tar
  fetch_pods 1
  run end_of 0
  assert_output --partial 'Unexpected EOF'
  assert_output --partial 'pod/ks-fleet-0 1 its folder could not be copied: '
  [[ ! -e $cluster/pods/0/fetched ]]
}

# job STATUS: the life of a worker on another host, which ends so.
job() { # STATUS
  export FLEET_DIR=$BATS_TEST_TMPDIR/fleet FLEET_RUN=$run_dir FLEET_FOLDER=$BATS_TEST_TMPDIR/there
  export FLEET_SCENARIO=$BATS_TEST_TMPDIR/mine.yaml FLEET_SIZE=1 FLEET_START=0 KS_RUN_ID=a
  mkdir -p "$FLEET_DIR" "$FLEET_FOLDER-0/bin"
  echo 'elsewhere 0' >"$FLEET_DIR/workers"
  echo elsewhere >"$FLEET_DIR/hosts"
  : >"$FLEET_DIR/alive"
  ln -s "$KS_BIN/ks-run" "$FLEET_FOLDER-0/bin/ks-run"
  printf '#!/bin/bash\n[[ $1 == run ]] || exit 0\nmkdir -p "$3"; echo "{}" >"$3/worker.json"; echo ended >&2; exit %d\n' \
    "$1" >"$FLEET_FOLDER-0/worker.sh"
  printf '#!/bin/bash\nexec bash -c "${@: -1}"\n' >"$BATS_TEST_TMPDIR/ssh"
  chmod +x "$FLEET_FOLDER-0/worker.sh" "$BATS_TEST_TMPDIR/ssh"
  KS_FLEET_SSH=$BATS_TEST_TMPDIR/ssh run "$project_root/gates/lib/fleet/job.sh" 0
}

@test "a folder that comes home over ssh, broken or whole" {
  job 0
  assert_success
  assert_equal "$(end_of 0)" 'elsewhere 0 ended'
  broken_tar
  rm -r "$run_dir/workers" "$FLEET_FOLDER-0"
  job 0
  assert_failure 1
  run end_of 0
  assert_output --partial 'elsewhere 1 its folder could not be copied: '
}

@test "one that failed says itself why, whatever came home" {
  broken_tar
  job 3
  assert_failure 3
  assert_equal "$(end_of 0)" 'elsewhere 3 ended'
}
