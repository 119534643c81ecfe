#!/usr/bin/env bash
# A7, KafScale only: metrics and health endpoints answer, the broker says that it is healthy, and the
# named metrics exist and move.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin metrics_health 'Metrics and health endpoints answer, and the figures move' none
needs admin metrics

before=$KS_RUN_DIR/logs/metrics_health.before.txt
step endpoints ks-metrics --save "$before" \
  --expect 'kafscale_s3_health_state{state="healthy"} == 1' \
  --require kafscale_s3_latency_ms_avg --require kafscale_s3_error_rate \
  --require kafscale_produce_rps --require kafscale_fetch_rps \
  --require kafscale_broker_uptime_seconds
# Any request that the broker counts as administration moves its counter. The wire client speaks every
# version of it.
errand=(ks-admin --client wire groups list)
step errand "${errand[@]}"
# Behind one address there may be several brokers that take turns; the page is of one of them.
for _ in {1..7}; do "${errand[@]}"; done >"$KS_RUN_DIR/logs/metrics_health.errands.log" 2>&1
step moved ks-metrics --since "$before" --expect-increase kafscale_admin_requests_total
end
