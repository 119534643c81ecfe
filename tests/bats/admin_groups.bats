#!/usr/bin/env bats
# needs: broker
# ks-admin groups.

load admin_helper

# Joins $group and reads $topic until the test ends.
join_group() {
  "$KS_BIN/ks-consume" -b "$KS_TEST_BROKERS" -q -t "$topic" -G "$group" --timeout 2m \
    >/dev/null 2>&1 3>&- &
  children+=($!)
}

@test "groups: two members share the partitions, and what they hold is told" {
  admin topics create "$topic" --partitions 4
  join_group
  join_group
  admin groups describe "$group" --expect 'members == 2' --expect 'partitions_assigned == 4' \
    --expect 'members_without_assignment == 0' --expect 'groups_stable == 1' --wait 30s
  assert_success
  assert_equal "${#lines[@]}" 3
  assert_output --partial "${topic}[0],${topic}[1]"
  assert_output --partial "${topic}[2],${topic}[3]"

  admin groups list "$group" --format json
  assert_success
  assert_equal "$(jq -r .group <<<"$output")" "$group"

  admin groups delete "$group"
  assert_refused NON_EMPTY_GROUP
}

@test "groups delete removes a group without members" {
  admin topics create "$topic"
  run "$KS_BIN/ks-offsets" -b "$KS_TEST_BROKERS" commit -G "$group" "${topic}[0]=0"
  assert_success
  admin groups describe "$group" --expect 'groups_empty == 1' --expect 'members == 0'
  assert_success
  admin groups delete "$group"
  assert_success
  assert_line "$group"
  admin groups list "$group" --expect 'groups == 0' --wait 10s
  assert_success
}

@test "groups: an unknown group is status 2, but zero members to who expects something" {
  admin groups describe "$group"
  assert_refused "unknown group: $group"
  admin groups describe "$group" --expect 'members == 0' --expect 'groups == 0'
  assert_success
  admin groups delete "$group"
  assert_refused GROUP_ID_NOT_FOUND
}
