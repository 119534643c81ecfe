#!/usr/bin/env bash
# KafScale only: every API and version that the charter promises is offered.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin api_versions 'Every promised API and version is offered' none
needs probe

step versions ks-probe versions --charter "${KS_CHARTER:-$KS_HOME/profiles/charter.yaml}"
end
