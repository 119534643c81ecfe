#!/usr/bin/env bats
# needs: broker
# What the README tells people to type.

load helper

setup() {
  require_broker
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_RUN_ID
  topic=$(unique readme)
}

teardown() {
  delete_topic
}

@test "the one-liners that need no more than a broker work in their order" {
  local line typed=0
  while read -r line; do
    run bash -c "PATH=$KS_BIN:\$PATH; $line"
    assert_success
    typed=$((typed + 1))
  done < <(sed -n '/^## One-liners/,/^## /p' "$project_root/README.md" |
    grep -E '^ks-(admin|produce|consume|offsets) ' | grep -v -- --profile |
    sed "s|localhost:9092|$KS_TEST_BROKERS|; s|orders|$topic|; s|billing|$topic|
      s|runs/a|$BATS_TEST_TMPDIR/a|; s|--rate 50/s|--rate 5000/s|")
  [ "$typed" -ge 8 ]
}
