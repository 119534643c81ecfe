#!/usr/bin/env bash
# The embedded Kafka of one ks-run, which calls it:
#   scenario_cluster.sh up DIR NODES direct|proxied anybody|principals
#       start it in DIR; DIR/environment has what the executables have to be told, NAME=VALUE a line
#   scenario_cluster.sh down DIR
#       end it and delete DIR
# proxied: clients reach the brokers through a Toxiproxy, so that ks-fault can disturb the path.
# principals: it knows those of profiles/embedded.yaml.
# KS_OWNER_PID is a process that it must not outlive.
set -euo pipefail

# shellcheck source=gates/lib/principals.sh
source "$(dirname "${BASH_SOURCE[0]}")/principals.sh"
# shellcheck source=gates/lib/toxiproxy.sh
source "$(dirname "${BASH_SOURCE[0]}")/toxiproxy.sh"

cluster_up() { # DIR NODES WAY WHO
  local listeners=() listener=
  [[ $3 == direct ]] || listeners=(PROXIED) listener=.PROXIED
  if [[ $4 == principals ]]; then
    principals_up "$1" "$2" "${listeners[@]}" || return
  else
    KS_KAFKA_LISTENERS=${listeners[*]} embedded_up "$1" "$2" || return
  fi
  [[ $3 == direct ]] || toxiproxy_up_before "$1" "$1/toxiproxy" || return
  {
    echo "KS_BROKERS=$(cat "$1"/broker-*/"address$listener" | paste -sd ,)"
    echo "KS_DRIVER_DIR=$1"
    echo "KS_REPLICATION=$2"
    [[ $4 == anybody ]] || echo "KS_PRINCIPAL_BROKERS=$KS_PRINCIPAL_BROKERS"
    [[ $3 != proxied ]] || echo "KS_TOXIPROXY=$(<"$1/toxiproxy/api")"
  } >"$1/environment"
}

cluster_down() { # DIR
  toxiproxy_down "$1/toxiproxy"
  rm -f "$1/environment"
  embedded_down "$1"
}

case "${1:-} $#" in
  'up 5')
    # shellcheck disable=SC2064 # the folder as it is now
    trap "cluster_down ${2@Q}; exit 130" INT TERM
    cluster_up "${@:2}"
    ;;
  'down 2') cluster_down "$2" ;;
  *)
    echo 'usage: scenario_cluster.sh up DIR NODES direct|proxied anybody|principals | down DIR' >&2
    exit 2
    ;;
esac
