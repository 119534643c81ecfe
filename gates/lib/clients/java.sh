# The Java client, by the tools of Apache Kafka that the embedded broker comes with; to be sourced after
# foreign.sh.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

# shellcheck source=gates/lib/embedded/kafka.sh
source "$KS_HOME/gates/lib/embedded/kafka.sh"
java_tools=org.apache.kafka.tools

# Ends the check where it cannot be had.
java_find() {
  local said
  matrix_costs_seconds 'the start of a JVM takes seconds'
  # A start on a busy machine alone takes more than another client for all that it does.
  matrix_seconds=30
  said=$(timeout 600 "$KS_HOME/gates/lib/setup.sh" embedded 2>&1) || skip "no Java client: ${said##*$'\n'}"
  command -v java >/dev/null || skip 'no Java client: no java'
  [[ -d $kafka_jars ]] || skip "no Java client: Kafka's tools are not there; leave KS_NO_SETUP off"
}

client_version() {
  local jar
  for jar in "$kafka_jars"/kafka-clients-*.jar; do basename "${jar##*/kafka-clients-}" .jar; done
}

java_run() { # CLASS ARGUMENT…
  # shellcheck disable=SC2016 # expanded in the other shell
  bounded bash -c 'source "$0" && kafka_java "$@"' "$kafka_parts/kafka.sh" \
    "-Dlog4j2.configurationFile=$KS_HOME/gates/lib/clients/log4j2.properties" "$java_tools.$1" \
    --bootstrap-server "$brokers" "${@:2}"
}

# The Verifiable tools tell what they do as JSON.
java_values() { # EVENT
  sed -n "s/.*\"name\":\"$1\".*\"value\":\"\([^\"]*\)\".*/\1/p"
}
