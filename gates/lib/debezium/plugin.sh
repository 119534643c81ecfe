# Debezium on disk, as a plug-in of Kafka Connect; to be sourced.

# shellcheck source=gates/lib/embedded/kafka.sh
source "$(dirname "${BASH_SOURCE[0]}")/../embedded/kafka.sh"
# shellcheck source=gates/lib/fetch.sh
source "$kafka_root/gates/lib/fetch.sh"
debezium_parts=$kafka_root/gates/lib/debezium
# A change of what is fetched changes the name: no stale jars.
debezium_plugins=$fetch_cache/debezium-$(cksum <"$debezium_parts/pom.xml" | cut -d ' ' -f 1)

debezium_prepare() {
  fetch_once "$debezium_plugins" debezium_fetch
}

debezium_fetch() {
  local aside=$debezium_plugins.partial
  echo "setup.sh: fetching Debezium's connector for PostgreSQL with Maven, to test its recovery" >&2
  rm -rf "$aside"
  fetch_with_maven "$aside/postgres" "$debezium_parts/pom.xml" Debezium && mv "$aside" "$debezium_plugins"
}

# Prints it.
debezium_version() {
  local jar
  for jar in "$debezium_plugins"/postgres/debezium-connector-postgres-*.jar; do
    basename "${jar##*/debezium-connector-postgres-}" .jar
  done
}
