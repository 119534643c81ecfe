#!/usr/bin/env bats
# needs: broker
# Fleets over SSH on loopback, GNU parallel between them: what they come to, and how they fail.

load fleet_helper

setup() {
  require_broker
  setup_fleet
}

teardown() {
  end_sshd
}

traffic() { # MESSAGES RATE
  scenario fleet.yaml <<YAML
topics: [{name: "fleet-{{run_id}}", partitions: 3}]
scenarios:
  producer: {type: produce, messages: $1, rate: $2/s}
  consumer: {type: consume, clients: 2, limit: $1, timeout: 5s}
checks:
  - {type: no_loss}
  - {type: no_duplicates}
  - {type: order}
  - {type: uuid_match}
  - {name: read, type: count_equals, expected: $1}
  - {name: sent, type: count_equals, metric: produced, expected: $1}
YAML
}

@test "four workers over SSH come to what one process sees that reads all their histories" {
  start_sshd
  traffic 2001 1000
  fleet "4/$there"
  assert_success
  assert_line "pass${tab}fleet${tab}sent${tab}2001 (== 2001)"
  local run verified
  run=$(run_folder)
  # Each has its part, and an identity of its own for each record.
  assert_equal "$(of_workers '[.data.workers[] | .sent] | join(" ")')" '501 500 500 500'
  assert_equal "$(jq -s '[.[] | .metrics.acked_records] | add' "$run"/workers/*/results/*.producer_?.json)" 2001
  # What the fleet says is what one reader of all histories says, count by count.
  verified=$BATS_TEST_TMPDIR/verified.json
  mkdir "$BATS_TEST_TMPDIR/all"
  cp "$run"/workers/*/history/*/*.ksh "$BATS_TEST_TMPDIR/all/"
  "$KS_BIN/ks-verify" dump "$BATS_TEST_TMPDIR/all" >"$BATS_TEST_TMPDIR/events"
  assert_equal "$(jq -rs '[.[] | select(.event == "send") | [.producer, .sequence]]
    | "\(length) \(unique | length)"' "$BATS_TEST_TMPDIR/events")" '2001 2001'
  "$KS_BIN/ks-verify" "$run"/history/* --quiet --json "$verified"
  assert_equal "$(jq -c '.metrics' "$verified")" "$(jq -c '.metrics' "$run"/results/*.verify.json)"
  assert_equal "$(jq -r '.status' "$verified")" pass
  # Histograms add up bucket by bucket, and percentiles are those of the sum.
  find_python json
  "$python" "$BATS_TEST_DIRNAME/support/merged_histograms.py" "$run"
  # The page tells them, and nothing is left there.
  assert_equal "$(of_workers '.data.workers | length')" 4
  assert_equal "$(summary '.check_results[0].workers | length')" 4
  grep -q "worker-3" "$run/report.html"
  assert_valid scenario-summary-v1.json "$run/summary.json"
  assert_valid worker-v1.json "$run"/workers/*/worker.json
  assert_valid result-v1.json "$run"/results/*.json
  run compgen -G "$BATS_TEST_TMPDIR/ks-fleet-*"
  assert_failure
}

@test "a profile of the fleet's own is that of all workers, and its first client is theirs" {
  start_sshd
  traffic 40 1000
  printf 'target: kafka\nbrokers: [%s]\nclients: [wire]\n' "$KS_TEST_BROKERS" >"$BATS_TEST_TMPDIR/mine.yaml"
  run_split "$project_root/gates/fleet.sh" "2/$there" "$file" --profile "$BATS_TEST_TMPDIR/mine.yaml"
  assert_success
  assert_equal "$(jq -r '"\(.profile) \(.client)"' "$(run_folder)"/results/fleet.wire.producer.json)" 'mine wire'
}

# of_worker INDEX: its ks-run, which only it has.
of_worker() { # INDEX
  pgrep -f "ks-run work .* --shard $1/2 --run-id $run_id( |\$)"
}

began() { # INDEX
  [[ -n $(find "$BATS_TEST_TMPDIR/ks-fleet-$run_id-0/workers/$1/history" -name '*.ksh' -size +1k 2>/dev/null) ]]
}

begin_fleet() { # HOSTS
  "$project_root/gates/fleet.sh" "$1" "$file" -b "$KS_TEST_BROKERS" --run-id "$run_id" \
    >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  fleet_pid=$!
  within 30 began 1
}

@test "a worker that is killed half-way makes it inconclusive, is named, and what it had done is kept" {
  start_sshd
  traffic 1500 500
  run_id=killed-$RANDOM
  begin_fleet "2/$there"
  kill -KILL "$(of_worker 1)"
  local ended=0 run
  wait "$fleet_pid" || ended=$?
  assert_equal "$ended" 3
  run=$(run_folder)
  run jq -r '.verdict, .reasons[]' "$run/summary.json"
  assert_line inconclusive
  assert_line --partial "worker 1 ($there) is lost: it did not reach its end"
  # Its history is there up to then, and counts for what it shows.
  assert_equal "$(find "$run"/history/*/ -name '1-*.ksh' | wc -l)" "$(find "$run/workers/1/history" -name '*.ksh' | wc -l)"
  [[ -n $(find "$run"/history/*/ -name '1-*.ksh') ]]
  assert_equal "$(of_workers '[.data.workers[].status] | join(" ")')" 'pass inconclusive'
  # Nobody goes on there.
  run grep -lsxzF "KS_RUN_DIR=$BATS_TEST_TMPDIR/ks-fleet-$run_id-0/workers/1" /proc/[0-9]*/environ
  assert_output ''
}

@test "a signal ends the workers in order, keeps what they had, and leaves nothing there" {
  start_sshd
  traffic 30000 500
  run_id=broken-off-$RANDOM
  begin_fleet "2/$there"
  kill -TERM "$fleet_pid"
  local ended=0 run
  wait "$fleet_pid" || ended=$?
  assert_equal "$ended" 143
  run=$(run_folder)
  assert_equal "$(jq -r '.verdict + " " + .interrupted' "$run/summary.json")" 'inconclusive signal 15'
  assert_equal "$(jq -r .signal "$run/workers/1/worker.json")" 15
  run compgen -G "$BATS_TEST_TMPDIR/ks-fleet-*"
  assert_failure
  assert_equal "$("$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" topics list "fleet-$run_id" | wc -l)" 1
}

# A parallel that takes its time to begin the workers.
slow_parallel() {
  mkdir "$BATS_TEST_TMPDIR/slow"
  cat >"$BATS_TEST_TMPDIR/slow/parallel" <<SH
#!/bin/bash
touch "$BATS_TEST_TMPDIR/begins"
until [[ -e $BATS_TEST_TMPDIR/go ]]; do sleep 0.1; done
exec "$(type -P parallel)" "\$@"
SH
  chmod +x "$BATS_TEST_TMPDIR/slow/parallel"
  PATH=$BATS_TEST_TMPDIR/slow:$PATH
}

@test "a signal before the workers began: those that come late end at once" {
  traffic 30000 500
  slow_parallel
  "$project_root/gates/fleet.sh" :,: "$file" -b "$KS_TEST_BROKERS" >"$BATS_TEST_TMPDIR/out" 2>&1 3>&- &
  fleet_pid=$!
  within 30 test -e "$BATS_TEST_TMPDIR/begins"
  kill -TERM "$fleet_pid"
  within 5 test ! -e "/proc/$fleet_pid/fd/9" # the pipe that the workers live by
  touch "$BATS_TEST_TMPDIR/go"
  within 20 is_gone "$fleet_pid"
  local ended=0
  wait "$fleet_pid" || ended=$?
  assert_equal "$ended" 143
  assert_equal "$(jq -r .interrupted "$(run_folder)/summary.json")" 'signal 15'
}

@test "a host that cannot be reached is one line and status 2, before anything is made" {
  traffic 10 10
  ports_take port
  fleet ":,user@127.0.0.1:$port"
  assert_refused "fleet: user@127.0.0.1:$port: cannot be reached by ssh"
  fleet 'a,b;c'
  assert_refused "not a host 'b;c'"
  [[ ! -e $KS_REPORTS ]]
}

@test "a host without the executables, or with others, is told before anything is made" {
  start_sshd
  traffic 10 10
  fleet "$there" --bin "$BATS_TEST_TMPDIR/nowhere"
  assert_refused "$there: the executables do not run there"
  mkdir "$BATS_TEST_TMPDIR/bin"
  cp "$KS_BIN"/ks-* "$BATS_TEST_TMPDIR/bin/"
  printf '#!/bin/sh\necho ks-consume 0.0.1\n' >"$BATS_TEST_TMPDIR/bin/ks-consume"
  fleet "$there" --bin "$BATS_TEST_TMPDIR/bin"
  assert_refused "$there: ks-consume 0.0.1 is another than here"
  [[ ! -e $KS_REPORTS ]]
}

@test "a clock that is behind is measured and told" {
  start_sshd
  traffic 100 100
  mkdir "$BATS_TEST_TMPDIR/bin"
  cp "$KS_BIN"/ks-* "$BATS_TEST_TMPDIR/bin/"
  mv "$BATS_TEST_TMPDIR/bin/ks-run" "$BATS_TEST_TMPDIR/bin/ks-run.real"
  cat >"$BATS_TEST_TMPDIR/bin/ks-run" <<'SH'
#!/bin/bash
[[ $1 == clock ]] || exec "$0.real" "$@"
while read -r; do echo $(($(date +%s%N) - 700000000)); done
SH
  # What it says its version is, is its own.
  sed -i '1a[[ $1 != --version ]] || { echo "$("$0.real" --version)" | sed "s/^ks-run.real/ks-run/"; exit; }' \
    "$BATS_TEST_TMPDIR/bin/ks-run"
  chmod +x "$BATS_TEST_TMPDIR/bin/ks-run"
  fleet ":,$there" --bin "$BATS_TEST_TMPDIR/bin"
  assert_success
  run of_workers '.data.workers[1].clock_offset_ms | round'
  ((output >= -750 && output <= -650)) || fail "offset $output"
  assert_equal "$(of_workers '.data.workers[0].clock_offset_ms')" 0
  run of_workers '.findings[] | "\(.id) \(.evidence)"'
  assert_output --regexp "^clock-offset by up to [67][0-9.]+ ms: worker 1 \($there\) -[67]"
}

work() { # PART FOLDER
  "$KS_BIN/ks-run" work "$file" -b "$KS_TEST_BROKERS" --shard "$1" --run-id "${made##*/}" -o "$2"
}

@test "two workers that do the same part are an error, and a folder is worked in once" {
  traffic 100 100
  local made
  made=$("$KS_BIN/ks-run" prepare "$file" --workers 2 -b "$KS_TEST_BROKERS" --run-id "twice-$RANDOM")
  work 0/2 "$made/workers/0"
  work 0/2 "$made/workers/1"
  run_split work 1/2 "$made/workers/0"
  assert_refused 'a worker is or was already in'
  run_split "$KS_BIN/ks-run" judge "$made" -q
  assert_refused 'worker 1 '
  assert_equal "$(of_workers '.data.workers[1].status')" error
  run of_workers '.data.workers[1].reason'
  assert_output --partial 'it did part 0/2, as worker 0 '
}

@test "workers of a Kubernetes Job do what README says, with a scenario file of any name" {
  traffic 100 100
  mv "$file" "$folder/mine.yaml"
  echo '{"profiles": {"elsewhere": {"brokers": ["127.0.0.1:1"]}}}' >"$folder/profiles.json"
  stand_in_kubectl
  export KS_TEST_BROKERS PATH=$KS_BIN:$PATH
  local block
  block=$(sed -n '/^In Kubernetes/,/^## /{/^```sh$/,/^```$/p}' "$project_root/README.md" |
    sed "/^\`\`\`/d; s|mine.yaml|$folder/mine.yaml|; s|broker:9092|$KS_TEST_BROKERS|; s|+ 60))|+ 3))|")
  cd "$project_root"
  run_split bash -c "set -e; $block"
  assert_success
  assert_line "pass${tab}mine${tab}sent${tab}100 (== 100)"
  assert_equal "$(of_workers '[.data.workers[].sent] | join(" ")')" '25 25 25 25'
  assert_equal "$(of_workers '.data.workers[1].host')" pod/ks-fleet-1
}

@test "kubectl understands the Job, and it does as many parts as there are" {
  type -P kubectl >/dev/null || skip 'there is no kubectl here'
  find_python yaml
  kubectl kustomize "$project_root/compose/k8s-fleet" >"$BATS_TEST_TMPDIR/manifests"
  run "$python" - "$BATS_TEST_TMPDIR/manifests" <<'PYTHON'
import sys
import yaml
(job,) = [each for each in yaml.safe_load_all(open(sys.argv[1])) if each["kind"] == "Job"]
spec, (worker,) = job["spec"], job["spec"]["template"]["spec"]["containers"]
size = int({each["name"]: each["value"] for each in worker["env"]}["KS_FLEET_SIZE"])
print(spec["completionMode"], spec["completions"] == spec["parallelism"] == size, spec["backoffLimitPerIndex"], "backoffLimit" in spec)
print(*worker["command"])
PYTHON
  assert_output $'Indexed True 0 False\n/ks/worker.sh run /scenario /work/run'
}
