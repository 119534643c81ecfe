#!/usr/bin/env bash
# The PR gate: "we didn't break Kafka semantics".
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
run_gate pr "$@"
