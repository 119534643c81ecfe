#!/usr/bin/env bats
# The charter: what it accepts of a run on a KafScale, what it never does, and what it says is promised.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load report_helper
load liar_helper

tomorrow=$(date -u -d tomorrow +%F)
yesterday=$(date -u -d yesterday +%F)

teardown() {
  stop_liar
}

# kafscale_run: one on a KafScale, in which all passed.
kafscale_run() {
  jq '.broker.product = "KafScale"' "$fixtures/result.json" >"$BATS_TEST_TMPDIR/identity.json"
  passed_run kafscale --identity "$BATS_TEST_TMPDIR/identity.json" "$@"
  result connectivity '.broker.product = "KafScale"'
  result produce_fetch '.broker.product = "KafScale"'
  result metrics_health '.broker.product = "KafScale" | .client = "none"'
}

# produce_fetch [STATUS [JQ FILTER]]: what becomes of it, on step probe.
produce_fetch() {
  result produce_fetch \
    ".broker.product = \"KafScale\" | .status = \"${1:-fail}\" | .reason = \"3 records lost\" | ${2:-.}"
}

# charter [COVERAGE [DATE]]: $charter has one gap; a promise has the check as evidence.
charter() {
  charter=$BATS_TEST_TMPDIR/charter.yaml
  cat >"$charter" <<END
promises:
  - {id: unchanged, promise: records arrive unchanged, evidence: [produce_fetch]}
  - {id: reachable, promise: clients connect, evidence: [{check: connectivity, client: librdkafka}]}
gaps:
  - id: known-loss
    reason: the old writer forgets some
    owner: storage team
    expires: ${2:-$tomorrow}
    covers: [{${1:-check: produce_fetch, client: librdkafka}}]
END
}

judge() {
  merge --charter "$charter"
}

row() { # FIELD
  summary ".checks[] | select(.check == \"produce_fetch\") | .$1"
}

@test "an accepted failure stays a failure, is named everywhere, and does not count" {
  kafscale_run
  produce_fetch
  merge
  assert_failure 1
  charter
  judge
  assert_success
  assert_output --partial "pass: we didn't break Kafka semantics: yes, 2 of 3 required checks passed, 1 accepted gap."
  assert_equal "$(row status) $(row accepted)" 'fail known-loss'
  assert_equal "$(summary '.verdict, .charter.gaps[0].state, .charter.file' | paste -sd ' ')" \
    "pass accepted $charter"
  is_valid summary-v1.json "$dir/summary.json"
  local file
  for file in checklist.md report.html junit.xml; do
    grep -q 'the old writer forgets some' "$dir/$file" || fail "$file does not say why"
    grep -q 'storage team' "$dir/$file" || fail "$file does not say whose it is"
  done
  run junit_names
  assert_line 'pr produce_fetch (librdkafka) skipped'
  run cat "$dir/checklist.md"
  assert_output --regexp 'produce_fetch.*\| failed, accepted \|'
  run page_problems
  assert_output ''
}

@test "a failure of the run that is the accepted one's is explained" {
  kafscale_run
  produce_fetch
  report end "$dir" --failure 'CTest ended with status 8'
  charter
  judge
  assert_success
}

@test "by text and step: what is not covered counts" {
  kafscale_run
  produce_fetch
  charter 'check: produce_fetch, client: librdkafka, step: probe, matches: "[0-9]+ records (lost|late)"'
  judge
  assert_success
  charter 'check: produce_fetch, client: librdkafka, step: probe, matches: "corrupt"'
  judge
  assert_failure 1
  assert_line 'fail: produce_fetch (librdkafka) failed: 3 records lost'
  assert_line --partial 'accepted gap known-loss no longer occurs in produce_fetch (librdkafka): remove it'
  charter 'check: produce_fetch, client: librdkafka, step: another'
  judge
  assert_failure 1
  assert_equal "$(row accepted)" null
}

@test "a gap hides no other failure of its check: not of another step, nor of the same" {
  kafscale_run
  charter 'check: produce_fetch, client: librdkafka, step: probe, matches: records lost'
  produce_fetch fail '.anomalies = [{type: "duplicate", count: 2, allowed: 0, examples: []}]'
  judge
  assert_failure 1
  assert_line --partial '2 duplicate, 0 allowed (besides accepted gap known-loss)'
  produce_fetch
  jq '.step = "verify" | .reason = "5 corrupt"' "$dir/results/produce_fetch.librdkafka.probe.json" \
    >"$dir/results/produce_fetch.librdkafka.verify.json"
  end_check produce_fetch 1 probe verify
  judge
  assert_failure 1
  assert_line 'fail: produce_fetch (librdkafka) failed: verify: 5 corrupt (besides accepted gap known-loss)'
  # Lost, it might have failed otherwise, too.
  rm "$dir/results/produce_fetch.librdkafka.verify.json"
  judge
  assert_failure 1
  assert_line --partial 'verify.json is missing'
}

