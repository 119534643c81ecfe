#!/usr/bin/env bash
# The validation of performance: workloads at a rate, each against its limits.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
run_gate performance "$@"
