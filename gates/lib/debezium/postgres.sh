# A PostgreSQL of one check's own, with logical decoding; to be sourced after processes.sh. It refuses to
# run as root: there it is the user that its package has made.
# shellcheck disable=SC2154 # ports.sh's

postgres_identity=
postgres_user=
[[ $EUID != 0 ]] || postgres_user=postgres

postgres_as() { # COMMAND...
  if [[ -n $postgres_user ]]; then
    setpriv --reuid "$postgres_user" --regid "$postgres_user" --clear-groups -- "$@"
  else
    "$@"
  fi
}

# The newest that is there: Debian keeps each version's executables in a folder of its own.
postgres_find() {
  local found
  found=$(printf '%s\n' /usr/lib/postgresql/*/bin/postgres | sort -V | tail -n 1)
  [[ -x $found ]] || return
  postgres_bin=${found%/*}
}

# A folder for its data below DIR, or elsewhere where its user cannot come to that. Sets `postgres_home`.
postgres_find_home() { # DIR
  mkdir -p "$1" || return
  postgres_home=$1/postgres
  if [[ -n $postgres_user ]] && ! postgres_as test -x "$1"; then
    postgres_home=$(mktemp -d "${TMPDIR:-/tmp}/ks-postgres-XXXXXX") || return
  fi
  mkdir -p "$postgres_home" && chmod 700 "$postgres_home" || return
  : >"$postgres_home/password" && chmod 600 "$postgres_home/password" || return
  [[ -z $postgres_user ]] || chown -R "$postgres_user" "$postgres_home"
}

# Sets `postgres_port` and what psql needs to connect; what goes wrong is in DIR/postgres.log.
postgres_up() { # DIR
  postgres_find && postgres_find_home "$1" && ports_take postgres_port || return
  export PGHOST=127.0.0.1 PGPORT=$postgres_port PGUSER=gate PGDATABASE=postgres PGPASSWORD
  PGPASSWORD=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  echo "$PGPASSWORD" >"$postgres_home/password"
  # Where this shell is its user may not be.
  postgres_as env -C / "$postgres_bin/initdb" -D "$postgres_home/data" -U gate -A scram-sha-256 \
    --pwfile="$postgres_home/password" -E UTF8 --locale=C --no-sync &>"$1/postgres.log" || return
  local command=(env -C / "$postgres_bin/postgres" -D "$postgres_home/data" -p "$postgres_port"
    -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c wal_level=logical)
  # Its own death is not under test: without waiting for the disk it is quicker.
  command+=(-c fsync=off)
  [[ -z $postgres_user ]] ||
    command=(setpriv --reuid "$postgres_user" --regid "$postgres_user" --clear-groups -- "${command[@]}")
  server_start postgres_identity QUIT "$1/postgres.log" "${command[@]}" && postgres_wait
}

postgres_wait() {
  local end=$((SECONDS + 60))
  until "$postgres_bin/psql" -qAtXc 'SELECT 1' &>/dev/null; do
    server_runs "$postgres_identity" && ((SECONDS < end)) || return
    sleep 0.1
  done
}

# Its data goes with it.
postgres_down() {
  [[ -n ${postgres_home:-} ]] || return 0
  server_kill "$postgres_identity" QUIT
  server_is_gone "$postgres_identity" 10 || server_kill "$postgres_identity" KILL
  rm -rf "$postgres_home"
}
