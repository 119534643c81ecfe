# What the benches that are scripts share. It leaves the shell in the project's root.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
# shellcheck source=gates/lib/embedded.sh
source gates/lib/embedded.sh
export KS_HOME=$root KS_BIN=$root/build/bin KS_OWNER_PID=$$
unset K6_PROFILE K6_TARGET KS_BROKERS KS_CLIENT
cluster=build/embedded/bench-$$
scratch=$(mktemp -d "$root/build/bench-XXXXXX")
trap 'embedded_down "$cluster" >/dev/null 2>&1; rm -rf "$scratch"' EXIT

# On what figures were measured.
# shellcheck disable=SC2154 # embedded/kafka.sh's
machine_facts() {
  echo "$(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1), $(nproc) processors," \
    "$(awk '/MemTotal/ { printf "%.0f GiB", $2 / 2^20 }' /proc/meminfo), $(uname -sr)," \
    "Apache Kafka $(basename "$kafka_jars"/kafka-clients-*.jar .jar | sed 's/.*-//')," \
    "$("$KS_BIN/ks-produce" --version | paste -sd ' '), $(date -u +%F)"
}

# Shows what COMMAND prints, and keeps it as tests/bench/results/NAME.
keep() { # NAME COMMAND...
  mkdir -p tests/bench/results
  "${@:2}" | tee "tests/bench/results/$1"
}

# Of the numbers in a file, one a line.
median() {
  sort -n "$1" | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}
