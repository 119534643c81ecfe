#!/usr/bin/env bash
# D: each broker, asked alone, tells the same brokers, topics, leaders and in-sync replicas.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin cluster_view 'Each broker, asked alone, tells the same of the cluster' none
needs admin restart

topic=$(unique topic)
owns_topic "$topic"
step create ks-admin topics create "$topic" --partitions 6 --replication-factor "${KS_REPLICATION:-1}"
# Behind a proxy Metadata has one address: the driver knows where the brokers are, if they can be reached from
# here at all; of pods it knows no address.
brokers=()
! ks-restart status --expect 'restartable == 1' &>/dev/null ||
  mapfile -t brokers < <(ks-restart status | awk 'NF > 3 { print $4 }')
step reached ks-admin brokers --wait 10s --expect 'brokers_unreachable == 0'
# Brokers are told of a change one after the other.
step same ks-admin view "${brokers[@]}" --client wire --wait 10s --expect 'differences == 0'
end
