#!/usr/bin/env bash
# The main gate: "we didn't break durability". It has the PR gate's checks, too.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
run_gate main "$@"
