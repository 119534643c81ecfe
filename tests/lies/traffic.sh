# What run sends through a lie, and how it judges what came of it; sourced by it. A function for each
# kind of traffic in broker-front's list, called in a case of run's: with its steps, and what is left
# in its variables.
# shellcheck disable=SC2034,SC2154 # those are run's

judge() { # CONDITION...: whether the lie was caught
  is_modest || return 0
  ! all_passed || clean=yes
  ! survived || ! "$@" || caught=yes
}

traffic_log() {
  produce produce --count 150
  produce again --count 150
  offsets ends list
  consume read
  consume reread
  offsets later list
  verify
  judge tripped verify "$check"
}

traffic_group() {
  produce produce --count 150
  consume read -G "$topic"
  offsets commits fetch -G "$topic"
  produce again --count 150
  consume reread -G "$topic"
  offsets ends list
  offsets recommits fetch -G "$topic"
  verify
  # shellcheck disable=SC2086 # several
  judge tripped verify $check
}

# A change after which somebody is fenced. Three seeds have all of them and three sizes of the group,
# nine have each with each way of the lies.
traffic_fence() {
  local number=$((1 + seed % 2)) actions
  actions=("leave $number" "kill $number" "pause $number for $((7 + seed % 2))s")
  members "${actions[(seed + (seed - 1) / 3) % 3]}"
}

# Partitions are shared out twice: at the beginning, and among more members or fewer.
traffic_shares() {
  local actions=(join 'leave 1' 'leave 2')
  members "${actions[(seed + (seed - 1) / 3) % 3]}"
}

traffic_pause() {
  members "pause $((1 + seed % 2)) for $((7 + seed % 3))s"
}

members() { # ACTION
  step members ks-group -b "$address" -t "$topic" -G "$topic" --members $((3 + seed % 3)) \
    --schedule "200ms $1"
  seen+=", $((3 + seed % 3)) members, $1:"
  seen+=$(of members '[.anomalies[] | " \(.type) \(.count)"] | join(",")')
  judge tripped members "$check"
}

# No answer can be used, and that never ends: whether the client gives up at once or tries again up
# to the time-out, the reader ends by itself, did not pass, and says what was wrong with the answers.
traffic_read() {
  local patience=3s
  produce produce --count 300
  consume read
  seen+=": $(of read .reason)"
  judge said_why
}

said_why() {
  [[ ${statuses[read]} == [13] && $(of read .reason) =~ $check ]]
}

# The first of the two answers is right and whole, so that a client that passes over the other can
# read everything: every record then has to be there once. That the other one came is told by the
# client's debug output.
traffic_twice() {
  local debug=(-v)
  [[ $client == wire ]] || debug+=(-X debug=broker)
  produce produce --count 300
  consume read "${debug[@]}"
  verify
  judge is_read_and_noticed
}

is_read_and_noticed() {
  all_passed && (($(of read .metrics.read_records) == 300)) && grep -qE "$check" "$dir/read.err"
}

traffic_reset() {
  # Many small requests, not a schedule: a generator that falls behind one is inconclusive.
  produce retried --count 150 -X batch.num.messages=1
  produce not_retried --count 150 -X batch.num.messages=1 --idempotence off \
    -X message.send.max.retries=0
  consume read
  verify --allow duplicate=explained
  seen+="; unknown $(of not_retried .metrics.unknown_records): $(of not_retried .reason)"
  judge no_alarm
}

# Even seeds reset the connection of the second producer; of the clients, only wire tells that from
# one that ends in order.
no_alarm() {
  [[ ${statuses[verify]} == 0 ]] && (($(of not_retried .metrics.unknown_records) > 0)) &&
    [[ $client/$((seed % 2)) != wire/0 || $(of not_retried .reason) == *'reset by peer'* ]]
}

# The acknowledgements come at least 4 s late, for a while: 8 s of traffic outlast them.
traffic_late() {
  produce produce --count 800 --rate 100/s --expect 'latency_ms_p99 < 3000' \
    --expect 'acked_records == 800' --series "$dir/series"
  seen+=": $(of produce '[.thresholds[] | "\(.metric) \(.observed)"] | join(", ")')"
  consume read
  verify
  seen+=", gap $(of verify .metrics.produce_gap_ms_max) ms"
  judge is_late_and_recovers
}

# Service was gone for as long as the acknowledgements were, and is back: there are late seconds, and
# at least two whole ones with full traffic behind the last of them, none of it late.
is_late_and_recovers() {
  is_violated_alone latency_ms_p99 && [[ ${statuses[read]} == 0 && ${statuses[verify]} == 0 ]] &&
    (($(of verify '.metrics.produce_gap_ms_max | floor') >= 3000)) &&
    jq -es '([.[].latency_ms_max >= 3000] | rindex(true)) as $late |
      $late != null and ([.[$late + 1:][] | select(.records >= 50)] | length) >= 2' \
      "$dir/series" >/dev/null
}

is_violated_alone() { # METRIC
  [[ ${statuses[produce]} == 1 && $(of produce '.thresholds[] | select(.ok | not).metric') == "$1" ]]
}

traffic_silence() {
  local begin=$SECONDS
  produce produce --count 300 --rate 100/s --timeout 3s
  seen+=" after $((SECONDS - begin)) s: $(of produce .reason)"
  consume read
  verify
  judge is_unknown $((SECONDS - begin))
}

is_unknown() { # SECONDS
  (($1 < 15)) && [[ ${statuses[produce]} == 1 ]] &&
    (($(of produce .metrics.unknown_records) > 0 && $(of verify .metrics.anomalies) == 0))
}

traffic_errors() {
  produce produce --count 400 --idempotence off -X batch.num.messages=1 \
    --expect 'error_rate < 0.1'
  seen+=": $(of produce '[.thresholds[] | "\(.metric) \(.observed)"] | join(", ")')"
  consume read
  verify
  judge is_violated_and_true
}

is_violated_and_true() {
  is_violated_alone error_rate && [[ ${statuses[verify]} == 0 ]]
}

# A driver says that it killed the broker, and did nothing, killed another, or only looked.
traffic_kill() {
  local other commands command
  sleep 60 3>&- &
  other=$!
  disown "$other"
  commands=(true "kill -KILL $other" "bash -c ': <>/dev/tcp/${address/://}'")
  command=${commands[seed % 3]}
  ! $honest || command="kill -KILL $front_pid"
  step kill ks-restart kill -b "$address" --command "kill=$command" --timeout 1s
  seen+=", $command: $(of kill .reason)"
  kill -KILL "$other" 2>/dev/null || true
  judge is_unconfirmed
}

is_unconfirmed() {
  [[ ${statuses[kill]} == 3 && $(of kill .reason) =~ $check ]]
}
