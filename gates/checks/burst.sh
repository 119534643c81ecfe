#!/usr/bin/env bash
# E: bursts of 5,000 records a second, three times.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin burst 'Bursts of 5,000 records a second'
needs admin produce consume resources verify report

performance_begin burst
performance_runs
performance_judge_rate
end
