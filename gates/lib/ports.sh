# Loopback ports for servers that a run starts itself; to be sourced.

# Sets VARIABLE to a port below the ephemeral range that nobody listens on. The lock on it lasts as
# long as this shell or any process that it starts afterwards: two runs never share a port.
ports_take() { # VARIABLE
  local candidate try
  for ((try = 0; try < 500; try++)); do
    candidate=$((20000 + RANDOM % 12000))
    if ports_lock "$candidate"; then
      printf -v "$1" %s "$candidate"
      return
    fi
  done
  echo "ports.sh: no free port between 20000 and 31999 on 127.0.0.1: end what uses them" >&2
  return 2
}

ports_lock() { # PORT
  local dir=${TMPDIR:-/tmp}/ks-ports fd
  mkdir -m 1777 "$dir" 2>/dev/null || true
  # Opened for reading, so that several users can share the folder.
  [[ -e $dir/$1.lock ]] || : >"$dir/$1.lock"
  exec {fd}<"$dir/$1.lock" || return
  if flock --nonblock "$fd" && ! (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then
    return 0
  fi
  exec {fd}<&-
  return 1
}
