#!/usr/bin/env bats
# needs: broker
# The checks that look into the object store must be able to fail there, too. What the shared broker has in
# its log is kept for them as a KafScale keeps it, each time that they look.
load check_helper

setup() {
  require_broker
  sabotage_checks
  export K6_PROFILE=embedded KS_BROKERS=$KS_TEST_BROKERS KS_DRIVER_DIR=$KS_TEST_CLUSTER
  export KS_STORE=$BATS_TEST_TMPDIR/store KS_SEGMENT_BATCHES=1 KS_TEST_LOG=$KS_TEST_CLUSTER/broker-1/data
  export KS_SEGMENTS=$BATS_TEST_DIRNAME/support/segments.py
  # The broker is everybody's: it is not restarted here.
  sabotage restart <<'END'
[[ $1 != restart ]] || exec "$real/ks-admin" brokers "${@:2}"
exec "$real/ks-restart" "$@"
END
  keep_and :
}

# keep_and COMMAND: what happens to the store, whose topic is $1, before it is looked at.
keep_and() {
  rm -f "$KS_BIN/ks-store"
  {
    echo '#!/usr/bin/env bash'
    echo 'spoil() {' "$1" '; }'
    cat <<'END'
for ((i = 1; i < $#; ++i)); do [[ ${!i} != -t ]] || { ((++i)); topic=${!i}; }; done
rm -rf "$KS_STORE" && mkdir "$KS_STORE"
python3 "$KS_SEGMENTS" "$KS_TEST_LOG" "$KS_STORE" "$topic" "$KS_SEGMENT_BATCHES"
spoil "$KS_STORE/$topic"
exec "$real/ks-store" "$@"
END
  } >"$KS_BIN/ks-store"
  chmod +x "$KS_BIN/ks-store"
}

@test "segment_durability: passes where all is in its place" {
  check segment_durability
  assert_success
}

@test "segment_durability: a segment that the store lost" {
  keep_and 'rm "$(ls "$1"/1/*.kfs | sed -n 2p)"'
  check segment_durability
  assert_failure 1
  assert_reason stored 'missing-segment: 1'
}

@test "segment_durability: fewer than three segments show nothing" {
  KS_SEGMENT_BATCHES=1000 check segment_durability
  assert_failure 1
  assert_reason stored 'segments_min >= 3, observed 1'
}

@test "segment_durability: a segment's start from which nothing is served" {
  sabotage consume <<'END'
[[ $KS_STEP != from_1_* ]] || set -- "${@:1:5}" end "${@:7}"
exec "$real/ks-consume" "$@"
END
  check segment_durability
  assert_failure 1
  assert_reason 'from_1_*' 'read_records == '
}

@test "segment_durability: without a store it is no pass" {
  KS_STORE='' check segment_durability
  assert_failure 3
  assert_reason skipped 'give the profile a store'
}

@test "restart_durability: what the broker serves and the store has not" {
  keep_and 'rm -r "$1/2"'
  check restart_durability
  assert_failure 1
  assert_reason stored 'lost: [0-9]+'
}

@test "traffic: what was acknowledged and is served must be in the store" {
  keep_and 'rm "$(ls "$1"/1/*.kfs | tail -n 1)" "$(ls "$1"/1/*.index | tail -n 1)"'
  {
    echo "source '$project_root/gates/lib/check.sh'; source '$project_root/gates/lib/traffic.sh'"
    echo "begin offsets 'A check of a test'; traffic_begin; traffic_end; end"
  } >"$BATS_TEST_TMPDIR/check.sh"
  run bash "$BATS_TEST_TMPDIR/check.sh"
  assert_failure 1
  assert_reason stored 'lost: [0-9]+'
}
