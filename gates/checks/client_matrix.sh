#!/usr/bin/env bash
# D: the same smoke through every client at hand: topics, produce, consume, group, commit. By hand, where
# KS_CLIENT chooses none, with all of them, and the table goes to stdout.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$KS_HOME/gates/lib/librdkafka.sh"
source "$KS_HOME/gates/lib/matrix.sh"
[[ -n ${KS_CLIENT:-} || -n ${KS_RUN_DIR:-} ]] || matrix_by_hand
begin client_matrix 'What each client can do'
needs admin consume produce

# Of a client that is not ours: errands, and what cleans up, are the wire client's.
foreign() { # FILE…
  local file
  export KS_CLIENT=wire
  # shellcheck disable=SC1090 # clients/*.sh
  for file in foreign "$@"; do source "$KS_HOME/gates/lib/clients/$file.sh"; done
}

case $check_client in
  librdkafka | wire)
    source "$KS_HOME/gates/lib/clients/own.sh"
    own_matrix
    ;;
  librdkafka-*)
    source "$KS_HOME/gates/lib/clients/own.sh"
    own_preload "$(matrix_library)"
    own_matrix
    ;;
  java)
    foreign java java_verifiable
    java_find
    foreign_matrix
    ;;
  java-console)
    foreign java java_console
    java_find
    foreign_matrix
    ;;
  kcat)
    foreign kcat
    kcat_find
    foreign_matrix
    ;;
  ksqldb)
    export KS_CLIENT=wire
    skip 'ksqlDB is a server of its own, and none is at hand'
    ;;
  *) lacks "nobody knows the client $check_client; choose librdkafka, wire, java, java-console or kcat" ;;
esac
end
