#!/usr/bin/env bats
# ks-run without a broker: what it says of scenario files, its examples, and the library of scenarios.

load run_helper

setup() {
  setup_run
}

@test "errors name file, line and field, all of them, and what to do" {
  scenario bad.yaml <<'YAML'
topics: [{name: t}]
scenarios:
  producer:
    type: produce
    ratee: 5/s
  consumer: {type: consume, limit: many}
checks:
  - {name: all, type: count_equal, expected: 5}
YAML
  ks_run validate "$file"
  assert_failure 2
  assert_equal "$output" ''
  assert_equal "$stderr" "ks-run: $file:5: scenarios.producer: unknown key 'ratee'; did you mean 'rate'?
ks-run: $file:6: scenarios.consumer.limit: not a whole number; records of all clients together
ks-run: $file:8: checks[0].type: unknown 'count_equal'; did you mean 'count_equals'? choose count_equals, count_at_least, no_loss, uuid_match, offsets_monotonic, no_duplicates, order, latency, error_rate, throughput, metric, metrics, anomalies, recovery, authorization"
  # The same of JSON.
  scenario bad.json <<'JSON'
{
  "scenarios": {
    "p": {"type": "produce", "topic": "t",
          "rate": "5 a day"}
  }
}
JSON
  ks_run validate "$file"
  assert_refused "$file:4: scenarios.p.rate: '5 a day' cannot be taken; records a second of all clients"
}

@test "a scenario that cannot end is refused with its line, and nothing runs" {
  scenario endless.yaml <<'YAML'
topics: [{name: t}]
scenarios:
  p: {type: produce, rate: 5/s}
YAML
  ks_run run "$file" -b 127.0.0.1:1
  assert_refused "$file:3: scenarios.p: it would never end; give messages or duration"
  [[ ! -e $KS_REPORTS ]]
}

@test "hostile input is refused in a line, never a crash" {
  local i=0 text hostile
  while IFS= read -r text; do
    i=$((i + 1))
    # shellcheck disable=SC2059 # the escapes are meant
    printf -- "$text" >"$folder/$i.yaml"
    # shellcheck disable=SC2059
    printf -- "$text" >"$folder/$i.json"
    for hostile in "$folder/$i.yaml" "$folder/$i.json"; do
      ks_run validate "$hostile"
      assert_equal "$hostile $status" "$hostile 2"
      assert_equal "$output" ''
      [[ $stderr == "ks-run: $hostile"* ]] || fail "$hostile: $stderr"
    done
  done <<'TEXTS'

\000\001\377\376
[]
null
{}
- - - -
{"scenarios": []}
{"scenarios": {}}
{"scenarios": {"p": null}}
{"scenarios": {"../../x": {"type": "produce", "topic": "t", "messages": 1}}}
{"scenarios": {"p": {"type": "produce", "topic": "../t", "messages": 1}}}
{"scenarios": {"p": {"type": "produce", "topic": "t", "messages": 99999999999999999999}}}
{"scenarios": {"p": {"type": "produce", "topic": "t", "messages": -1}}}
{"scenarios": {"p": {"type": "produce", "topic": "t", "messages": 1e400}}}
{"scenarios": {"p": {"type": "produce", "topic": "t", "duration": "99999999999999999999h"}}}
{"scenarios": {"p": {"type": "produce", "topic": "t", "messages": 1, "value": {"text": "{{uuid"}}}}
{"scenarios": {"p": {"type": {}, "topic": "t"}}}
{"name": "", "scenarios": {"p": {"type": "produce", "topic": "t", "messages": 1}}}
a: &a [*a]
? [a, b]
TEXTS
  head -c 5000000 /dev/zero >"$folder/large.yaml"
  ks_run validate "$folder/large.yaml"
  assert_refused 'file too large'
  ks_run validate /nonexistent.yaml
  assert_refused /nonexistent.yaml
  ks_run run "$folder"
  assert_refused 'use ks-run suite'
  mkdir "$folder/empty"
  ks_run suite "$folder/empty"
  assert_refused 'no scenario files'
  ln -s loop.yaml "$folder/empty/loop.yaml"
  ks_run suite "$folder/empty"
  assert_refused "cannot read: $folder/empty/loop.yaml; Too many levels of symbolic links"
}

@test "the schema means to others what it means to ks-run" {
  find_python jsonschema yaml
  while IFS= read -r text; do
    echo "$text" >"$folder/one.yaml"
    "$KS_BIN/ks-run" validate -q "$folder/one.yaml" &>"$BATS_TEST_TMPDIR/out" && echo right || echo wrong
  done <"$BATS_TEST_DIRNAME/../fixtures/scenario_lines.txt" >"$BATS_TEST_TMPDIR/ours"
  "$python" - "$project_root/reports/schema/scenario-v1.json" \
    "$BATS_TEST_DIRNAME/../fixtures/scenario_lines.txt" >"$BATS_TEST_TMPDIR/theirs" <<'PYTHON'
import json, sys
import jsonschema, yaml
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
for line in open(sys.argv[2]):
    errors = list(jsonschema.Draft7Validator(schema).iter_errors(yaml.safe_load(line)))
    print('wrong' if errors else 'right')
PYTHON
  diff "$BATS_TEST_TMPDIR/ours" "$BATS_TEST_TMPDIR/theirs"
  assert_equal "$(sort "$BATS_TEST_TMPDIR/ours" | uniq -c | awk '{print $2}' | paste -sd ' ')" 'right wrong'
}

