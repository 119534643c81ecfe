# Kafka on disk: its jars, how its classes are run, and the folders of a cluster; to be sourced.

kafka_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)
kafka_parts=$kafka_root/gates/lib/embedded
# A change of what is fetched changes the name: no stale jars.
kafka_jars=$kafka_root/build/cache/kafka-$(cksum <"$kafka_parts/pom.xml" | cut -d ' ' -f 1)
kafka_classes=$kafka_jars.jsa
# shellcheck source=gates/lib/fetch.sh
source "$kafka_root/gates/lib/fetch.sh"
# shellcheck source=gates/lib/ports.sh
source "$kafka_root/gates/lib/ports.sh"

# Fetches Kafka where it is not there yet; who comes meanwhile waits. The class archive comes last:
# where it is, everything is.
kafka_prepare() {
  [[ ! -e $kafka_classes ]] || return 0
  mkdir -p "${kafka_jars%/*}" || return
  (
    flock 9
    [[ -d $kafka_jars ]] || kafka_fetch || exit
    [[ -e $kafka_classes ]] || kafka_archive
  ) 9>"$kafka_jars.lock"
}

kafka_fetch() {
  local aside=$kafka_jars.partial
  echo 'setup.sh: fetching Apache Kafka with Maven, for the embedded broker' >&2
  rm -rf "$aside"
  fetch_with_maven "$aside" "$kafka_parts/pom.xml" Kafka && mv "$aside" "$kafka_jars"
}

# The classes that a broker loads, parsed once: a start from this archive takes half the time. An
# empty archive, where this fails, only means slower starts.
kafka_archive() {
  local dir=$kafka_jars.first-run aside=$kafka_jars.first-run/classes.jsa
  echo 'setup.sh: starting Kafka once, to make its later starts quicker' >&2
  rm -rf "$dir"
  # The owner is this subshell: whatever ends it ends the broker, too.
  KS_OWNER_PID=$BASHPID KS_KAFKA_LISTENERS='' KS_KAFKA_SETTINGS='' KS_KAFKA_QUORUM='' kafka_lay_out "$dir" 1 || return
  kafka_record_classes "$dir/broker-1" "$aside" || : >"$aside"
  mv "$aside" "$kafka_classes"
  rm -rf "$dir"
}

kafka_record_classes() { # NODE-FOLDER ARCHIVE
  local address broker status=0 end=$((SECONDS + 60))
  address=$(<"$1/address")
  KS_JAVA_OPTS=-XX:ArchiveClassesAtExit=$2 "$1/run" &>"$1/log" &
  broker=$!
  until (: <>"/dev/tcp/${address/://}") 2>/dev/null; do
    kill -0 "$broker" 2>/dev/null && ((SECONDS < end)) || return
    sleep 0.1
  done
  kill "$broker"
  wait "$broker" || status=$?
  ((status == 143)) # SIGTERM; anything else, and the archive is not whole
}

# Becomes a JVM: small, and quick to start rather than quick in the long run.
kafka_java() { # ARGUMENT...
  local options=(-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData)
  [[ ! -s $kafka_classes ]] || options+=("-XX:SharedArchiveFile=$kafka_classes")
  exec java "${options[@]}" -Dlog4j2.configurationFile="$kafka_parts/log4j2.properties" \
    -cp "$kafka_jars/*" "$@"
}

# The folders that ks-restart takes for nodes. `run`, which makes a folder a node, comes last: what is
# half laid out never starts. KS_KAFKA_QUORUM is how many nodes make up the quorum (all); the others are
# brokers that join it, and nothing is replicated to more nodes than it has.
kafka_lay_out() { # DIR NODES
  local id client controller protocol port voters='' quorum=${KS_KAFKA_QUORUM:-$2}
  for ((id = 1; id <= $2; id++)); do
    ports_take client && ports_take controller && mkdir -p "$1/broker-$id" || return
    echo "127.0.0.1:$client" >"$1/broker-$id/address"
    echo "$id" >"$1/broker-$id/id"
    printf '%s\n' "$client" "$controller" >"$1/broker-$id/ports"
    for protocol in ${KS_KAFKA_LISTENERS:-}; do
      ports_take port || return
      echo "127.0.0.1:$port" >"$1/broker-$id/address.$protocol"
      # Of PROXIED that is a proxy's, which somebody else starts; the broker is behind it.
      if [[ $protocol == PROXIED ]]; then
        ports_take port || return
        echo "127.0.0.1:$port" >"$1/broker-$id/behind.PROXIED"
      fi
      echo "$port" >>"$1/broker-$id/ports"
    done
    ((id > quorum)) || voters+=,$id@127.0.0.1:$controller
  done
  if [[ -n ${KS_OWNER_PID:-} ]] && ! process_identity "$KS_OWNER_PID" >"$1/owner"; then
    echo "embedded.sh: the owner, KS_OWNER_PID=$KS_OWNER_PID, does not run: give one that does" >&2
    return 2
  fi
  for ((id = 1; id <= $2; id++)); do
    kafka_settings "$1/broker-$id" "$quorum" "${voters#,}" >"$1/broker-$id/server.properties" ||
      return
    ln -s "$kafka_parts/run" "$1/broker-$id/run" || return
  done
}

kafka_settings() { # NODE-FOLDER QUORUM VOTERS
  local ports protocol further='' advertised='' replicas=$(($2 < 3 ? $2 : 3))
  mapfile -t ports <"$1/ports"
  for protocol in ${KS_KAFKA_LISTENERS:-}; do
    advertised+=,$protocol://$(<"$1/address.$protocol")
    further+=,$protocol://$(cat "$1/behind.$protocol" 2>/dev/null || cat "$1/address.$protocol")
  done
  cat "$kafka_parts/server.properties" - "${KS_KAFKA_SETTINGS:-/dev/null}" <<EOF
controller.quorum.voters=$3
listeners=PLAINTEXT://127.0.0.1:${ports[0]},CONTROLLER://127.0.0.1:${ports[1]}$further
advertised.listeners=PLAINTEXT://127.0.0.1:${ports[0]}$advertised
default.replication.factor=$replicas
offsets.topic.replication.factor=$replicas
transaction.state.log.replication.factor=$replicas
min.insync.replicas=$(((replicas + 1) / 2))
transaction.state.log.min.isr=$(((replicas + 1) / 2))
EOF
}

# The settings of the node whose folder we stand in, with the id that it has now. The quorum's voters
# are fixed: a node that got another id is a broker alone.
kafka_identify() {
  local id
  id=$(<id)
  cat server.properties
  echo "node.id=$id"
  if ! grep -qE "^controller.quorum.voters=(.*,)?$id@" server.properties; then
    echo process.roles=broker
    sed -n '/^listeners=/s/CONTROLLER:[^,]*,\{0,1\}//p' server.properties | sed 's/,$//'
  fi
}

# The process id and the start time, which tells it from a later one with the same id.
process_identity() { # PID
  local stat fields
  { read -r stat <"/proc/$1/stat"; } 2>/dev/null || return
  read -ra fields <<<"${stat##*) }" # past the name, which may contain anything
  [[ ${fields[0]} != Z ]] && echo "$1 ${fields[19]}"
}