@test "only a failure is accepted" {
  kafscale_run
  charter
  local status
  for status in 'error 2' 'inconclusive 3' 'skip 3'; do
    produce_fetch "${status% *}"
    judge
    assert_failure "${status#* }"
    assert_equal "$(row accepted)" null
    refute_output --partial 'no longer occurs'
  done
}

@test "another client's gap accepts nothing, one of all clients does" {
  kafscale_run
  produce_fetch
  charter 'check: produce_fetch, client: wire'
  judge
  assert_failure 1
  assert_equal "$(row accepted)" null
  charter 'check: produce_fetch, client: all'
  judge
  assert_success
}

@test "an expired gap accepts nothing and is a reason, also where all passed" {
  kafscale_run
  charter 'check: produce_fetch, client: librdkafka' "$yesterday"
  judge
  assert_failure 1
  assert_line "fail: accepted gap known-loss expired on $yesterday"
  produce_fetch
  judge
  assert_failure 1
  assert_line 'fail: produce_fetch (librdkafka) failed: 3 records lost'
  assert_line "fail: accepted gap known-loss expired on $yesterday"
  run junit_names
  assert_line --partial "accepted gap known-loss expired on $yesterday failure"
}

@test "a gap that no longer occurs has to go; one of a later stage says nothing" {
  kafscale_run
  charter
  judge
  assert_failure 1
  assert_line 'fail: accepted gap known-loss no longer occurs in produce_fetch (librdkafka): remove it from the charter'
  charter 'check: broker_chaos, client: librdkafka'
  judge
  assert_success
  assert_equal "$(summary '.charter.gaps[0].state')" 'not tested'
}

@test "on an Apache Kafka no gap is accepted, expired or gone" {
  passed_run
  charter 'check: produce_fetch, client: librdkafka' "$yesterday"
  judge
  assert_success
  charter
  result produce_fetch '.status = "fail" | .reason = "3 records lost"'
  judge
  assert_failure 1
  assert_equal "$(row accepted) $(summary .charter)" 'null null'
}

@test "the flag wins over the environment, and that over the default" {
  kafscale_run
  produce_fetch
  charter
  KS_CHARTER=$charter merge
  assert_success
  KS_CHARTER=/nonexistent merge --charter "$charter"
  assert_success
  KS_CHARTER=/nonexistent merge
  assert_failure 2
  assert_one_line_error /nonexistent
  KS_CHARTER='' merge
  assert_failure 1
}

@test "a malformed charter: status 2, one line with file and line, before any report" {
  kafscale_run
  local bad
  for bad in 's/owner:/onwer:/|:7: .*onwer.*unknown key; ' '/owner:/d|:5: .*owner is missing; ' \
    's/expires: .*/expires: 2026-13-01/|:8: .*not a date; ' 's/check: prod/check: pord/|no such check: .*; name' \
    's/id: reachable/id: unchanged/|:3: .*twice; ' 's/^gaps:/gap:/|unknown key'; do
    charter
    sed -i "${bad%%|*}" "$charter"
    judge
    assert_failure 2
    assert_one_line_error "$charter:"
    assert_regex "$stderr" "${bad#*|}"
  done
  assert [ ! -e "$dir/summary.json" ]
  # A gate is told before its checks run.
  report begin "$reports/run-2" --stage pr --profile "$fixtures/kafscale.yaml" --charter "$charter"
  assert_failure 2
  assert_one_line_error "$charter:"
  assert [ ! -e "$reports/run-2" ]
}

@test "a gate takes a charter, and does not take the shipped one for a profile" {
  run_split "$project_root/gates/pr.sh" --charter
  assert_refused '--charter: no file'
  K6_PROFILE=nowhere run_split "$project_root/gates/pr.sh" --charter "$BATS_TEST_TMPDIR"
  assert_refused "no profile 'nowhere'"
  refute_regex "$stderr" charter
}

# ---- promises ------------------------------------------------------------------

promises() {
  report charter "$@" --charter "$charter" --stages "$fixtures/stages.json"
}

@test "charter: kept, accepted, broken, not tested, and their exit status" {
  kafscale_run
  charter
  promises "$dir"
  assert_success
  assert_line "unchanged${tab}kept${tab}records arrive unchanged${tab}produce_fetch${tab}-"
  produce_fetch
  promises "$dir"
  assert_success
  assert_line --partial "unchanged${tab}accepted known-loss${tab}"
  charter 'check: broker_chaos, client: all'
  promises "$dir"
  assert_failure 1
  assert_line --partial "${tab}broken${tab}records arrive unchanged${tab}produce_fetch${tab}produce_fetch (librdkafka) failed: 3 records lost"
  assert_line --partial "reachable${tab}kept${tab}"
  produce_fetch error
  promises "$dir" --json -
  assert_failure 3
  assert_equal "$(jq -r '.promises[] | .id + " " + .state' <<<"$output")" $'unchanged not tested\nreachable kept'
  is_valid promises-v1.json <(cat <<<"$output")
}

