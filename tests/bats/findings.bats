#!/usr/bin/env bats
# The commands of reports/findings.md: their options are real, and what they say can be seen again is seen,
# wherever a small broker has it.

load helper
load liar_helper

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT KS_HISTORY KS_RUN_ID
  page=$project_root/reports/findings.md
}

teardown() {
  stop_liar
  liar=${other:-}
  stop_liar
}

# command_of ID
command_of() {
  sed -n "/^## $1\$/,/^## /s/^Again: \`\(.*\)\`\$/\1/p" "$page"
}

# Prints each option of a command's --help as it is typed.
options_of() { # EXECUTABLE
  "$KS_BIN/$1" --help | sed -nE 's/^  (-[a-zA-Z]) \[ (--[a-z-]+) \].*/\1\n\2/p; s/^  (--[a-z-]+) .*/\1/p'
}

# A broker of recorded frames, which advertises PORT or where it listens.
start_recorded() { # [PORT]
  local port
  ports_take port
  python3 "$BATS_TEST_DIRNAME/support/recorded_broker.py" \
    "$BATS_TEST_DIRNAME/../fixtures/kafscale-1.6.0/exchanges.jsonl" "$port" "${1:-$port}" 3>&- &
  liar=$! liar_address=127.0.0.1:$port
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "$liar"; done
}

# Runs the command of ID as it is printed, in the project's folder, on the broker that was started.
again() { # ID
  # shellcheck disable=SC2154 # set by start_liar and the others
  run_split env -C "$project_root" PATH="$KS_BIN:$PATH" \
    bash -c "$(command_of "$1" | sed "s/localhost:9092/$liar_address/g")"
}

assert_seen() { # ID
  again "$1"
  [[ $output == *"$1"* ]] || fail "$1 is not seen again: status $status, $output $stderr"
}

@test "every option is one that the executable has" {
  local line part word name commands=0
  declare -A options
  while read -r line; do
    # Neither && nor a quote stands for anything else on that page.
    while read -r part; do
      eval "words=($part)"
      name=${words[0]}
      [[ -v options[$name] ]] || options[$name]=$(options_of "$name")
      for word in "${words[@]:1}"; do
        [[ $word == -?* ]] || continue
        grep -qxF -e "${word%%=*}" <<<"${options[$name]}" || fail "$name has no $word: $part"
      done
      commands=$((commands + 1))
    done <<<"${line// && /$'\n'}"
  done < <(sed -n 's/^Again: `\(.*\)`$/\1/p' "$page")
  ((commands >= $(grep -c '^## ' "$page")))
}

@test "what a small broker has is seen again by the command as it stands" {
  local id lie
  while read -r id lie; do
    start_liar "$lie"
    assert_seen "$id"
    stop_liar
  done <<'LIES'
no-api-versions hangs-up
no-brokers-in-metadata no-brokers
advertised-unreachable half-there
coordinator-missing group-nowhere
coordinator-not-in-metadata group-misled
advertised-version-unanswered silent-advertised
advertised-version-refused closed-advertised
unadvertised-version-unanswered silent-unadvertised
unadvertised-version-served serves-unadvertised
api-versions-without-fallback no-fallback
answers-out-of-order out-of-order
malformed-response trailing-bytes
unexpected-error-code odd-error
broker-down-after-malformed dies
malformed-request-answered accepts-bad-crc
malformed-batch-accepted accepts-bad-crc
rebalance-churn group-churn
silent-broker group-silent
promised-version-missing
LIES
  start_nobody
  assert_seen no-listener
}

@test "what KafScale 1.6.0 advertises is seen again by the command as it stands" {
  local id
  start_recorded
  for id in group-apis-unreachable message-format-downgraded version-mismatch; do
    assert_seen "$id"
  done
  stop_liar
}

@test "a broker that advertises another is seen again by the command as it stands" {
  start_liar ''
  other=$liar
  start_recorded "${liar_address##*:}"
  assert_seen advertised-elsewhere
}

@test "a counter that went back is seen again by the command as it stands" {
  cp "$project_root/tests/fixtures/kafscale-1.6.0/metrics.txt" "$BATS_TEST_TMPDIR/before.txt"
  sed 's/^\(kafscale_produce_latency_ms_count\|kafscale_broker_uptime_seconds\) .*/\1 2/' \
    "$BATS_TEST_TMPDIR/before.txt" >"$BATS_TEST_TMPDIR/after.txt"
  PATH=$KS_BIN:$PATH run_split env -C "$BATS_TEST_TMPDIR" bash -c "$(command_of counter-reset)"
  assert_output --partial '"counter-reset"'
}

@test "a counter that shrinks without a restart is seen again by the command as it stands" {
  cp "$project_root/tests/fixtures/kafscale-1.6.0/metrics.txt" "$BATS_TEST_TMPDIR/before.txt"
  sed 's/^kafscale_consumer_lag_count 3$/kafscale_consumer_lag_count 1/' \
    "$BATS_TEST_TMPDIR/before.txt" >"$BATS_TEST_TMPDIR/after.txt"
  PATH=$KS_BIN:$PATH run_split env -C "$BATS_TEST_TMPDIR" bash -c "$(command_of counter-shrinks)"
  assert_output --partial '"counter-shrinks"'
}
