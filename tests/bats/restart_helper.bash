# Loaded by the Bats files of ks-restart: nodes and strangers that are stand-ins for brokers.
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

stand_in=$BATS_TEST_DIRNAME/support/stand_in_broker.py

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_DRIVER_DIR
  cluster=$BATS_TEST_TMPDIR/cluster
  strangers=()
}

# Ends what the test left running: brokers by what they wrote of themselves, strangers by number.
teardown() {
  local file pid
  for file in "$BATS_TEST_TMPDIR"/*.pid "$cluster"/*/stand-in.pid; do
    [[ -e $file ]] && strangers+=("$(<"$file")")
  done
  for pid in "${strangers[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
  done
}

# A node with a stand-in that starts in MODE, the content of its file `mode`.
make_node() { # NAME [MODE]
  local port
  ports_take port
  mkdir -p "$cluster/$1"
  echo "127.0.0.1:$port" >"$cluster/$1/address"
  echo "$port" >"$cluster/$1/ports"
  echo "${2:-normal}" >"$cluster/$1/mode"
  cat >"$cluster/$1/run" <<RUN
#!/usr/bin/env bash
cd "\$(dirname "\$0")"
echo \$\$ >stand-in.pid
if [[ \$(<mode) == dies ]]; then
  echo 'starting'
  echo 'FATAL no disk to write to'
  echo 'bye'
  exit 9
fi
exec python3 "$stand_in" "\$(<address)" "\$(<mode)" ..
RUN
  chmod +x "$cluster/$1/run"
}

restart() {
  run_split "$KS_BIN/ks-restart" --driver-dir "$cluster" "$@"
}

pid_of() { # NODE
  cut -d ' ' -f 1 "$cluster/$1/pid"
}

port_of() { # NODE
  cut -d : -f 2 "$cluster/$1/address"
}

assert_gone() { # PID
  [[ ! -e /proc/$1 || $(sed 's/.*) \(.\).*/\1/' "/proc/$1/stat") == Z ]] || fail "$1 still runs"
}

# Runs a stranger (not a node of ours) and waits until it says that it is up.
run_stranger() { # COMMAND...
  local out=$BATS_TEST_TMPDIR/stranger.out
  "$@" >"$out" 2>&1 3>&- &
  strangers+=($!)
  disown
  until [[ -s $out ]]; do kill -0 "${strangers[-1]}"; done
}
