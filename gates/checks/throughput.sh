#!/usr/bin/env bash
# E: 1,000 records of 5 KiB a second for a minute, three times.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin throughput '1,000 records of 5 KiB a second for a minute'
needs admin produce consume resources verify report

performance_begin throughput
performance_runs
performance_judge_rate
end
