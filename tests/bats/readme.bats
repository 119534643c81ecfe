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

@test "the tables of the gates have every check of their stage, and no other" {
  local stage
  for stage in pr:PR main:main release:release; do
    run sed -n "/^## The ${stage#*:} gate's checks/,/^## /s/^| \([a-z_]*\) |.*/\1/p" "$project_root/README.md"
    assert_equal "$(grep -vx check <<<"$output" | sort)" \
      "$(jq -r --arg stage "${stage%:*}" '.checks[] | select(.stage == $stage).check' "$project_root/gates/stages.json" | sort)"
  done
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
