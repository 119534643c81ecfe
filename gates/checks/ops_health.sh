#!/usr/bin/env bash
# A7, the APIs that operations use: DescribeGroups, AlterConfigs read back, CreatePartitions seen in
# Metadata, DeleteGroups.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin ops_health 'Operations APIs: groups, configs, partitions'
needs admin produce consume

topic=$(unique topic)
group=$(unique group)
owns_topic "$topic"
owns_group "$group"
step create ks-admin topics create "$topic" --partitions 1
step add_partitions ks-admin topics add-partitions "$topic" --partitions 3
step seen_in_metadata ks-admin topics list "$topic" --wait 10s --expect 'partitions == 3'
step alter_configs ks-admin configs alter topic "$topic" retention.ms=7200000 \
  --expect-config retention.ms=7200000
step produce ks-produce -t "$topic" --count 30
# Whether leaving has an effect is for group_membership_api to say: here the session may end as well.
step consume ks-consume -t "$topic" -G "$group" -X session.timeout.ms=6000 -c 30
step describe_group ks-admin groups describe "$group" --wait 12s --expect 'groups == 1' --expect 'members == 0'
step delete_group ks-admin groups delete "$group"
step group_gone ks-admin groups list "$group" --wait 10s --expect 'groups == 0'
created_groups=()
end
