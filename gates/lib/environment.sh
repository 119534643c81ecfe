#!/usr/bin/env bash
# Environments to try things on by hand, one a profile; `make up` and `make down` call it:
#   environment.sh up PROFILE [NODES]   start it, detached; the last line on stdout is its address
#   environment.sh down PROFILE         end it and delete its data
# embedded has NODES nodes; the others are the stacks of compose/. KS_UP_SECONDS is how long one of these
# may take, its images included (900). Gates never use what is started here by themselves.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
kept=$root/build/up
declare -A stacks=(['local-docker']=kafscale ['kafka-local']=kafka)
up_s=${KS_UP_SECONDS:-900}

abort() { # WHAT: WHERE; WHAT TO DO
  echo "environment.sh: $1" >&2
  exit 2
}

# The same choice as that of the compose driver (tools/lib/target/compose_driver.cc).
find_compose() {
  local complaint
  command -v docker >/dev/null ||
    abort "there is no docker here: PATH; install Docker's command line, or use PROFILE=embedded"
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  elif command -v docker-compose >/dev/null; then
    compose=(docker-compose)
  else
    abort "neither 'docker compose' nor docker-compose is here: PATH; install one of them, or use PROFILE=embedded"
  fi
  complaint=$(docker ps -q 2>&1 >/dev/null) ||
    abort "no engine answers: docker ps: ${complaint##*$'\n'}; start it, or get access to it"
  compose+=(-f "$root/$stack" -p "$project" --env-file "$root/compose/images.env")
}

# A line each: service, state, exit code, health (only where the service has a check).
containers() {
  local ids
  mapfile -t ids < <(docker ps -a -q --filter "label=com.docker.compose.project=$project")
  ((${#ids[@]} == 0)) || docker inspect "${ids[@]}" --format \
    '{{index .Config.Labels "com.docker.compose.service"}} {{.State.Status}} {{.State.ExitCode}}{{if .State.Health}} {{.State.Health.Status}}{{end}}'
}

# An engine would say it of one port, after it has started half of the stack.
require_ports() {
  local port
  while read -r port; do
    ! (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null ||
      abort "port $port is taken: 127.0.0.1; $stack publishes it; end what listens there"
  done < <(sed -n '/ports:/s/"/\n/gp' "$root/$stack" | sed -n 's/^127\.0\.0\.1:\([0-9]*\):.*/\1/p')
}

# The first service that is not well, one that cannot become so before all others: `SERVICE down`,
# `SERVICE unhealthy` or `SERVICE waits`. What ran to its end in order was meant to, where nothing checks
# its health.
unwell() {
  containers | awk '
    $4 == "unhealthy" { sick = sick ? sick : $1 " unhealthy"; next }
    $2 ~ /exited|dead/ && ($3 != 0 || NF > 3) { sick = sick ? sick : $1 " down"; next }
    !($2 == "running" && (NF == 3 || $4 == "healthy") || $2 == "exited") { waits = $1 " waits" }
    END { print sick ? sick : NR ? waits : "any waits" }'
}

abort_if_sick() { # SERVICE STATE
  local last
  [[ $2 == @(down|unhealthy) ]] || return 0
  last=$("${compose[@]}" logs --no-color --tail 1 "$1" 2>&1 | tail -n 1)
  abort "service $1 is $2: $stack: ${last#* | }; see ${compose[*]} logs $1, then make down PROFILE=$profile"
}

# On a terminal also what the engine says meanwhile: images can take minutes.
start() {
  local service state
  if [[ -t 2 ]]; then
    timeout --foreground "$up_s" "${compose[@]}" up -d 2>&1 | tee "$log" >&2
  else
    timeout --foreground "$up_s" "${compose[@]}" up -d &>"$log"
  fi && return
  read -r service state < <(unwell)
  abort_if_sick "$service" "$state"
  abort "it does not start: $stack: $(tail -n 1 "$log"); see $log, and compose/images.env for images"
}

await_health() {
  local service state
  while read -r service state < <(unwell) && [[ -n $service ]]; do
    abort_if_sick "$service" "$state"
    ((SECONDS < up_s)) ||
      abort "service $service is not well after $up_s s: $stack; see ${compose[*]} logs $service, or give it more KS_UP_SECONDS"
    sleep 0.5
  done
}

stack_up() {
  find_compose
  [[ -n $(containers) ]] || require_ports
  start
  await_health
  sed -n 's/^brokers: \[\(.*\)\]$/\1/p' "$root/profiles/$profile.yaml"
}

# Without a grace: a clean end takes time to save what is deleted next.
stack_down() {
  find_compose
  "${compose[@]}" down -v --remove-orphans -t 0 &>"$log" ||
    abort "it does not end: $stack: $(tail -n 1 "$log"); see $log"
}

usage='usage: environment.sh up PROFILE [NODES] | down PROFILE'
[[ ${1:-} == @(up|down) && -n ${2:-} ]] || abort "$usage"
profile=$2
if [[ $profile == embedded ]]; then
  exec "$root/gates/lib/embedded.sh" "$1" "$kept/embedded" "${@:3}"
fi
[[ -n ${stacks[$profile]:-} ]] ||
  abort "PROFILE=$profile is nothing that is started here: choose embedded, ${!stacks[*]}"
stack=compose/${stacks[$profile]}.yaml
project=ks-$profile
log=$kept/$profile.log
compose=()
mkdir -p "$kept"
"stack_$1"
