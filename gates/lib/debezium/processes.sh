# Servers that one check starts, each in a session of its own; to be sourced after plugin.sh.
# shellcheck disable=SC2154 # plugin.sh's

# Starts COMMAND with its output in LOG, and sets VARIABLE to its process id and start time. It does not
# outlive this shell: whatever ends that ends the server, by SIGNAL.
server_start() { # VARIABLE SIGNAL LOG COMMAND...
  local identity owner pid
  setsid "${@:4}" >>"$3" 2>&1 </dev/null &
  pid=$!
  disown
  identity=$(process_identity "$pid") && owner=$(process_identity $$) || return
  printf -v "$1" %s "$identity"
  # shellcheck disable=SC2016 # expanded in the other shell
  setsid bash -c 'source "$0"; server_end_with_owner "$@"' "$debezium_parts/watch.sh" \
    "$identity" "$owner" "$2" &>/dev/null </dev/null &
  disown
}

server_runs() { # IDENTITY
  [[ -n $1 && $(process_identity "${1% *}") == "$1" ]]
}

server_kill() { # IDENTITY SIGNAL
  ! server_runs "$1" || kill "-$2" "${1% *}"
}

# Whether it is gone, within SECONDS.
server_is_gone() { # IDENTITY SECONDS
  local end=$((SECONDS + $2))
  while server_runs "$1"; do
    ((SECONDS < end)) || return
    sleep 0.05
  done
}
