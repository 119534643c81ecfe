#!/usr/bin/env bats
# The workflow files of a CI host: valid, and what they call is there.

load helper

# workflows SCRIPT: Python over `flows`, every workflow by the name of its file.
workflows() {
  find_python yaml
  (
    cd "$project_root" && "$python" - <<PYTHON
import glob, os, re, yaml
flows = {}
for name in sorted(glob.glob('.github/workflows/*.yml')):
    flow = yaml.safe_load(open(name))
    flow['on'] = flow.pop(True, flow.get('on'))  # YAML 1.1 reads on as true
    flows[os.path.basename(name)[:-4]] = flow
$1
PYTHON
  )
}

@test 'each stage has a workflow that runs its gate, embedded where nobody chose' {
  run workflows "
for stage in ('pr', 'main', 'release'):
    (job,) = flows[stage]['jobs'].values()
    assert job['uses'] == './.github/workflows/gate.yml' and job['with']['stage'] == stage
    assert os.access('gates/%s.sh' % stage, os.X_OK)
    assert set(job['with']) <= set(flows['gate']['on']['workflow_call']['inputs'])
    assert 'workflow_dispatch' in flows[stage]['on']
(gate,) = flows['gate']['jobs'].values()
assert 'gates/\$STAGE.sh --github' in [step.get('run') for step in gate['steps']]
assert gate['env']['STAGE'] == '\${{ inputs.stage }}'
assert gate['env']['K6_PROFILE'] == \"\${{ inputs.profile || 'embedded' }}\"
assert 'pull_request' in flows['pr']['on'] and 'pull_request_target' not in str(flows)
print(*flows)"
  assert_success
  assert_output 'gate main pr release'
}

@test 'variables and secrets are those of a profile that somebody chose' {
  run workflows "
(gate,) = flows['gate']['jobs'].values()
given = {name: value for name, value in gate['env'].items() if 'vars.' in value or 'secrets.' in value}
for value in given.values():
    assert re.fullmatch(r\"\\$\{\{ inputs\.profile && (vars|secrets)\.\w+ \|\| '' \}\}\", value), value
print(*given)"
  assert_output 'KS_METRICS_URL KS_STORE KS_TOXIPROXY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY'
}

@test 'the run folder is kept whatever the verdict' {
  run workflows "
(gate,) = flows['gate']['jobs'].values()
(upload,) = [step for step in gate['steps'] if 'upload-artifact' in step.get('uses', '')]
print(upload['if'], upload['with']['path'])"
  assert_output 'always() reports/20*/'
}

@test 'actions are pinned, may only read, and no text of others becomes a command' {
  run workflows "
seen = 0
for name, flow in flows.items():
    assert flow['permissions'] == {'contents': 'read'}, name
    for job in flow['jobs'].values():
        for step in job.get('steps', []):
            if 'uses' in step:
                assert re.fullmatch(r'[\w-]+/[\w-]+@v\d+', step['uses']), step['uses']
                seen += 1
            assert '\${{' not in step.get('run', ''), step
assert seen"
  assert_success
}

@test 'a gate hands --github on to its report' {
  # shellcheck disable=SC2016 # expanded in the other shell
  run bash -c 'source "$0/gates/lib/gate.sh"; parse_arguments --github
    ks-report() { echo "$@"; }
    KS_RUN_DIR=x report' "$project_root"
  assert_output "end x
merge x --latest --github"
}