@test "init writes an example that is right, and overwrites nothing" {
  ks_run init "$folder/mine.yaml"
  assert_success
  ks_run validate "$folder/mine.yaml"
  assert_success
  ks_run init "$folder/mine.yaml"
  assert_refused 'the file is there already'
  ks_run init
  assert_equal "$output" "$(<"$folder/mine.yaml")"
  # What stands in comments is right, too: uncommented, each line of the example is taken.
  sed -E 's/^( *)# ([a-z{-].*[:}].*)$/\1\2/; s/^# (faults:.*)$/\1/; s/^#  ( - .*)$/ \1/' "$folder/mine.yaml" |
    grep -v '^A scenario for\|name: orders,\|keys: 100\|brokers:' >"$folder/all.yaml"
  ks_run validate "$folder/all.yaml"
  assert_success
}

@test "validate prints what sha256sum checks, and keeps it where it is told to" {
  scenario profiles.json <<'JSON'
{"profiles": {"a": {"brokers": ["localhost:9092"]}}}
JSON
  for name in b a; do
    printf 'scenarios: {p: {type: produce, topic: %s, messages: 1}}\n' "$name" >"$folder/$name.yml"
  done
  ks_run validate "$folder" -o "$BATS_TEST_TMPDIR/sums"
  assert_success
  assert_equal "$output" "$(<"$BATS_TEST_TMPDIR/sums")"
  assert_equal "$(awk '{print $2}' <<<"$output" | xargs -n 1 basename | paste -sd ' ')" 'a.yml b.yml profiles.json'
  sha256sum --check --quiet "$BATS_TEST_TMPDIR/sums"
  echo '{"profiles": {"a": {"brokers": "localhost"}}}' >"$folder/profiles.json"
  ks_run validate "$folder"
  assert_refused "$folder/profiles.json:1: profiles.a: not brokers (a list) and a metrics_url (a text)"
}

@test "two files of one name are refused in a suite" {
  for name in b a; do
    printf 'name: same\nscenarios: {p: {type: produce, topic: %s, messages: 1}}\n' "$name" >"$folder/$name.yml"
  done
  ks_run suite "$folder" -b 127.0.0.1:1
  assert_refused "b.yml:1: name: 'same' is that of $folder/a.yml, too; give each a name of its own"
}

@test "select lists scenarios and runs the one that is chosen; without a terminal it says the way on" {
  scenario one.yaml <<'YAML'
title: The first
scenarios: {p: {type: produce, topic: t, messages: 1}}
YAML
  scenario two.yaml <<'YAML'
title: The second
scenarios: {p: {type: produce, topic: t, messages: 1}}
YAML
  run_split "$KS_BIN/ks-run" select "$folder" </dev/null
  assert_refused 'no terminal to choose in: select; use ks-run run FILE'
  run python3 - "$KS_BIN/ks-run" select "$folder" -b 127.0.0.1:1 <<'PYTHON'
import os, pty, sys
answers = [b'3\n', b'2\n']
def read(fd):
    data = os.read(fd, 4096)
    if b'Which?' in data and answers:
        os.write(fd, answers.pop(0))
    return data
sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:], read, lambda fd: b'')))
PYTHON
  assert_failure 2
  assert_output --partial "1${tab}one${tab}The first"
  assert_output --partial "'3' is none of them."
  assert_output --partial 'two (librdkafka) could not run'
}

@test "the library of scenarios is right, and each has a title and a row in its README" {
  ks_run validate "$project_root/gates/scenarios"
  assert_success
  local path name
  ((${#lines[@]} >= 18))
  for path in "$project_root"/gates/scenarios/*.yaml; do
    name=$(basename "$path" .yaml)
    grep -q '^title: ' "$path" || fail "$name has no title"
    grep -q "\`$name\`" "$project_root/gates/scenarios/README.md" || fail "$name is not in the README"
  done
}

@test "usage errors are one line, status 2" {
  local words
  for words in '' 'frobnicate' 'run' 'run a b' 'suite' 'validate' 'init a b' 'run x --no-such-option'; do
    # shellcheck disable=SC2086 # several
    ks_run $words
    assert_equal "$words: $status" "$words: 2"
    assert_equal "$output" ''
    assert_equal "${#stderr_lines[@]}" 1
  done
  scenario s.yaml <<<'scenarios: {p: {type: produce, topic: t, messages: 1}}'
  ks_run run "$file" --run-id ../x
  assert_refused "not a run id '../x': --run-id"
  ks_run run "$file" --client java
  assert_refused --client
  ks_run run "$file" --profile none-such
  assert_refused 'no such profile'
  assert_equal "$(ls "$KS_REPORTS")" ''
  ks_run --help
  assert_success
  assert_output --partial 'ks-run suite gates/scenarios'
  ks_run --version
  assert_output --regexp '^ks-run [0-9]'
}
