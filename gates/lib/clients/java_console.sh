# The Java client by kafka-topics, kafka-console-producer and kafka-console-consumer; to be sourced after
# java.sh.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

client_topics() {
  java_topic=$(unique own)
  owns_topic "$java_topic"
  echo "$java_topic" >"$folder/own_topic"
  : >"$folder/nothing"
  foreign_cell topics_create "$folder/own_topic" java_topics --create --partitions 1 --replication-factor 1 &&
    foreign_cell topics_list "$folder/own_topic" java_topics --describe &&
    foreign_cell topics_delete "$folder/nothing" java_topics --delete &&
    unset 'created_topics[-1]'
}

# Prints the topic where the tool names it.
java_topics() { # ACTION…
  java_run TopicCommand --topic "$java_topic" "$@" >"$folder/said" || {
    local status=$?
    cat "$folder/said" >&2
    return "$status"
  }
  sed -nE "s/^(Created topic |Topic: )($java_topic).*/\2/p" "$folder/said" | sort -u
}

# A KafScale knows no InitProducerId.
client_produce() {
  local idempotence=true
  is_kafka || idempotence=false
  java_run ConsoleProducer --topic "$topic" --request-required-acks -1 \
    --producer-property "enable.idempotence=$idempotence"
}

client_read() { # COUNT
  java_run consumer.ConsoleConsumer --topic "$topic" --partition 0 --offset earliest \
    --max-messages "$1" --timeout-ms 20000
}

client_member() { # COUNT
  java_run consumer.ConsoleConsumer --topic "$topic" --group "$group" --from-beginning \
    --max-messages "$1" --timeout-ms 20000 --consumer-property session.timeout.ms=6000
}
