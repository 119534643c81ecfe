#!/usr/bin/env bash
# S5: the object store takes 200 ms longer for a while. Backpressure shows: acknowledgements come later
# and fewer; nothing is lost or corrupted, no error reaches the application, and it recovers.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin slow_object_store 'A slow object store costs time, not data'
needs admin produce consume offsets fault verify
path=${KS_SLOW_PATH:-object-store} # where no store is behind a broker, another path shows the same
slow_ms=200
disturbs_path "$path"
[[ $path != clients ]] || export KS_BROKERS=$through

# A few records at a time, as fast as they are acknowledged.
few_at_a_time() { # STEP SECONDS OPTION…
  step "$1" ks-produce -t "$traffic_topic" --duration "$2s" --history "$history" "${patient[@]}" \
    -X linger.ms=0 -X queue.buffering.max.messages=6 "${@:3}"
}

traffic_begin
usual_store_ms=
if [[ $path == object-store ]] && has_kafscale_metrics; then
  step store_before ks-metrics --expect 'kafscale_s3_latency_ms_avg >= 0'
  usual_store_ms=$(metric store_before kafscale_s3_latency_ms_avg)
fi
few_at_a_time before 3 --expect 'acked_records > 0'
usual_ms=$(metric before service_ms_p50)
usual_rate=$(metric before acked_per_s)
step slow ks-fault latency "$path" --latency "${slow_ms}ms" --direction both --history "$history"
seconds=$(lasting slow_object_store 10 60)
# The broker sees it, too. Its average is of a minute.
[[ -z $usual_store_ms ]] || start store_during ks-metrics --wait "${seconds}s" \
  --expect "kafscale_s3_latency_ms_avg >= $((${usual_store_ms%.*} + slow_ms / 8))"
few_at_a_time during "$seconds" \
  --expect "service_ms_p50 >= $((${usual_ms%.*} + slow_ms / 2))" --expect "acked_per_s < $usual_rate"
late_ms=$(metric during service_ms_p50)
step heal ks-fault heal "$path" --history "$history"
traffic_flows back
few_at_a_time after 3 --expect "service_ms_p50 < $((${late_ms%.*} - slow_ms / 2))"
traffic_end
end
