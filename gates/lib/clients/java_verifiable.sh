# The Java client by VerifiableProducer and VerifiableConsumer, which reads as a member of a group only;
# to be sourced after java.sh.
# shellcheck disable=SC2034,SC2154 # what the parts of this check share

# Its values are the numbers from 0, which is what standard input has. It allows no retries, without which
# there is no idempotence.
client_produce() {
  java_settings=$folder/producer.properties
  echo enable.idempotence=false >"$java_settings"
  java_run VerifiableProducer --topic "$topic" --max-messages "$matrix_count" --acks -1 \
    --producer.config "$java_settings"
}

client_member() { # COUNT
  java_run VerifiableConsumer --topic "$topic" --group-id "$group" --max-messages "$1" --verbose \
    --reset-policy earliest --session-timeout 6000 | tee "$folder/events" | java_values record_data
}
