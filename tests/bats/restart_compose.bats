#!/usr/bin/env bats
# ks-restart with the compose driver, against a stand-in for docker and docker-compose.

# shellcheck disable=SC2030,SC2031 # each test is a subshell, and means its own variables
load restart_engine_helper

# A project with these services, each with a container that runs.
make_project() { # SERVICE...
  local service port addresses='' variables='' services=''
  for service in "$@"; do
    ports_take port
    mkdir -p "$KS_ENGINE/$service"
    echo "127.0.0.1:$port" >"$KS_ENGINE/$service/address"
    cat /proc/sys/kernel/random/uuid >"$KS_ENGINE/$service/container"
    echo 0 >"$KS_ENGINE/$service/since"
    echo exited >"$KS_ENGINE/$service/state"
    addresses+=,127.0.0.1:$port
    variables+=,KAFSCALE_BROKER_ID_${service#broker-}
    services+=,$service
  done
  touch "$BATS_TEST_TMPDIR/stack.yaml"
  cat >"$profile" <<PROFILE
target: kafka
brokers: [${addresses#,}]
driver:
  kind: compose
  file: $BATS_TEST_TMPDIR/stack.yaml
  project: demo
  services: [${services#,}]
  id_variables: [${variables#,}]
PROFILE
  restart start
  : >"$KS_ENGINE/calls"
}

compose_call() { # ARGUMENT...
  echo "docker compose -f $BATS_TEST_TMPDIR/stack.yaml -p demo $*"
}

@test "every verb gives its order, and sees what came of it" {
  make_project broker-1 broker-2
  local verb
  local -A order=(
    [stop]='stop -t 10 broker-1' [start]='start broker-1' [pause]='pause broker-1'
    [continue]='unpause broker-1' [kill]='kill broker-1'
  )
  for verb in stop start pause continue kill start; do
    restart "$verb" broker-1
    assert_success
    assert_called "$(compose_call "${order[$verb]}")"
  done
  restart status --expect 'nodes_answering == 2'
  assert_success
  assert_line "broker-1 $(cut -c -12 "$KS_ENGINE/broker-1/container") answers $(<"$KS_ENGINE/broker-1/address")"
}

@test "restart and rolling bring the same container up at another time" {
  make_project broker-1 broker-2
  restart restart broker-1 --hard
  assert_success
  assert_called "$(compose_call kill broker-1)" "$(compose_call start broker-1)"
  : >"$KS_ENGINE/calls"
  restart rolling
  assert_success
  assert_called "$(compose_call stop -t 10 broker-1)" "$(compose_call start broker-1)" \
    "$(compose_call stop -t 10 broker-2)" "$(compose_call start broker-2)"
}

@test "replace brings another container with a new id" {
  make_project broker-1 broker-2
  local before
  before=$(<"$KS_ENGINE/broker-1/container")
  restart replace broker-1
  assert_success
  assert_called "$(compose_call kill broker-1)" "$(compose_call rm -f -v broker-1)" \
    "$(compose_call up -d --no-deps --no-recreate broker-1)"
  assert_equal "$(<"$KS_ENGINE/broker-1/id")" 3
  [[ $(<"$KS_ENGINE/broker-1/container") != "$before" ]]
}

@test "several services are scaled by starting and stopping them" {
  make_project broker-1 broker-2
  restart scale 1
  assert_success
  assert_called "$(compose_call stop -t 10 broker-2)"
}

@test "one service is scaled by Compose" {
  make_project broker-1
  restart scale 3
  assert_success
  assert_called "$(compose_call up -d --no-deps --no-recreate --scale broker-1=3 broker-1)"
}

@test "an order without an effect is inconclusive" {
  make_project broker-1 broker-2
  touch "$KS_ENGINE/inert"
  local verb
  for verb in stop kill pause restart rolling 'replace broker-1' 'scale 1'; do
    # shellcheck disable=SC2086 # words
    restart $verb --timeout 2s -q
    assert_failure 3
  done
  rm "$KS_ENGINE/inert"
  restart stop
  touch "$KS_ENGINE/inert"
  restart start --timeout 2s -q
  assert_failure 3
}

@test "docker-compose serves where docker has no compose" {
  make_project broker-1
  touch "$KS_ENGINE/no-plugin"
  restart stop
  assert_success
  assert_called "docker-compose -f $BATS_TEST_TMPDIR/stack.yaml -p demo stop -t 10 broker-1"
}

@test "what is refused is refused before anything is touched, or in the engine's words" {
  make_project broker-1
  touch "$KS_ENGINE/down"
  restart kill
  assert_refused 'compose project demo is down'
  rm "$KS_ENGINE/down"
  sed -i '/id_variables/d' "$profile"
  restart replace
  assert_refused 'nothing is known to give a replaced broker its id: driver.id_variables'
  assert_called
  echo 'permission denied' >"$KS_ENGINE/refuses"
  restart kill
  assert_refused 'permission denied'
  rm "$KS_ENGINE/refuses"
  touch "$KS_ENGINE/no-plugin"
  rm "$BATS_TEST_TMPDIR/path/docker-compose"
  restart kill
  assert_refused 'neither `docker compose` nor docker-compose is here'
  rm "$BATS_TEST_TMPDIR/path/docker"
  restart kill
  assert_refused 'there is no docker here'
}

@test "a profile that does not say enough is named" {
  make_project broker-1
  sed -i 's/project: demo/project: ""/' "$profile"
  restart kill
  assert_refused 'the compose driver needs driver.project'
  sed -i 's/project: ""/project: demo/; s/services: .*/services: [broker-1, broker-2]/' "$profile"
  restart kill
  assert_refused 'needs an address for each service: 2 services, 1 brokers'
}
