#!/usr/bin/env bash
# Rebuilds the pages that validations leave behind, each from the newest runs in KS_REPORTS (reports):
#   performance-baseline.md, delivery-guarantees.md
# A validation without a run has no page, and is named; without any there is nothing to rebuild (status 2).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
export KS_HOME=${KS_HOME:-$root}
bin=${KS_BIN:-$root/build/bin}
reports=${KS_REPORTS:-$root/reports}
declare -A pages=([performance]=performance-baseline.md [delivery]=delivery-guarantees.md)

made=0
for validation in performance delivery; do
  page=$reports/${pages[$validation]}
  # A toolkit that does not know the page has nothing to say of it.
  "$bin/ks-report" --help | grep "^       ks-report $validation" >/dev/null || continue
  if "$bin/ks-report" "$validation" "$reports" -o "$page"; then
    echo "$page"
    made=$((made + 1))
  fi
done
((made > 0)) || exit 2
