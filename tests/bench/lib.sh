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

# Of the numbers in a file, one a line.
median() {
  sort -n "$1" | awk '{ value[NR] = $1 } END { print (value[int((NR + 1) / 2)] + value[int(NR / 2) + 1]) / 2 }'
}
