#!/usr/bin/env bash
# A6: OffsetForLeaderEpoch.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin offset_for_leader_epoch 'OffsetForLeaderEpoch'
needs admin produce offsets

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 1
step empty ks-offsets epochs -t "$topic" --expect 'end_offset_max == 0'
step produce ks-produce -t "$topic" --count 50
# The present epoch has not ended: it ends where the log does.
step present ks-offsets epochs -t "$topic" --expect 'epoch_min >= 0' --expect 'end_offset_min == 50'
# No leader has had this epoch yet.
step future ks-offsets epochs -t "$topic" --epoch 1000000 --expect 'end_offset_max == -1'
end
