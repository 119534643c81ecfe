#!/usr/bin/env bash
# The release gate: "we didn't break the architecture". It has the PR and the main gate's checks, too.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
run_gate release "$@"
