#!/usr/bin/env bats
# needs: broker
# ks-admin configs.

load admin_helper

first_broker_id() {
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" brokers --format json |
    jq -r 'select(.role == "broker").id' | head -n 1
}

@test "configs alter is read back, and keeps the settings that it does not name" {
  admin topics create "$topic" --config retention.ms=60000
  admin configs alter topic "$topic" segment.ms=70000 --expect-config retention.ms=60000
  assert_success
  assert_line "segment.ms${tab}70000${tab}no${tab}no${tab}no"
  admin configs describe topic "$topic" --expect-config segment.ms=70000 \
    --expect-config retention.ms=60000 --expect 'configs_not_default == 2'
  assert_success
}

@test "configs alter does not pin what a topic inherits from its broker" {
  admin topics create "$topic"
  admin configs alter topic "$topic" retention.ms=60000 --json -
  assert_success
  assert_metrics '.configs_kept == 0'
}

@test "configs: a value that is not as expected is violated, naming the one seen" {
  admin topics create "$topic" --config retention.ms=60000
  admin configs describe topic "$topic" --expect-config retention.ms=1
  assert_equal "$status" 1
  assert_one_line_error "config retention.ms is '60000', expected '1'"
  admin configs alter topic "$topic" segment.ms=70000 --expect-config segment.ms=1 --wait 200ms
  assert_equal "$status" 1
  assert_one_line_error "config segment.ms is '70000', expected '1'"
}

@test "configs: a wait that is interrupted accuses nobody" {
  admin topics create "$topic"
  local result=$BATS_TEST_TMPDIR/result.json caught=0
  "$KS_BIN/ks-admin" -b "$KS_TEST_BROKERS" configs describe topic "$topic" \
    --expect-config retention.ms=1 --wait 60s --json "$result" >/dev/null 2>&1 3>&- &
  until ((0x$caught & 0x4000)); do # it handles signal 15
    caught=$(sed -n 's/^SigCgt:[^0-9a-f]*//p' "/proc/$!/status")
  done
  kill -TERM $!
  local ended=0
  wait $! || ended=$?
  assert_equal "$ended" 143
  refute [ "$(jq -r .status "$result")" = fail ]
}

@test "configs: a setting that is not there is violated" {
  admin topics create "$topic"
  admin configs describe topic "$topic" --expect-config no.such.setting=1
  assert_equal "$status" 1
  assert_one_line_error 'no.such.setting is not there'
}

@test "configs of a broker" {
  local id
  id=$(first_broker_id)
  admin configs describe broker "$id" --expect "configs > 50"
  assert_success
  assert_line --regexp "^node.id${tab}$id${tab}"
}

@test "configs: a password is never printed" {
  local id
  id=$(first_broker_id)
  admin configs describe broker "$id" --format json
  assert_success
  local password='select(.config == "ssl.key.password")'
  assert_equal "$(jq -r "$password | .sensitive, .value" <<<"$output")" $'true\n***'
  admin configs describe broker "$id" --expect-config ssl.key.password=swordfish-9
  assert_refused 'its value is not told'
  [[ $stderr != *swordfish* ]]
}

@test "configs: what Kafka refuses is status 2 with its name" {
  admin configs describe topic "$topic"
  assert_refused UNKNOWN_TOPIC_OR_PART
  admin topics create "$topic"
  admin configs alter topic "$topic" retention.ms=soon
  assert_refused INVALID_CONFIG
}

@test "configs: unusable words are refused" {
  admin configs describe queue "$topic"
  assert_refused "unknown resource 'queue'"
  admin configs describe broker one
  assert_refused "not a broker id 'one'"
  admin configs alter topic "$topic"
  assert_refused 'needs more words'
  admin configs alter topic "$topic" retention.ms
  assert_refused 'not a setting'
  admin configs alter topic "$topic" a=1 a=2
  assert_refused "'a' is given twice"
}
