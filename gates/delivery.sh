#!/usr/bin/env bash
# The validation of delivery: nothing acknowledged is lost, whatever is restarted or cut off.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
run_gate delivery "$@"
