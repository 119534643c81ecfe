#!/usr/bin/env bash
# The validation of delivery: nothing acknowledged is lost, whatever is restarted or cut off.
source "$(dirname "${BASH_SOURCE[0]}")/lib/gate.sh"
# shellcheck disable=SC2034 # gate.sh's
further_usage='
  KS_SMALL_MACHINE  1: run where there are less than 4 GB of memory or 20 GB of disk, too'
run_gate delivery "$@"
