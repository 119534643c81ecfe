# Sourced by the check of Debezium's recovery: a PostgreSQL, a worker of Kafka Connect and a writer of rows,
# all of this check's own, in $debezium_dir.
# shellcheck disable=SC2034,SC2154 # check.sh's and the parts'

for debezium_part in plugin processes postgres connect writer; do
  # shellcheck disable=SC1090 # debezium/*.sh
  source "$KS_HOME/gates/lib/debezium/$debezium_part.sh"
done
debezium_slot=ks_gate

# Ends the check where something cannot be had.
debezium_find() {
  local said
  said=$(timeout 1500 "$KS_HOME/gates/lib/setup.sh" embedded debezium 2>&1) ||
    lacks "Debezium cannot be set up: ${said##*$'\n'}"
  postgres_find || lacks "no PostgreSQL below /usr/lib/postgresql; install postgresql, leave KS_NO_SETUP off"
  [[ -d $debezium_plugins && -d $kafka_jars ]] ||
    lacks "no Debezium in $debezium_plugins; leave KS_NO_SETUP off"
}

# What it leaves for people goes to the run folder's logs.
debezium_begin() {
  debezium_dir=$KS_HOME/build/debezium/$KS_RUN_ID
  before_removal=debezium_end
  mkdir -p "$debezium_dir" || lacks "cannot make $debezium_dir"
  postgres_up "$debezium_dir" ||
    lacks "PostgreSQL does not start: $(tail -n 1 "$debezium_dir/postgres.log")"
  writer_create_tables 2>"$debezium_dir/writer.log" ||
    lacks "PostgreSQL makes no tables: $(tail -n 1 "$debezium_dir/writer.log")"
}

debezium_end() {
  local log
  connect_down
  postgres_down
  for log in "$debezium_dir"/*.log; do
    [[ ! -e $log ]] || cp "$log" "$KS_RUN_DIR/logs/$KS_CHECK.$check_client.${log##*/}"
  done
  rm -rf "$debezium_dir"
}

# What is under test beside the broker, for the report.
debezium_versions() {
  local jar postgres
  jar=$(printf '%s\n' "$kafka_jars"/connect-runtime-*.jar)
  postgres=$("$postgres_bin/postgres" --version)
  echo "Debezium $(debezium_version), Kafka Connect $(basename "${jar##*/connect-runtime-}" .jar), PostgreSQL $(cut -d ' ' -f 3 <<<"$postgres")"
}

# The connector's settings; whatever is not here is as Debezium has it.
debezium_connector() { # PREFIX
  cat <<EOF
{
  "connector.class": "io.debezium.connector.postgresql.PostgresConnector",
  "tasks.max": "1",
  "plugin.name": "pgoutput",
  "database.hostname": "127.0.0.1",
  "database.port": "$postgres_port",
  "database.user": "$PGUSER",
  "database.password": "$PGPASSWORD",
  "database.dbname": "$PGDATABASE",
  "database.sslmode": "disable",
  "topic.prefix": "$1",
  "table.include.list": "public.videos,public.users,public.comments",
  "publication.autocreate.mode": "filtered",
  "slot.name": "$debezium_slot",
  "snapshot.mode": "initial"
}
EOF
}
