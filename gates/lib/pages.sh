#!/usr/bin/env bash
# The pages that validations leave behind; to be sourced for their names, or run to rebuild each from the
# newest runs in KS_REPORTS (reports). A validation without a run has no page, and is named; without any
# there is nothing to rebuild (status 2).

declare -A pages=([performance]=performance-baseline.md [delivery]=delivery-guarantees.md)

rebuild_pages() {
  local root bin reports validation page made=0
  root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
  export KS_HOME=${KS_HOME:-$root}
  bin=${KS_BIN:-$root/build/bin}
  reports=${KS_REPORTS:-$root/reports}
  for validation in performance delivery; do
    page=$reports/${pages[$validation]}
    if "$bin/ks-report" "$validation" "$reports" -o "$page"; then
      echo "$page"
      made=$((made + 1))
    fi
  done
  ((made > 0)) || return 2
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  rebuild_pages
fi
