# Machines of a fleet: their names, and commands on them; to be sourced. A host is USER@HOST:PORT, of which
# USER and PORT may be missing, or `:` for this machine. KS_FLEET_SSH is the ssh command (ssh), with options
# of its own if need be.

# Adds to `hosts` each host of a list, `a,b` or a file of lines, as often as it has workers: `4/a`. Where that
# is none, `complaint` says so.
# shellcheck disable=SC2034 # whoever sources this tells it
hosts_read() { # LIST
  local entry count words
  local host='([A-Za-z0-9._-]+@)?([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\])(:[1-9][0-9]{0,4})?'
  if [[ -f $1 ]]; then
    mapfile -t words < <(sed 's/#.*//; s/[[:space:]]//g; /^$/d' "$1")
  else
    IFS=, read -ra words <<<"$1"
  fi
  for entry in "${words[@]}"; do
    if [[ ! $entry =~ ^(([1-9][0-9]{0,3})/)?(:|$host)$ ]]; then
      complaint="not a host '$entry': write USER@HOST:PORT, : for this machine, 4/HOST for four workers"
      return 1
    fi
    for ((count = ${BASH_REMATCH[2]:-1}; count > 0; count--)); do
      hosts+=("${BASH_REMATCH[3]}")
    done
  done
  complaint="no hosts in '$1': give a list, or a file with one a line"
  ((${#hosts[@]} > 0))
}

# Runs a line of shell there. Nobody is asked for a password, and a host that is gone is noticed.
host_run() { # HOST LINE
  local ssh options=(-o BatchMode=yes -o ConnectTimeout=5 -o ServerAliveInterval=5 -o ServerAliveCountMax=3)
  local name=$1
  read -ra ssh <<<"${KS_FLEET_SSH:-ssh}"
  if [[ $1 =~ ^(.+):([0-9]+)$ ]]; then
    name=${BASH_REMATCH[1]}
    options+=(-p "${BASH_REMATCH[2]}")
  fi
  name=${name/[/} name=${name/]/}
  "${ssh[@]}" "${options[@]}" "$name" "$2"
}
