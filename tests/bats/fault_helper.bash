# Loaded by the Bats files of ks-fault: a real Toxiproxy in front of the shared broker and of an HTTP
# server, one for the whole file.
load helper
# shellcheck source=gates/lib/ports.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/ports.sh"

toxiproxy_sh=$BATS_TEST_DIRNAME/../../gates/lib/toxiproxy.sh
support=$BATS_TEST_DIRNAME/support

setup_file() {
  require_broker
  mkdir "$BATS_FILE_TMPDIR/www"
  ports_take store_port
  python3 "$support/http_server.py" "$BATS_FILE_TMPDIR/www" "$store_port" 3>&- &
  echo $! >"$BATS_FILE_TMPDIR/store.pid"
  API=$(KS_OWNER_PID=$$ "$toxiproxy_sh" up "$BATS_FILE_TMPDIR/toxiproxy" \
    "broker=$KS_TEST_BROKERS" "store=127.0.0.1:$store_port" "spare=$KS_TEST_BROKERS" 3>&-)
  export API KS_TEST_BROKERS
}

teardown_file() {
  "$toxiproxy_sh" down "$BATS_FILE_TMPDIR/toxiproxy"
  kill "$(<"$BATS_FILE_TMPDIR/store.pid")"
}

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_RUN_ID KS_TOXIPROXY
  result=$BATS_TEST_TMPDIR/result.json
  profile=$BATS_TEST_TMPDIR/paths.yaml
  cat >"$profile" <<YAML
target: kafka
brokers: [$KS_TEST_BROKERS]
toxiproxy: {api_url: $API, object_store: [store], brokers: [spare], clients: [broker, spare]}
YAML
  started=()
}

teardown() {
  local pid
  for pid in "${started[@]}"; do
    kill -KILL "$pid" 2>/dev/null || true
  done
  curl -sf -X POST "$API/reset"
}

fault() {
  run_split "$KS_BIN/ks-fault" --profile "$profile" --json "$result" "$@"
}

# Another profile than the one with the paths.
use_profile() { # NAME
  profile=$1
}

# Runs ks-fault in the background until it says that the fault is there.
start_fault() { # ARGUMENT...
  rm -f "$BATS_TEST_TMPDIR/stderr"
  "$KS_BIN/ks-fault" --profile "$profile" --json "$result" "$@" 2>"$BATS_TEST_TMPDIR/stderr" 3>&- &
  started+=($!)
  until [[ -s $BATS_TEST_TMPDIR/stderr ]]; do kill -0 "${started[-1]}"; done
}

# The idle Toxiproxy, which is given as --api.
start_idle() { # ARGUMENT...
  ports_take port
  idle=http://127.0.0.1:$port
  python3 "$support/idle_toxiproxy.py" "$port" "$@" 3>&- &
  started+=($!)
  until curl -sf -o "$BATS_TEST_TMPDIR/up" "$idle/proxies"; do kill -0 "${started[-1]}"; done
}

add_toxic() { # PROXY JSON
  curl -sf -o "$BATS_TEST_TMPDIR/added" -d "$2" "$API/proxies/$1/toxics"
}

toxics() { # PROXY
  curl -sf "$API/proxies/$1" | jq -r '.toxics[].name'
}

is_enabled() { # PROXY
  [[ $(curl -sf "$API/proxies/$1" | jq .enabled) == true ]]
}

# Whether metrics and data of the result are so.
assert_result() { # JQ-EXPRESSION
  jq -e "$1" "$result" >"$BATS_TEST_TMPDIR/jq" || fail "not so: $1 in $(<"$result")"
}

is_disabled() { # PROXY
  [[ $(curl -sf "$API/proxies/$1" | jq .enabled) == false ]]
}
