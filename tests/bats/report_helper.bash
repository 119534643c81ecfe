# Loaded by the Bats files of ks-report: run folders of fixture results, and what is read back.
load helper

fixtures=$BATS_TEST_DIRNAME/../fixtures/report
schemas=$BATS_TEST_DIRNAME/../../reports/schema

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_RUN_ID KS_CHECK KS_STEP KS_STAGE KS_TITLE KS_COMMIT KS_CHARTER
  reports=$BATS_TEST_TMPDIR/reports
  dir=$reports/run-1
  mkdir -p "$reports"
}

report() {
  run_split "$KS_BIN/ks-report" "$@"
}

# begin [PROFILE [OPTION…]]: begins $dir on the fixture profile kafka or kafscale.
begin() {
  local profile=${1:-kafka}
  "$KS_BIN/ks-report" begin "$dir" --stage pr --profile "$fixtures/$profile.yaml" "${@:2}"
}

# result CHECK [JQ FILTER]: a result of $dir, passed unless the filter changes it, and its check's end.
result() {
  local target file=$dir/results/$1.librdkafka.probe.json
  target=$(jq -r .target "$dir/run.json")
  jq --arg check "$1" --arg run "${dir##*/}" --arg target "$target" \
    ".check = \$check | .run_id = \$run | .target = \$target | .profile = \$target | ${2:-.}" \
    "$fixtures/result.json" >"$file"
  end_check "$1" "$(jq '{pass: 0, fail: 1, error: 2}[.status] // 3' "$file")" probe
}

# end_check CHECK STATUS STEP…
end_check() {
  "$KS_BIN/ks-report" end "$dir" --check "$1" --client librdkafka --exit-status "${@:2}"
}

end_run() {
  "$KS_BIN/ks-report" end "$dir"
}

passed_run() {
  begin "$@"
  result connectivity
  result produce_fetch
  end_run
}

merge() {
  report merge "$dir" --stages "$fixtures/stages.json" "$@"
}

summary() {
  jq -r "$1" "$dir/summary.json"
}

# is_valid SCHEMA FILE…
is_valid() {
  python3 - "$schemas/$1" "${@:2}" <<'PYTHON'
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft7Validator.check_schema(schema)
for name in sys.argv[2:]:
    jsonschema.validate(json.load(open(name)), schema)
PYTHON
}

# junit_names: what a JUnit reader sees, one line a test case: name outcome.
junit_names() {
  python3 - "$dir/junit.xml" <<'PYTHON'
import sys
import xml.etree.ElementTree as tree
for suite in tree.parse(sys.argv[1]).getroot():
    cases = suite.findall('testcase')
    assert int(suite.get('tests')) == len(cases)
    for kind, element in (('failures', 'failure'), ('errors', 'error'), ('skipped', 'skipped')):
        assert int(suite.get(kind)) == len(suite.findall('testcase/' + element))
    for case in cases:
        print(suite.get('name'), case.get('name'), *[child.tag for child in case])
PYTHON
}

# page_problems: whatever in report.html could run, fetch or lead elsewhere.
page_problems() {
  python3 - "$dir/report.html" <<'PYTHON'
import html.parser, sys
class Page(html.parser.HTMLParser):
    def handle_starttag(self, tag, attributes):
        if tag in ('script', 'link', 'img', 'iframe', 'object', 'b'):
            print('element', tag)
        for name, value in attributes:
            if name.startswith('on') or name == 'src':
                print('attribute', name)
            if name == 'href' and not value.startswith(('#', './', '../')):
                print('link', value)
text = open(sys.argv[1], encoding='utf-8').read()
Page().feed(text)
for character in text:
    if ord(character) < 32 and character != '\n':
        print('control character', ord(character))
PYTHON
}
