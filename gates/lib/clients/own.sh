# A client of our executables: librdkafka, of whatever version, or wire. To be sourced.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

own_matrix() {
  matrix_begin
  own_topics
  own_produce || own_produce_elsewhere
  cell consume ks-consume -t "$topic" -e --verify --history "$history" --timeout "${matrix_seconds}s" \
    --expect "uuid_matched_records == $matrix_count" --expect 'foreign_records == 0'
  own_group
}

own_topics() {
  local own
  own=$(unique own)
  owns_topic "$own"
  cell topics_create ks-admin topics create "$own" --partitions 1 --timeout "${matrix_seconds}s" &&
    cell topics_list ks-admin topics list "$own" --wait "${matrix_seconds}s" --expect 'topics == 1' &&
    cell topics_delete ks-admin topics delete "$own" --timeout "${matrix_seconds}s" &&
    unset 'created_topics[-1]'
}

# What it produced is there when another client says so, too.
own_produce() {
  cell produce ks-produce -t "$topic" --count "$matrix_count" --history "$history" \
    --timeout "${matrix_seconds}s" || return
  cell produce_kept ks-consume --client wire -t "$topic" -e --verify --history "$history" \
    --expect "uuid_matched_records == $matrix_count" --expect 'foreign_records == 0'
}

own_produce_elsewhere() {
  history=$history.other
  matrix_other_topic
  errand produced_other ks-produce -t "$topic" --count "$matrix_count" --history "$history"
}

# Its second run begins at what the first committed: it reads the one record that came meanwhile, and
# nothing again.
own_group() {
  local member=(-t "$topic" -G "$group" -f none -X session.timeout.ms=6000 --timeout)
  if ! cell group ks-consume "${member[@]}" "${matrix_seconds}s" -c "$matrix_count" --expect 'commits >= 1'; then
    not_tested commit 'its group read nothing that it could commit'
    return
  fi
  errand produced_one ks-produce -t "$topic" --count 1
  cell commit ks-consume "${member[@]}" "${matrix_seconds_again}s" -e --expect 'read_records == 1'
}

# own_preload LIBRARY: what our executables are linked to, from now on.
own_preload() {
  tool_runner=(env LD_PRELOAD="$1")
}
