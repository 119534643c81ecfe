#!/usr/bin/env bash
# A1, S1: TCP, ApiVersions, Metadata, broker discovery; what is advertised is the one address.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin connectivity 'Clients connect through the one address'
needs admin

step brokers ks-admin brokers \
  --expect 'bootstrap_unreachable == 0' --expect 'brokers >= 1' --expect 'brokers_unreachable == 0' \
  --expect 'advertised_elsewhere == 0' --expect 'apis >= 10'
end
