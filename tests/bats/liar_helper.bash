# A small broker that breaks one rule of the protocol; loaded after helper.

# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

# Starts it and sets $liar_address; LIE '' is none. It ends with stop_liar.
# shellcheck disable=SC2034 # for the tests
start_liar() { # LIE [PORT]
  local port=${2:-}
  [[ -n $port ]] || ports_take port
  python3 "$BATS_TEST_DIRNAME/support/lying_broker.py" "$port" "$1" 3>&- &
  liar=$!
  liar_address=127.0.0.1:$port
  until (: <>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do kill -0 "$liar"; done
}

# Sets $liar_address to where nobody listens.
# shellcheck disable=SC2034 # for the tests
start_nobody() {
  local port
  ports_take port
  liar_address=127.0.0.1:$port
}

stop_liar() {
  [[ -n ${liar:-} ]] || return 0
  kill "$liar" 2>/dev/null || true
  wait "$liar" || true
  liar=
}
