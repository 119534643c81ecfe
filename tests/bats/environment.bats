#!/usr/bin/env bats
# `make up` and `make down` of the stacks of compose/, with a stand-in for docker and docker-compose.
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

# A copy of the project whose stack has one port, and a PATH without another engine.
setup() {
  local program
  project=$BATS_TEST_TMPDIR/project
  path=$BATS_TEST_TMPDIR/path
  export KS_ENGINE=$BATS_TEST_TMPDIR/engine
  mkdir -p "$project" "$path" "$KS_ENGINE"
  cp -r "$project_root"/{Makefile,gates,compose,profiles} "$project/"
  for program in docker docker-compose; do
    ln -s "$BATS_TEST_DIRNAME/support/stack_engine.bash" "$path/$program"
  done
  for program in awk bash cat cp cut dirname env flock make mkdir mv nproc rm sed sleep tail tee timeout; do
    ln -s "$(type -P "$program")" "$path/$program"
  done
  ports_take port
  printf 'services:\n  a:\n    ports: ["127.0.0.1:1:1", "127.0.0.1:%s:9092"]\n' "$port" \
    >"$project/compose/kafscale.yaml"
  printf '%s\n' 'etcd running 0 healthy' 'bucket exited 0' 'proxy running 0 healthy' >"$KS_ENGINE/planned"
}

environment() { # up|down PROFILE
  run_split env PATH="$path" "$project/gates/lib/environment.sh" "$@"
}

# What was asked of Compose, and not of the engine.
orders() {
  grep -E '^docker(-compose| compose) -f' "$KS_ENGINE/calls" || true
}

order() { # WORD...
  echo "docker compose -f $project/compose/kafscale.yaml -p ks-local-docker --env-file $project/compose/images.env $*"
}

@test "make up starts the stack, and its last line is the address; make down removes its data, too" {
  run_split env PATH="$path" make -s -C "$project" up PROFILE=local-docker
  assert_success
  assert_output 127.0.0.1:9092
  assert_equal "$stderr" ''
  assert_equal "$(orders)" "$(order up -d)"
  run_split env PATH="$path" make -s -C "$project" down PROFILE=local-docker
  assert_success
  assert_output ''
  assert_equal "$(orders)" "$(order up -d && order down -v --remove-orphans -t 0)"
  [[ ! -e $KS_ENGINE/containers ]]
}

@test "docker-compose serves where docker has no compose" {
  touch "$KS_ENGINE/no-plugin"
  environment up local-docker
  assert_success
  assert_equal "$(orders)" "$(order up -d | sed 's/docker compose/docker-compose/')"
}

@test "it is up when every service is well, and not before" {
  echo 'etcd running 0 healthy' >"$KS_ENGINE/planned.2"
  printf '%s\n' 'etcd running 0 healthy' 'proxy created 0' >"$KS_ENGINE/planned.1"
  echo 'etcd running 0 starting' >"$KS_ENGINE/planned"
  environment up local-docker
  assert_success
  assert_equal "$(grep -c '^docker inspect' "$KS_ENGINE/calls")" 3
}

@test "a service that cannot become well ends the wait, and says why in its own words" {
  local state
  for state in 'broker-1 running 0 unhealthy=unhealthy' 'broker-1 exited 1=down' 'broker-1 exited 0 starting=down'; do
    printf '%s\n' 'etcd running 0 starting' "${state%=*}" >"$KS_ENGINE/planned"
    environment up local-docker
    assert_refused "service broker-1 is ${state#*=}: compose/kafscale.yaml: the last words of broker-1; see docker compose -f"
    environment down local-docker
  done
}

@test "the wait has a bound" {
  echo 'etcd running 0 starting' >"$KS_ENGINE/planned"
  KS_UP_SECONDS=1 environment up local-docker
  assert_refused 'service etcd is not well after 1 s: compose/kafscale.yaml'
}

@test "what the engine refuses is told in its last words, and where all of them are" {
  : >"$KS_ENGINE/planned"
  printf '%s\n' Pulling 'pull access denied' >"$KS_ENGINE/refuses"
  environment up local-docker
  assert_refused "compose/kafscale.yaml: pull access denied; see $project/build/up/local-docker.log"
  environment down local-docker
  assert_refused 'it does not end: compose/kafscale.yaml: pull access denied'
}

@test "a port that is taken is named before anything is started; one of its own is none" {
  python3 -m http.server --bind 127.0.0.1 "$port" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
  local server=$!
  within 20 bash -c "(: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null"
  environment up local-docker
  kill "$server"
  assert_refused "port $port is taken: 127.0.0.1; compose/kafscale.yaml publishes it; end what listens there"
  assert_equal "$(orders)" ''
}

@test "what runs already is brought up again, whatever listens on its ports" {
  environment up local-docker
  python3 -m http.server --bind 127.0.0.1 "$port" >"$BATS_TEST_TMPDIR/log" 2>&1 3>&- &
  local server=$!
  within 20 bash -c "(: <>/dev/tcp/127.0.0.1/$port) 2>/dev/null"
  environment up local-docker
  kill "$server"
  assert_success
}

@test "no engine, no Compose, no docker: one line each" {
  local verb
  for verb in up down; do
    echo 'Cannot connect' >"$KS_ENGINE/dead"
    environment "$verb" local-docker
    assert_refused 'no engine answers: docker ps: Cannot connect; start it'
    rm "$KS_ENGINE/dead"
    touch "$KS_ENGINE/no-plugin"
    mv "$path/docker-compose" "$path/docker-compose.away"
    environment "$verb" local-docker
    assert_refused "neither 'docker compose' nor docker-compose is here: PATH; install one of them"
    mv "$path/docker" "$path/docker.away"
    environment "$verb" local-docker
    assert_refused "there is no docker here: PATH; install Docker's command line"
    mv "$path/docker.away" "$path/docker"
    mv "$path/docker-compose.away" "$path/docker-compose"
    rm "$KS_ENGINE/no-plugin"
  done
  assert_equal "$(orders)" ''
}

@test "a profile that nothing here starts, and a usage that is none" {
  environment up k8s-local
  assert_refused 'PROFILE=k8s-local is nothing that is started here: choose embedded'
  environment up
  assert_refused 'usage:'
  environment restart local-docker
  assert_refused 'usage:'
}

@test "make clean ends what lives in the folder that it deletes, whatever PROFILE is" {
  run make -n -C "$project" clean PROFILE=local-docker
  assert_success
  assert_line --partial "environment.sh down 'embedded'"
  assert_line --partial 'rm -rf build'
}
