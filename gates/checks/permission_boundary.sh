#!/usr/bin/env bash
# S8: a denied principal is refused, by an error that says so, and an allowed one is not.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin permission_boundary 'A denied principal is refused, an allowed one is not'
needs admin consume metrics offsets probe produce verify

complaint=$(ks-admin brokers --principal allowed 2>&1 >/dev/null) ||
  [[ $complaint != *'names no principals'* ]] || skip "nobody is denied anything here: $complaint"

allowed=(--principal allowed --expect 'authorization_errors == 0')
# Anything else that goes wrong, such as a time-out or a lost connection, is no refusal and no pass.
denied=(--principal denied --expect 'authorization_errors >= 1')
# shellcheck disable=SC2034 # check.sh's
cleaner=(--principal allowed)
topic=$(unique topic)
forbidden=$(unique forbidden)
group=$(unique group)
owns_topic "$topic" "$forbidden"

step create ks-admin topics create "$topic" --partitions 1 "${allowed[@]}"
step produce ks-produce -t "$topic" --count 200 --history "$history" "${allowed[@]}"
step read_back ks-consume -t "$topic" -e --verify --history "$history" "${allowed[@]}" \
  --expect 'uuid_matched_records == 200' --expect 'foreign_records == 0'

# KafScale counts whom it denies; that can be told only where it shows its metrics.
page=$KS_RUN_DIR/logs/permission_boundary.$check_client.before.txt
is_counted=
if ! is_kafka; then
  complaint=$(ks-metrics --save "$page" 2>&1 >/dev/null)
  [[ $complaint == *'no metrics URL'* || (-e $page && ! -s $page) ]] || is_counted=1
fi
[[ -z $is_counted ]] || step counter ks-metrics --save "$page" --require kafscale_authz_denied_total

# Its attempts are in the history as failed: one that is in the log all the same is an aborted read.
# Without idempotence, lest it be refused a producer id and never get to produce.
step denied_produce ks-produce -t "$topic" --count 100 --idempotence off --history "$history" \
  "${denied[@]}" --expect 'acked_records == 0'
# Clients ask for offsets first, and may be refused there.
fetch='{"replica_id": -1, "max_wait_ms": 100, "min_bytes": 1, "max_bytes": 1048576, "topics": [
  {"topic": "'$topic'", "partitions": [{"partition": 0, "fetch_offset": 0, "partition_max_bytes": 1048576}]}]}'
step denied_fetch ks-probe call Fetch --client wire --version 11 --fields "$fetch" "${denied[@]}"
step denied_read ks-consume -t "$topic" -e -f none "${denied[@]}" --expect 'read_records == 0'
step not_written ks-consume -t "$topic" -e --verify --history "$history" "${allowed[@]}" \
  --expect 'uuid_matched_records == 200' --expect 'foreign_records == 0'
step denied_create ks-admin topics create "$forbidden" "${denied[@]}"
step not_created ks-admin topics list "$forbidden" "${allowed[@]}" --expect 'topics == 0'
step denied_delete ks-admin topics delete "$topic" "${denied[@]}"
step still_there ks-admin topics list "$topic" "${allowed[@]}" --expect 'topics == 1'

if [[ -n $is_counted ]]; then
  # Behind one address there may be several brokers that take turns; the page is of one of them.
  for _ in {1..7}; do ks-admin topics create "$forbidden" --principal denied; done \
    &>"$KS_RUN_DIR/logs/permission_boundary.$check_client.errands.log"
  step counted ks-metrics --since "$page" --expect-increase kafscale_authz_denied_total
fi

owns_group "$group"
quick=(-X session.timeout.ms=6000)
step member ks-consume -t "$topic" -G "$group" "${quick[@]}" -e -f none "${allowed[@]}" \
  --expect 'read_records == 200' --expect 'commits >= 1'
step committed ks-offsets fetch -t "$topic" -G "$group" "${allowed[@]}" --expect 'committed_sum == 200'
step denied_member ks-consume -t "$topic" -G "$group" "${quick[@]}" -e -f none "${denied[@]}" \
  --expect 'assignments == 0' --expect 'read_records == 0'
step denied_commit ks-offsets commit -t "$topic" -G "$group" -p 0 -o 0 "${denied[@]}"
step still_committed ks-offsets fetch -t "$topic" -G "$group" "${allowed[@]}" \
  --expect 'committed_sum == 200'

# Nobody else is the worse for it, and what was refused is nowhere.
step produce_again ks-produce -t "$topic" --count 100 --history "$history" "${allowed[@]}"
step read_again ks-consume -t "$topic" -e --verify --history "$history" "${allowed[@]}" \
  --expect 'uuid_matched_records == 300' --expect 'foreign_records == 0'
step kept ks-verify "$history"
# What the denied one may not do is not forbidden to everybody.
step delete ks-admin topics delete "$topic" "${allowed[@]}"
created_topics=()

if ! is_kafka && [[ -z $is_counted ]]; then
  inconclusive counted \
    'whether denials are counted cannot be told: the profile has no metrics_url, set it or KS_METRICS_URL'
fi
end
