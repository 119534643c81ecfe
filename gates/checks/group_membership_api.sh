#!/usr/bin/env bash
# A5: JoinGroup, SyncGroup, Heartbeat and LeaveGroup, each call counted.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin group_membership_api 'JoinGroup, SyncGroup, Heartbeat and LeaveGroup, call by call'
needs admin group

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 4
# Both groups at once: where leaving is of no effect, each waits for a session to end.
# A fourth member joins three: what they did in the generation before is fenced.
group=$(unique joined)
owns_group "$group"
start join_sync_heartbeat ks-group -t "$topic" -G "$group" --members 3 --schedule '500ms join' \
  --history "$history" --expect 'members == 4' --expect 'joingroup_ok >= 4' --expect 'syncgroup_ok >= 4' \
  --expect 'heartbeat_ok >= 4' --expect 'generations >= 2' --expect 'commits >= 4' \
  --expect 'fenced_commits_refused >= 3'
group=$(unique left)
owns_group "$group"
start leave ks-group -t "$topic" -G "$group" --members 2 --schedule '500ms leave 1' \
  --history "$history" --expect 'leavegroup_refused == 0' --expect 'leavegroup_ok == 2'
end