@test "charter: of the newest complete run by default, which an Apache Kafka shows nothing of" {
  charter
  export KS_REPORTS=$reports
  promises
  assert_refused 'no complete run'
  passed_run
  merge --latest
  promises latest
  assert_failure 3
  assert_line --partial "unchanged${tab}not tested${tab}"
  assert_line --partial "the run is of an Apache Kafka, the promise KafScale's"
  promises
  assert_failure 3
}

@test "charter: what it cannot read is status 2" {
  kafscale_run
  charter
  sed -i 's/\[produce_fetch\]/[produce_fecth]/' "$charter"
  promises "$dir"
  assert_refused "promise 'unchanged': no such check: produce_fecth"
  charter
  promises "$reports"
  assert_refused 'not a run folder'
  promises "$dir" "$dir"
  assert_refused 'give one run folder'
}

@test "no more connections are promised than the check of them takes at the least" {
  run sed -n 's/^((connections >= \(.*\))) ||$/\1/p' "$project_root/gates/checks/connection_storm.sh"
  assert_output 1000
  run sed -n '/id: connection-storm/,/evidence/s/.*promise: a broker serves at least \([0-9,]*\) connections.*/\1/p' \
    "$project_root/profiles/charter.yaml"
  assert_output 1,000
}

@test "the shipped charter follows the schema, promises much and accepts nothing" {
  run_split python3 - "$schemas/charter-v1.json" "$project_root/profiles/charter.yaml" <<'PYTHON'
import json, sys, jsonschema, yaml
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
text = open(sys.argv[2]).read()
charter = yaml.load(text, yaml.BaseLoader)
jsonschema.validate(charter, schema)
assert charter["gaps"] == [] and len(charter["promises"]) > 40
# The example in the comment is one.
example = "\n".join(line[1:] for line in text.splitlines() if line.startswith("#  "))
charter["gaps"] = yaml.load(example, yaml.BaseLoader)
jsonschema.validate(charter, schema)
assert len(charter["gaps"]) == 1
print(yaml.dump(charter))
PYTHON
  assert_success
  printf '%s\n' "$output" >"$BATS_TEST_TMPDIR/example.yaml"
  kafscale_run --charter "$BATS_TEST_TMPDIR/example.yaml" # begin takes it
  run_split "$KS_BIN/ks-report" charter "$dir"
  assert_failure 3
  assert_line --partial "produce-consume${tab}not tested${tab}"
}

# ---- what is promised of versions ----------------------------------------------

# On a broker that answers as KafScale 1.6.0 does.
api_versions() {
  local port
  ports_take port
  start_recorded "$port"
  export KS_RUN_DIR=$reports/run-3 KS_RUN_ID=run-3 KS_BROKERS=127.0.0.1:$port K6_PROFILE=$fixtures/kafscale.yaml
  "$KS_BIN/ks-report" begin "$KS_RUN_DIR" --stage pr
  KS_HOME=$project_root run "$project_root/gates/checks/api_versions.sh"
  stop_liar
}

start_recorded() { # PORT
  python3 "$BATS_TEST_DIRNAME/support/recorded_broker.py" \
    "$project_root/tests/fixtures/kafscale-1.6.0/exchanges.jsonl" "$1" "$1" 3>&- &
  liar=$!
  until (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do kill -0 "$liar"; done
}

@test "api_versions: what KafScale 1.6.0 offers is what is promised" {
  api_versions
  assert_success
  jq -e '.metrics.promised_apis == 21 and (.thresholds | length == 21 and all(.ok))' \
    "$reports/run-3/results/api_versions.none.versions.json"
}

@test "api_versions: a narrower range and a missing API fail, with both ranges" {
  sed 's/versions: 11-13/versions: 4-13/; s/api: DeleteGroups, versions: 0-2/api: InitProducerId, versions: 0-4/' \
    "$project_root/profiles/charter.yaml" >"$BATS_TEST_TMPDIR/wider.yaml"
  export KS_CHARTER=$BATS_TEST_TMPDIR/wider.yaml
  api_versions
  assert_failure 1
  local result=$reports/run-3/results/api_versions.none.versions.json
  assert_equal "$(jq -r '.findings[] | select(.severity == "violation") | .id + ": " + .evidence' "$result")" \
    'promised-version-missing: Fetch is promised in 4-13, offered in 11-13; InitProducerId is promised in 0-4, offered in none'
  assert_equal "$(jq -r '.status, .metrics.missing_versions_Fetch' "$result" | paste -sd ' ')" 'fail 7'
}

@test "api_versions: a charter that promises no version shows nothing" {
  charter 'check: produce_fetch, client: librdkafka'
  sed -i 's/\(, client: \)librdkafka/\1all/' "$charter"
  run_split "$KS_BIN/ks-probe" versions -b 127.0.0.1:1 --charter /nonexistent
  assert_refused /nonexistent
  local port
  ports_take port
  start_recorded "$port"
  run_split "$KS_BIN/ks-probe" versions -b "127.0.0.1:$port" --charter "$charter"
  assert_failure 3
  assert_regex "$stderr" 'the charter promises no version of any API'
}
