#!/usr/bin/env bash
# The one address: Metadata and FindCoordinator send clients nowhere else, also while brokers restart.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/one_address.sh"
begin single_address 'Clients are sent to the one address, also while brokers restart' none
needs admin probe restart
disturbs_brokers

one_address before --connections 20
one_address_watch during
step restart ks-restart rolling --timeout 60s
step answers ks-admin brokers --client wire --wait 30s --expect 'brokers_unreachable == 0'
stop during
one_address after --connections 20
end
