#!/usr/bin/env bats
# ks-store on segments that a KafScale wrote, on broken copies of them, and in a real S3 server.
load helper
load s3_helper

setup_file() { s3_up; }
teardown_file() { s3_down; }

setup() {
  fixtures=$project_root/tests/fixtures/kafscale-1.6.0
  copy=$BATS_TEST_TMPDIR/copy
  cp -r "$fixtures/s3/default" "$copy"
  cp "$fixtures/acked.jsonl" "$BATS_TEST_TMPDIR/acked.jsonl"
  partition=$copy/fixture-orders/0
}

verify() { # [LOCATION] OPTION...
  run_split "$KS_BIN/ks-store" verify "${1:-$copy}" -t fixture-orders --acked "$BATS_TEST_TMPDIR/acked.jsonl" "${@:2}"
}

segment() { # BASE-OFFSET [SUFFIX]
  printf '%s/segment-%020d.%s' "$partition" "$1" "${2:-kfs}"
}

flip() { # FILE BYTE
  printf '\x55' | dd of="$1" bs=1 seek="$2" conv=notrunc status=none
}

# Each broken copy fails, and its first reason names what is wrong.
assert_damage() { # REASON
  verify
  assert_failure 1
  assert_one_line_error "$1"
}

@test "recorded segments are exactly what was acknowledged" {
  verify "$copy" --expect 'uuid_matched_records == 106' --expect 'stored_records == 106' \
    --expect 'foreign_records == 0' --expect 'segments_min >= 3'
  assert_success
  run "$KS_BIN/ks-store" dump "$copy" -t fixture-orders
  assert_success
  assert_equal "$(jq -c '[.offset, .payload]' <<<"$output")" \
    "$(jq -c '[.offset, .value]' "$BATS_TEST_TMPDIR/acked.jsonl")"
}

@test "the same from an S3 server, in as many requests as there are pages" {
  mkdir -p "$s3_root/kafscale"
  cp -r "$copy" "$s3_root/kafscale/default"
  verify s3://kafscale/default --expect 'uuid_matched_records == 106'
  assert_success
  # More objects than a server lists at once.
  local i
  for ((i = 0; i < 1100; i++)); do : >"$s3_root/kafscale/default/fixture-orders/0/foreign-$i"; done
  verify s3://kafscale/default --json -
  assert_failure 1
  assert_equal "$(jq '.anomalies[] | select(.type == "foreign-object").count' <<<"$output")" 1100
}

@test "ls shows what is there, without a look into the segments" {
  rm "$(segment 30)"
  echo nothing >"$(segment 0)"
  run "$KS_BIN/ks-store" ls "$copy"
  assert_success
  assert_line --index 1 --regexp $'^fixture-orders\t0\t39\t[0-9]+\t0\t105$'
}

@test "a missing segment" {
  rm "$(segment 32)"
  assert_damage 'missing-segment: 1, first fixture-orders[0]: none has offsets 32 to 34'
  [[ $output == *'lost'*'was acknowledged and is not in the log'* ]]
}

@test "the last segments are missing, and nothing tells but what was acknowledged" {
  rm "$(segment 105)" "$(segment 105 index)"
  assert_damage 'lost: 1, first fixture-orders[0]@105'
}

@test "a truncated segment" {
  truncate -s -20 "$(segment 32)"
  assert_damage "truncated-segment: 1, first fixture-orders/0/segment-00000000000000000032.kfs does not end"
}

@test "swapped segments" {
  mv "$(segment 32)" "$BATS_TEST_TMPDIR/x"
  mv "$(segment 41)" "$(segment 32)"
  mv "$BATS_TEST_TMPDIR/x" "$(segment 41)"
  assert_damage 'swapped-segment: 2, first fixture-orders/0/segment-00000000000000000032.kfs holds that of offset 41'
}

@test "overlapping segments" {
  cp "$(segment 32)" "$(segment 33)"
  flip "$(segment 33)" 15 # its base offset
  verify
  assert_failure 1
  [[ $output == *overlap* ]]
}

@test "a bad CRC of a batch, and of a whole segment" {
  flip "$(segment 32)" 118
  assert_damage 'bad-crc: 1, first fixture-orders/0/segment-00000000000000000032.kfs: the batch at position 32'
  cp "$fixtures/s3/default/fixture-orders/0/segment-00000000000000000032.kfs" "$partition"
  flip "$(segment 32)" 121 # the CRC in its footer
  assert_damage 'bad-crc: 1, first fixture-orders/0/segment-00000000000000000032.kfs: all its batches'
}

