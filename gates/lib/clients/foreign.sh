# A client that is somebody else's program; to be sourced. Its file defines what it is asked to do, each
# bounded by `bounded`:
#   client_version            prints it
#   client_produce            the lines of standard input, to $topic
#   client_read COUNT         prints the values of $topic from its beginning, without a group
#   client_member COUNT       the same as a member of $group, and commits
# and, where there is more to tell: client_topics, steps of its own for what it can do with topics;
# client_hint STEP, which prints why it cannot.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

foreign_matrix() {
  folder=$KS_RUN_DIR/history/$KS_CHECK.$check_client
  mkdir -p "$folder"
  brokers=$(run_list brokers)
  version=$(client_version)
  seq 0 $((matrix_count - 1)) >"$folder/sent"
  echo "$matrix_count" >"$folder/sent_later"
  matrix_begin
  ! declare -F client_topics >/dev/null || client_topics
  foreign_cell produce "$folder/sent" foreign_produce || foreign_produce_elsewhere
  ! declare -F client_read >/dev/null || foreign_cell consume "$folder/sent" client_read "$matrix_count"
  foreign_group
}

bounded() { # COMMAND…
  echo "+ $*" >&2
  timeout --foreground --kill-after 2 "$matrix_seconds" "$@"
}

# What another client reads there is what it produced.
foreign_produce() {
  client_produce <"$folder/sent" >&2 || return
  ks-consume --client wire -q -t "$topic" -e --timeout "${matrix_seconds}s"
}

foreign_produce_elsewhere() {
  matrix_other_topic
  errand produced_other ks-produce -t "$topic" <"$folder/sent"
}

# The second run reads what came after the first one's commit, and nothing again.
foreign_group() {
  if ! foreign_cell group "$folder/sent" client_member "$matrix_count"; then
    not_tested commit 'its group read nothing that it could commit'
    return
  fi
  errand produced_one ks-produce -t "$topic" <"$folder/sent_later"
  ((matrix_seconds > matrix_seconds_again)) || matrix_seconds=$matrix_seconds_again
  foreign_cell commit "$folder/sent_later" client_member 1
}

# foreign_cell STEP EXPECTED COMMAND…: whether the command ends well and prints the lines of the file.
foreign_cell() {
  local step=$1 expected=$2 began=${EPOCHREALTIME/./} status verdict got log count lines brought
  shift 2
  got=$folder/$step log=$KS_RUN_DIR/logs/$KS_CHECK.$check_client.$step.log
  steps+=("$step")
  "$@" >"$got" 2>"$log"
  status=$?
  count=$(wc -l <"$expected") lines=$(wc -l <"$got")
  brought="it brought $lines of $count lines"
  ((lines != count)) || brought='it brought other lines than expected, or in another order'
  verdict=(--status pass)
  if ((status != 0)) || ! cmp -s "$expected" "$got"; then
    verdict=(--status fail --reason "$(foreign_reason "$step" "$status" "$brought")")
    tell "$step: ${verdict[3]}"
    worsen 1
  fi
  matrix_record "$step" "${verdict[@]}" --client-version "$version" \
    --duration-ms $(((${EPOCHREALTIME/./} - began) / 1000)) \
    --metric "lines=$lines" --expect "lines == $count" \
    --metric "lines_matched=$(comm -12 <(sort "$expected") <(sort "$got") | wc -l)" --expect "lines_matched == $count"
  [[ ${verdict[1]} == pass ]]
}

# What the client itself said last; what it did not get to say is said for it.
foreign_reason() { # STEP STATUS WHAT-IT-BROUGHT
  local why said=
  case $2 in
    0) why="$3" ;;
    124 | 137) why="no end within $matrix_seconds s" ;;
    *) why="status $2" ;;
  esac
  ! declare -F client_hint >/dev/null || said=$(client_hint "$1")
  said=${said:-$(foreign_last_words "$log")}
  echo "$why${said:+: $said}"
}

# The last line that tells of trouble, else the last one; not the stack that led there.
foreign_last_words() { # LOG
  local lines
  lines=$(grep -vE '^(\+|[[:space:]]+at) |^$' "$1")
  { grep -iE 'exception|error|fail|fatal|unsupported' <<<"$lines" || echo "$lines"; } | tail -n 1 | cut -c -300
}
