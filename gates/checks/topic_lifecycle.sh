#!/usr/bin/env bash
# A2: CreateTopics, describe, describe configs, DeleteTopics, and the deleted topic is gone.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin topic_lifecycle 'Topics are created, described and deleted'
needs admin

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 3 --config retention.ms=86400000
step describe ks-admin topics list "$topic" --wait 10s \
  --expect 'topics == 1' --expect 'partitions == 3' --expect 'partitions_without_leader == 0'
step configs ks-admin configs describe topic "$topic" --expect-config retention.ms=86400000
step delete ks-admin topics delete "$topic"
step gone ks-admin topics list "$topic" --wait 10s --expect 'topics == 0'
created_topics=()
end
