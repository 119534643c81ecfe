# kcat; to be sourced after foreign.sh.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

kcat_find() {
  needs probe
  kcat=$(command -v kcat || command -v kafkacat) || skip 'kcat is not installed'
  # What its versions rule out ends in silence, several times over.
  [[ $KS_STAGE != pr ]] || matrix_seconds=3
}

client_version() {
  "$kcat" -V | sed -n 's/.*Version \([^ ]*\).* librdkafka \([^ )]*\).*/\1 (librdkafka \2)/p'
}

# Its librdkafka waits without a word for versions that the broker does not have.
client_hint() { # STEP
  local finding=message-format-downgraded release
  case $1 in
    topics) return ;;
    group | commit) finding=group-apis-unreachable ;;
  esac
  release=$("$kcat" -V | sed -n 's/.* librdkafka \([0-9.]*\).*/\1/p')
  ks-probe versions 2>/dev/null | sed -n "s/^! \(librdkafka $release\): $finding: /\1: /p"
}

client_topics() {
  echo 'with 1 partitions' >"$folder/listed"
  foreign_cell topics "$folder/listed" kcat_list
}

kcat_list() {
  bounded "$kcat" -b "$brokers" -L -t "$topic" | grep -o 'with 1 partitions'
}

client_produce() {
  bounded "$kcat" -b "$brokers" -P -t "$topic" -X acks=all
}

client_read() { # COUNT
  bounded "$kcat" -b "$brokers" -C -t "$topic" -p 0 -o beginning -c "$1" -e -q
}

# To the end rather than for so many: what it reads again would go unseen.
client_member() { # COUNT
  bounded "$kcat" -b "$brokers" -q -e -X auto.offset.reset=earliest -X session.timeout.ms=6000 -G "$group" "$topic"
}
