# Sourced by check.sh: what a check may disturb, brokers and network paths, and how all of it is made
# whole again.

is_disturbing=
brokers_to_keep=
disturbed_paths=()

# A check that ends brokers says so: it is skipped where the profile has no driver for that, could not run
# where the driver does not work or a broker is down already, and whatever ends the check, the brokers run
# again. Sets `brokers`, how many there are.
disturbs_brokers() {
  local complaint
  needs_driver restartable 'the broker cannot be restarted from here, give the profile a driver'
  complaint=$(ks-restart status 2>&1 >/dev/null) || lacks "the brokers are not well to begin with: $complaint"
  # shellcheck disable=SC2034 # for the checks
  brokers=$(ks-restart status | wc -l)
  is_disturbing=1
}

# The same for one that adds and removes brokers: as many as there were are left at its end.
scales_brokers() {
  needs_driver scalable 'brokers cannot be added from here, give the profile a driver that scales'
  brokers_to_keep=$(ks-restart status 2>/dev/null | grep -c ' answers')
}

needs_driver() { # METRIC COMPLAINT
  local complaint
  complaint=$(ks-restart status --expect "$1 == 1" --expect 'nodes_answering >= 0' 2>&1 >/dev/null)
  case $? in
    0) ;;
    1) skip "$2: $complaint" ;;
    *) lacks "$complaint" ;;
  esac
}

# Whether the profile has proxies on a network path (object-store, brokers or clients).
has_path() { # PATH
  local complaint
  complaint=$(ks-fault list "$1" 2>&1 >/dev/null) ||
    [[ $complaint != *'no Toxiproxy given'* && $complaint != *'names no proxy of this path'* ]]
}

# The same as for brokers for such a path. Sets `proxies`, the names of its proxies, and `through`, where
# they listen, separated by commas.
disturbs_path() { # PATH
  local list
  has_path "$1" || skip "the path $1 cannot be disturbed from here, give the profile a Toxiproxy on it"
  list=$(ks-fault list "$1" 2>&1) || lacks "the path $1 cannot be disturbed: $list"
  list=$(awk -F '\t' '$4 == "enabled"' <<<"$list") # and not the toxics on them
  # shellcheck disable=SC2034 # both for the checks
  mapfile -t proxies < <(cut -f 1 <<<"$list")
  # shellcheck disable=SC2034
  through=$(cut -f 2 <<<"$list" | paste -sd ,)
  disturbed_paths+=("$1")
}

# lasting NAME SHORT FULL: how long a fault is to last, in seconds: as the profile has it, or FULL; at
# GATE_TIME=short no longer than SHORT.
lasting() {
  local seconds
  seconds=$(sed -n "s/^ *\"$1_s\": \([0-9]*\).*/\1/p" "$KS_RUN_DIR/run.json")
  seconds=${seconds:-$3}
  [[ ${GATE_TIME:-full} == full ]] || ((seconds < $2)) || seconds=$2
  echo "$seconds"
}

# Every path is whole and every broker runs again, as far as this check may have changed that.
undisturb() {
  local path
  for path in "${disturbed_paths[@]}"; do ks-fault heal "$path"; done
  [[ -n $is_disturbing ]] || return 0
  ks-restart continue # one that is paused cannot be started; not every driver knows the word
  ks-restart start
}

# As many brokers as before, where this check has added or removed some.
scale_back() {
  [[ -z $brokers_to_keep ]] || ks-restart scale "$brokers_to_keep"
}
