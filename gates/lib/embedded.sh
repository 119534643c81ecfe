#!/usr/bin/env bash
# The embedded target: a real Apache Kafka (KRaft) on this machine, for one run. To be sourced, or:
#   embedded.sh up DIR [NODES]   start a cluster in DIR, detached; prints its addresses
#   embedded.sh down DIR         end it and delete it
# KS_BIN is the folder of the executables (build/bin), KS_OWNER_PID a process that the cluster must
# not outlive, KS_JAVA_OPTS more options for each broker's JVM. KS_KAFKA_LISTENERS names further
# listeners, each after its security protocol ('SSL SASL_SSL SASL_PLAINTEXT'); a node's address there
# is in DIR/broker-N/address.PROTOCOL. PROXIED is a plain one that advertises the address of a proxy; the
# broker itself is at DIR/broker-N/behind.PROXIED. KS_KAFKA_SETTINGS is a file of lines for each node's
# server.properties, which come last: certificates, users, an authorizer. KS_KAFKA_QUORUM is how many of the
# nodes, the first ones, are controllers, too (all).

source "$(dirname "${BASH_SOURCE[0]}")/embedded/kafka.sh"
embedded_bin=${KS_BIN:-$kafka_root/build/bin}

# Prints the addresses; called without a subshell, it keeps the ports locked as long as the caller
# lives, also while a node is down.
embedded_up() { # DIR [NODES]
  embedded_find_restart || return
  if ! embedded_running "$1" && ! embedded_start "$1" "${2:-1}"; then
    embedded_down "$1" 2
    return 2
  fi
  paste -d , "$1"/broker-*/address
}

# After a failure (STATUS is not 0) what tells of it stays: logs and settings. Made for traps: there,
# a bare `return` would return what preceded the trap.
embedded_down() { # DIR [STATUS]
  local nodes=("$1"/broker-*)
  [[ -d ${nodes[0]} ]] || return 0
  embedded_end "$1" || return 2
  if ((${2:-0})); then
    rm -rf "${nodes[@]/%//data}"
  else
    rm -rf "${nodes[@]}" "$1/owner"
    rmdir --ignore-fail-on-non-empty "$1"
  fi
}

# Killed after no grace: a clean end takes time to save what is deleted next.
embedded_end() { # DIR
  [[ ! -e $1/broker-1/run ]] ||
    { embedded_find_restart && embedded_restart "$1" stop --grace 0s; }
}

embedded_running() { # DIR
  local nodes=("$1"/broker-*/run)
  [[ -e ${nodes[0]} ]] &&
    embedded_restart "$1" status --expect "nodes_answering == ${#nodes[@]}" 2>/dev/null
}

embedded_start() { # DIR NODES
  if [[ $2 != [1-9] ]]; then
    echo "embedded.sh: cannot start '$2' nodes: give a number from 1 to 9" >&2
    return 2
  fi
  embedded_down "$1" &&
    "$kafka_root/gates/lib/setup.sh" embedded &&
    kafka_lay_out "$1" "$2" &&
    embedded_restart "$1" start
}

embedded_find_restart() {
  if [[ ! -x $embedded_bin/ks-restart ]]; then
    echo "embedded.sh: no ks-restart in $embedded_bin: run make build" >&2
    return 2
  fi
}

# stdout is the caller's.
embedded_restart() { # DIR COMMAND [OPTION...]
  "$embedded_bin/ks-restart" --quiet --profile embedded --driver-dir "$@" >&2
}

embedded_main() {
  case "${1:-} $#" in
    'up 2' | 'up 3')
      # shellcheck disable=SC2064 # the folder as it is now
      trap "embedded_down ${2@Q} 2; exit 130" INT TERM
      embedded_up "${@:2}"
      ;;
    'down 2') embedded_down "$2" ;;
    *)
      echo 'usage: embedded.sh up DIR [NODES] | down DIR' >&2
      return 2
      ;;
  esac
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  embedded_main "$@"
fi
