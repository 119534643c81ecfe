#!/usr/bin/env bash
# E: a snapshot of 895,000 records, as fast as they are taken, three times.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin snapshot 'A snapshot of 895,000 records'
needs admin produce consume resources verify report

performance_begin snapshot
performance_runs
performance_judge
end
