#!/usr/bin/env bats
# needs: broker
# How a check ends: whatever kills it or its tools, interrupts it or leaves out a step of it, it did not
# pass, says why, and leaves nothing behind.

load check_helper

setup() {
  require_broker
  export K6_PROFILE=embedded KS_BROKERS=$KS_TEST_BROKERS
  sabotage_checks
}

# A check of the test's own: standard input is what it does after it began.
own_check() {
  {
    echo "source '$project_root/gates/lib/check.sh'; begin offsets 'A check of a test'"
    cat
  } >"$BATS_TEST_TMPDIR/check.sh"
  run bash "$BATS_TEST_TMPDIR/check.sh"
}

@test "a check that is killed after some steps is an error" {
  sabotage produce <<'END'
[[ $KS_STEP != produce_after ]] || { kill -KILL $PPID; exit; }
exec "$real/ks-produce" "$@"
END
  check offsets
  assert_failure 137
  run row_of offsets
  assert_output 'error: it did not reach its end: killed, or still running'
}

@test "a check that is killed in a second attempt does not live on the first" {
  check offsets
  assert_success
  run row_of offsets
  assert_output 'pass: '
  sabotage admin <<'END'
kill -KILL $PPID
END
  check offsets
  assert_failure 137
  run row_of offsets
  assert_output 'error: it did not reach its end: killed, or still running'
}

@test "a check whose script does not get to its end did not pass" {
  own_check <<'END'
step brokers ks-admin brokers
exit 0
END
  assert_failure 2
  run row_of offsets
  assert_output 'error: its script ended with status 0 before its end'
  own_check <<'END'
step brokers ks-admin brokers
echo "$no_such_variable"
end
END
  assert_failure 2
  run row_of offsets
  assert_output 'error: its script ended with status 1 before its end'
  own_check <<'END'
figure=one.5
[[ -z $figure ]] || step brokers ks-admin brokers --expect "brokers == $((figure + 1))"
end
END
  assert_failure 2
  run row_of offsets
  assert_output 'error: its script ended with status 1 before its end'
  own_check <<'END'
step brokers ks-admin brokers
end
END
  assert_success
  assert_output --regexp '^offsets \(librdkafka\): passed, see .*/report.html$'
}

@test "a check waits for what it started, also where it forgets to" {
  own_check <<'END'
start brokers ks-admin brokers --expect 'brokers == 7'
end
END
  assert_failure 1
  assert_reason brokers 'brokers == 7'
}

@test "a check whose load ends too soon does not go on without it" {
  own_check <<'END'
start load ks-admin brokers
step_while load -- slow ks-offsets list -t nowhere --wait 60s
end
END
  assert_failure 2
}

@test "a tool that is killed after it wrote its result is no pass" {
  sabotage consume <<'END'
"$real/ks-consume" "$@"
kill -KILL $$
END
  check produce_fetch
  assert_failure 2
  run row_of produce_fetch
  assert_output 'error: ended with status 2, and no step says why'
}

@test "a check that is interrupted says so, and leaves no member, topic or group behind" {
  local signal
  for signal in TERM:143 HUP:129; do
    sabotage admin <<END
[[ \$KS_STEP != shared ]] || kill -${signal%:*} \$PPID
exec "\$real/ks-admin" "\$@"
END
    KS_RUN_ID=$KS_RUN_ID-${signal%:*} check group_membership
    assert_failure "${signal#*:}"
    KS_RUN_ID=$KS_RUN_ID-${signal%:*} run row_of group_membership
    assert_output --regexp '^inconclusive: .*interrupted'
  done
  run "$KS_BIN/ks-admin" topics list
  refute_output --partial "$KS_RUN_ID"
  run "$KS_BIN/ks-admin" groups list
  refute_output --partial "$KS_RUN_ID"
}

@test "a check that runs alone says what did not pass, and where its report is" {
  KS_BROKERS=$KS_TEST_BROKERS,127.0.0.1:1 check connectivity
  assert_failure 1
  assert_equal "${#lines[@]}" 2
  assert_line --index 0 \
    'connectivity (librdkafka): brokers: ks-admin: expected bootstrap_unreachable == 0, observed 1'
  assert_line --index 1 "connectivity (librdkafka): failed, see $KS_REPORTS/$KS_RUN_ID/report.html"
  [[ -s $KS_REPORTS/$KS_RUN_ID/report.html ]]
}

@test "a check that runs alone goes through the profile's first client" {
  sed 's/^clients:.*/clients: [java, wire, librdkafka]/' "$project_root/profiles/kafka-local.yaml" \
    >"$BATS_TEST_TMPDIR/wire.yaml"
  K6_PROFILE=$BATS_TEST_TMPDIR/wire.yaml check offsets
  assert_success
  assert_output --partial 'offsets (wire): passed'
}

@test "a tool that dies leaves an error behind, not a gap" {
  sabotage consume <<'END'
kill -SEGV $$
END
  check produce_fetch
  assert_failure 2
  assert_reason fetch_single 'ended with status 139'
}

@test "alone a check has the client that a gate gives it: wire, where it has no other" {
  local name names
  rm "$KS_BIN/ks-admin"
  names=$(jq -r '.checks[] | select(.client == "wire").check' "$project_root/gates/stages.json")
  for name in $names; do
    check "$name"
    assert_failure 2
    [[ -s $KS_REPORTS/$KS_RUN_ID/results/$name.wire.needs.json ]]
  done
  check produce_fetch
  [[ -s $KS_REPORTS/$KS_RUN_ID/results/produce_fetch.librdkafka.needs.json ]]
}

@test "a missing executable ends a check before it touches anything" {
  rm "$KS_BIN/ks-consume"
  check produce_fetch
  assert_failure 2
  assert_reason needs 'ks-consume is missing'
}
