# Loaded by the Bats files that run checks on three brokers of their own, behind a Toxiproxy.
load check_helper
# shellcheck source=gates/lib/embedded.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/embedded.sh"
# shellcheck source=gates/lib/toxiproxy.sh
source "$BATS_TEST_DIRNAME/../../gates/lib/toxiproxy.sh"

cluster_up() {
  export cluster=$BATS_FILE_TMPDIR/cluster KS_OWNER_PID=$$
  KS_KAFKA_LISTENERS=PROXIED embedded_up "$cluster" 3 3>&-
  toxiproxy_up_before "$cluster" "$BATS_FILE_TMPDIR/toxiproxy" 3>&-
}

cluster_down() {
  toxiproxy_down "$BATS_FILE_TMPDIR/toxiproxy"
  embedded_down "$cluster"
}

cluster_setup() {
  unset K6_TARGET KS_CLIENT KS_TOXIPROXY
  KS_BROKERS=$(paste -d , "$cluster"/broker-*/address)
  KS_TOXIPROXY=$(cat "$BATS_FILE_TMPDIR/toxiproxy/api" 2>/dev/null || true) # not every file has one
  export KS_BROKERS KS_TOXIPROXY K6_PROFILE=embedded KS_DRIVER_DIR=$cluster KS_REPLICATION=3
  export GATE_TIME=short KS_SEED=$BATS_TEST_NUMBER
  sabotage_checks
  wait_less offsets
}

# What never comes need not be waited for as long as what may come late.
wait_less() { # TOOL
  sabotage "$1" <<END
exec "\$real/ks-$1" "\${@/#30s/8s}"
END
}

# Whatever a test did: the next one finds three brokers that hold together.
cluster_teardown() {
  "$real/ks-fault" heal clients &>/dev/null || true
  "$real/ks-restart" continue &>/dev/null || true
  "$real/ks-restart" start -q
  "$real/ks-admin" view --client wire --wait 30s --expect 'views == 3' >/dev/null
}

# broker_chaos loses records: the leader alone acknowledges, and is killed while its followers stand still
# and so do not know that they lack anything.
lose_what_a_leader_acknowledged() {
  sabotage produce <<'END'
exec "$real/ks-produce" "$@" -a 1
END
  sabotage restart <<'END'
[[ $KS_STEP == kill_1 ]] || exec "$real/ks-restart" "$@"
KS_STEP= "$real/ks-restart" pause broker-2 broker-3
sleep 1 # of traffic
"$real/ks-restart" kill broker-1 "${@:6}"
KS_STEP= "$real/ks-restart" continue broker-2 broker-3
END
}
