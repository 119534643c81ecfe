# Ends a server whose owner is gone; run by processes.sh.

# shellcheck source=gates/lib/debezium/plugin.sh
source "$(dirname "${BASH_SOURCE[0]}")/plugin.sh"
# shellcheck source=gates/lib/debezium/processes.sh
source "$(dirname "${BASH_SOURCE[0]}")/processes.sh"

server_end_with_owner() { # IDENTITY OWNER SIGNAL
  while server_runs "$1"; do
    server_runs "$2" || server_kill "$1" "$3"
    sleep 1
  done
}
