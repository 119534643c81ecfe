#!/usr/bin/env bash
# E: the highest rate at which records are still acknowledged in time.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/performance.sh"
begin max_rate 'The highest rate that keeps p95 within its limit'
needs admin produce resources report

performance_begin max_rate
performance_find_max
end
