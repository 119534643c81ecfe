#!/usr/bin/env bash
# E: 500 records a second for five minutes, three times.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin sustained '500 records a second for five minutes'
needs admin produce consume resources verify report

performance_begin sustained
performance_runs
performance_judge_rate
end
