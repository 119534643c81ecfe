#!/usr/bin/env bash
# A stand-in for docker, docker-compose and kubectl: plays one broker a service or pod, with real
# listeners where it is asked for, and records its arguments, a line a call, in $KS_ENGINE/calls.
# $KS_ENGINE has a folder a node (its name): `address`, `state` (running, paused, exited, absent),
# `since`, `id`. Files in $KS_ENGINE change what it does:
#   inert            orders are accepted, and do nothing
#   refuses          orders (not questions) fail, and this is the last line they say
#   no-plugin        docker has no compose
#   down             there is not a single container
set -euo pipefail
cd "$KS_ENGINE"
program=${0##*/}
echo "$program $*" >>calls

is() { [[ -e $1 ]]; }

refuse_orders() {
  ! is refuses || { echo 'a first line' >&2 && cat refuses >&2 && exit 1; }
}

launch() { # NODE
  date +%s%N >"$1/since"
  echo running >"$1/state"
  is "$1/address" || return 0
  setsid "$KS_PYTHON" "$KS_STAND_IN" "$(<"$1/address")" normal . >/dev/null 2>&1 </dev/null &
  echo $! >"$1/stand-in.pid"
}

end() { # NODE
  is "$1/stand-in.pid" || return 0
  kill -KILL "$(<"$1/stand-in.pid")" 2>/dev/null || true
  rm -f "$1/stand-in.pid"
}

signal() { # NODE SIGNAL STATE
  kill "-$2" "$(<"$1/stand-in.pid")"
  echo "$3" >"$1/state"
}

uuid() { cat /proc/sys/kernel/random/uuid; }

# ---- docker -------------------------------------------------------------------------------------

docker_inspect() { # ID...
  local node parts=()
  for node in */state; do
    node=${node%/state}
    [[ " $* " != *" $(<"$node/container") "* ]] || parts+=("$(
      jq -n --arg id "$(<"$node/container")" --arg state "$(<"$node/state")" \
        --arg since "$(<"$node/since")" --arg service "${node%%~*}" \
        '{Id: $id, State: {Status: $state, StartedAt: $since},
          Config: {Labels: {"com.docker.compose.service": $service}}}'
    )")
  done
  printf '%s\n' "${parts[@]}" | jq -s .
}

compose_up() { # OPTION... SERVICE
  local service=${!#} all=$* scaled number node
  if [[ $all == *--scale* ]]; then
    scaled=${all##*--scale "$service"=}
    for node in "$service"~*/; do
      is "$node" || continue
      rm -rf "$node"
    done
    ((${scaled%% *} > 0)) || { end "$service" && echo exited >"$service/state"; }
    for ((number = 2; number <= ${scaled%% *}; number++)); do
      mkdir "$service~$number"
      uuid >"$service~$number/container"
      launch "$service~$number"
    done
    return
  fi
  local variable=KAFSCALE_BROKER_ID_${service#broker-}
  echo "${!variable}" >"$service/id"
  uuid >"$service/container"
  launch "$service"
}

compose() { # SUB-COMMAND OPTION... SERVICE...
  local verb=$1 node
  refuse_orders
  ! is inert || return 0
  shift
  [[ $verb != up ]] || { compose_up "$@" && return; }
  for node in "$@"; do
    is "$node/state" || continue
    case $verb in
      stop | kill) end "$node" && echo exited >"$node/state" ;;
      pause) signal "$node" STOP paused ;;
      unpause) signal "$node" CONT running ;;
      start) launch "$node" ;;
      rm) [[ $(<"$node/state") == exited ]] ;;
    esac
  done
}

skip_options() { # -f FILE -p PROJECT [--env-file FILE] SUB-COMMAND...
  while [[ $1 == -* ]]; do shift 2; done
  compose "$@"
}

docker() {
  case "$1" in
    ps) is down || cat -- */container ;;
    inspect) docker_inspect "${@:2}" ;;
    compose)
      if is no-plugin; then
        echo "docker: unknown command: docker compose" >&2
        exit 1
      fi
      [[ $2 == version ]] || skip_options "${@:2}"
      ;;
  esac
}

# ---- kubectl ------------------------------------------------------------------------------------

replicas() { cat replicas; }

pod() { # NAME
  jq -n --arg name "$1" --arg uid "$(<"$1/container")" --arg since "$(<"$1/since")" \
    '{metadata: {name: $name, uid: $uid},
      status: {startTime: $since, conditions: [{type: "Ready", status: "True"}]}}'
}

get_pods() { # NAME... --ignore-not-found -o json
  local name pods=()
  for name in "$@"; do
    [[ $name == -* || ! -e $name/state ]] || pods+=("$(pod "$name")")
  done
  # One name: the pod itself; none there: nothing at all.
  if (($# == 4)); then
    printf '%s' "${pods[@]}"
  else
    printf '%s\n' "${pods[@]}" | jq -s '{kind: "List", items: .}'
  fi
}

get_workload() {
  jq -n --argjson replicas "$(replicas)" --arg before "$(cat annotation 2>/dev/null || true)" \
    --argjson volumes "$(is volumes && echo '[{}]' || echo '[]')" \
    '{metadata: {annotations: {"ks-restart/replicas": $before}},
      spec: {replicas: $replicas, volumeClaimTemplates: $volumes},
      status: {replicas: $replicas, readyReplicas: $replicas}}'
}

another_pod() { # NAME
  mkdir -p "$1"
  uuid >"$1/container"
  date +%s%N >"$1/since"
  echo running >"$1/state"
}

scale() { # COUNT
  local number
  for ((number = 0; number < 9; number++)); do
    if ((number >= $1)); then
      rm -rf "broker-$number"
    elif [[ ! -e broker-$number/state ]]; then
      another_pod "broker-$number"
    fi
  done
  echo "$1" >replicas
}

kubectl_order() { # SUB-COMMAND...
  local word
  refuse_orders
  [[ $* != *--dry-run=server* ]] || return 0
  ! is inert || return 0
  case "$1 $2" in
    'delete pod')
      for word in "${@:3}"; do [[ $word == -* ]] || another_pod "$word"; done
      ;;
    'rollout restart')
      for word in */state; do another_pod "${word%/state}"; done
      ;;
    annotate*) echo "${3#*=}" >annotation ;;
    scale*) scale "${3#*=}" ;;
  esac
}

kubectl() {
  while [[ $1 == -* ]]; do shift 2; done
  case "$1 $2" in
    'get pods') get_pods "${@:3}" ;;
    get*) get_workload ;;
    *) kubectl_order "$@" ;;
  esac
}

case $program in
  docker) docker "$@" ;;
  docker-compose) skip_options "$@" ;;
  kubectl) kubectl "$@" ;;
esac
