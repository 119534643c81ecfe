# A distributed worker of Kafka Connect, whose offsets, configurations and states are in topics of the
# broker under test; to be sourced after processes.sh and postgres.sh.
# shellcheck disable=SC2154 # the other parts'

connect_identity=
connect_flush_ms=2000 # how often offsets are committed; Connect's default of 60 s would replay as much

# Writes DIR/worker.properties: PREFIX names the worker's group and topics, which are one partition each.
connect_lay_out() { # DIR BROKERS PREFIX REPLICATION
  local port
  ports_take port || return
  connect_url=http://127.0.0.1:$port
  connect_offsets=$3-offsets
  connect_topics=("$connect_offsets" "$3-configs" "$3-status")
  connect_group=$3-workers
  cat >"$1/worker.properties" <<EOF
bootstrap.servers=$2
group.id=$connect_group
offset.storage.topic=${connect_topics[0]}
config.storage.topic=${connect_topics[1]}
status.storage.topic=${connect_topics[2]}
offset.storage.partitions=1
status.storage.partitions=1
offset.storage.replication.factor=$4
config.storage.replication.factor=$4
status.storage.replication.factor=$4
offset.flush.interval.ms=$connect_flush_ms
key.converter=org.apache.kafka.connect.json.JsonConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
key.converter.schemas.enable=false
value.converter.schemas.enable=false
listeners=$connect_url
plugin.path=$debezium_plugins
plugin.discovery=service_load
# A worker that was killed is missed as soon as brokers allow, and nobody waits for it to come back.
session.timeout.ms=6000
heartbeat.interval.ms=2000
scheduled.rebalance.max.delay.ms=0
EOF
}

# Starts it, and waits until it answers.
connect_up() { # DIR
  local end=$((SECONDS + 90))
  # shellcheck disable=SC2016 # expanded in the other shell
  server_start connect_identity KILL "$1/connect.log" bash -c 'source "$0" && kafka_java "$@"' \
    "$kafka_parts/kafka.sh" org.apache.kafka.connect.cli.ConnectDistributed "$1/worker.properties" || return
  until connect_answers; do
    server_runs "$connect_identity" && ((SECONDS < end)) || return
    sleep 0.1
  done
}

# The list of connectors takes a worker that has joined its group and read its topics.
connect_answers() {
  curl -sf -m 5 -o /dev/null "$connect_url/connectors"
}

connect_create() { # DIR NAME
  curl -sS -m 60 -f -o "$1/created.json" -X PUT -H 'Content-Type: application/json' \
    --data @"$1/connector.json" "$connect_url/connectors/$2/config" 2>>"$1/connect.log"
}

# Gone is a worker whose process has ended and whose port refuses, which may come later.
connect_is_gone() { # SECONDS
  local end=$((SECONDS + $1))
  server_is_gone "$connect_identity" "$1" || return
  while (: <>"/dev/tcp/127.0.0.1/${connect_url##*:}") 2>/dev/null; do
    ((SECONDS < end)) || return
    sleep 0.05
  done
}

# In order, so that its group is empty afterwards.
connect_down() {
  server_kill "$connect_identity" TERM
  server_is_gone "$connect_identity" 15 && return
  server_kill "$connect_identity" KILL
  server_is_gone "$connect_identity" 10
}

# Its last error and that one's cause; not of what the worker tries as a plug-in and leaves.
connect_last_word() { # DIR
  awk '
    /^\[/ { is_told = 0; last = $0 }
    / (ERROR|FATAL) / && !/PluginScanner/ { is_told = 1; error = $0; cause = "" }
    is_told && /^(Caused by: )?[A-Za-z0-9_.$]+(Exception|Error)(:|$)/ { cause = $0; sub(/^Caused by: /, "", cause) }
    END {
      word = error == "" ? last : error
      sub(/^\[[^]]*\] /, "", word)          # the time
      sub(/\[Worker [^]]*\] /, "", word)
      sub(/ *\([A-Za-z0-9_.$]+(:[0-9]+)?\)$/, "", word)  # who wrote it
      print substr(cause == "" ? word : word " " cause, 1, 300)
    }' "$1/connect.log"
}