@test "indexes that are missing, or of another segment" {
  rm "$(segment 32 index)"
  cp "$(segment 41 index)" "$(segment 43 index)"
  verify
  assert_failure 1
  assert_one_line_error 'missing-index: 1, first of fixture-orders/0/segment-00000000000000000032.kfs'
  [[ $output == *$'bad-index\tof fixture-orders/0/segment-00000000000000000043.kfs: offset 41 is not at position 32'* ]]
}

@test "objects that are none of KafScale's" {
  echo x >"$partition/README"
  assert_damage 'foreign-object: 1, first fixture-orders/0/README'
}

@test "an acknowledgement of what is not stored, and of another value" {
  echo '{"topic": "fixture-orders", "partition": 0, "offset": 106, "value": "x"}' >>"$BATS_TEST_TMPDIR/acked.jsonl"
  assert_damage 'lost: 1, first fixture-orders[0]@106'
  sed -i '$d; 8s/"value": "7"/"value": "other"/' "$BATS_TEST_TMPDIR/acked.jsonl"
  verify
  assert_failure 1
  [[ $output == *'inconsistent-offset'*'fixture-orders[0]@7'*'another record stands'* ]]
}

@test "a topic of which nothing is left is lost, not overlooked" {
  cp -r "$copy/fixture-orders" "$copy/other"
  rm -r "$copy/fixture-orders"
  assert_damage 'lost: 106'
}

@test "a wrong place says what is there, and no evidence is no pass" {
  verify "$fixtures/s3"
  assert_failure 2
  assert_one_line_error 'give the folder of a KafScale namespace, where the topics are; here is: default'
  verify "$BATS_TEST_TMPDIR/nowhere"
  assert_failure 2
  assert_one_line_error "cannot list the folder: $BATS_TEST_TMPDIR/nowhere"
  : >"$BATS_TEST_TMPDIR/acked.jsonl"
  verify
  assert_failure 3
  assert_one_line_error 'vacuous: no record was acknowledged'
  echo '{"partition": 0}' >"$BATS_TEST_TMPDIR/acked.jsonl"
  verify
  assert_failure 2
  assert_one_line_error "not an acknowledged record: $BATS_TEST_TMPDIR/acked.jsonl:1; write it like"
}

@test "what an S3 server refuses is one line, without a secret" {
  verify s3://no-such-bucket/default
  assert_failure 2
  assert_one_line_error 'the object store answers NoSuchBucket'
  AWS_SECRET_ACCESS_KEY=wrong-secret verify s3://kafscale/default
  assert_failure 2
  assert_one_line_error 'SignatureDoesNotMatch'
  assert_one_line_error 'give it the right AWS_ACCESS_KEY_ID'
  [[ $stderr != *wrong-secret* && $stderr != *the-access-key* ]]
  AWS_ACCESS_KEY_ID='' verify s3://kafscale/default
  assert_failure 2
  assert_one_line_error 'no credentials for the object store: s3://kafscale/default; set AWS_ACCESS_KEY_ID'
  AWS_ENDPOINT_URL=http://127.0.0.1:1 verify s3://kafscale/default
  assert_failure 2
  assert_one_line_error 'cannot connect: http://127.0.0.1:1/'
}

@test "a profile says where the store is, and who may read it" {
  mkdir -p "$s3_root/of-profile"
  cp -r "$copy" "$s3_root/of-profile/default"
  cat >"$BATS_TEST_TMPDIR/profile.yaml" <<END
target: kafscale
brokers: [127.0.0.1:1]
store: {url: s3://of-profile/default, endpoint: "$AWS_ENDPOINT_URL", access_key: $AWS_ACCESS_KEY_ID, secret_key: $AWS_SECRET_ACCESS_KEY}
END
  unset AWS_ENDPOINT_URL AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY
  run_split "$KS_BIN/ks-store" verify -t fixture-orders --acked "$BATS_TEST_TMPDIR/acked.jsonl" \
    --profile "$BATS_TEST_TMPDIR/profile.yaml" --json "$BATS_TEST_TMPDIR/result.json"
  assert_success
  run grep -c the-secret-key "$BATS_TEST_TMPDIR/result.json"
  assert_output 0
}
