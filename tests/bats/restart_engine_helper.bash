# Loaded by the Bats files of the drivers that give orders to an engine: a stand-in for it, alone in
# a PATH with what it needs itself.
load restart_helper

setup() {
  unset K6_PROFILE K6_TARGET KS_BROKERS KS_DRIVER_DIR
  cluster=$BATS_TEST_TMPDIR/engine
  # shellcheck disable=SC2034 # for teardown
  strangers=()
  profile=$BATS_TEST_TMPDIR/mine.yaml
  export KS_ENGINE=$cluster KS_STAND_IN=$stand_in KS_PYTHON
  KS_PYTHON=$(python3 -c 'import sys; print(sys.executable)')
  mkdir "$KS_ENGINE" "$BATS_TEST_TMPDIR/path"
  local program
  for program in docker docker-compose kubectl; do
    ln -s "$BATS_TEST_DIRNAME/support/engine.bash" "$BATS_TEST_TMPDIR/path/$program"
  done
  for program in bash cat cut date env jq kill mkdir rm setsid; do
    ln -s "$(type -P "$program")" "$BATS_TEST_TMPDIR/path/$program"
  done
}

restart() {
  run_split env PATH="$BATS_TEST_TMPDIR/path" "$KS_BIN/ks-restart" --profile "$profile" "$@"
}

# The orders that the engine was given: what only asks is left out.
orders() {
  grep -vE '^docker (ps|inspect|compose version)|^kubectl .* get ' "$KS_ENGINE/calls" || true
}

# Exactly these, but for what was only tried, or in the end of all that was done: each as a whole
# line, or as a part of one.
assert_called() { # CALL...
  assert_equal "$(orders | grep -vE 'can-i|--dry-run' || true)" \
    "$(printf '%s\n' "$@" | grep -v -e --dry-run || true)"
  : >"$KS_ENGINE/calls"
}

assert_called_last() { # CALL...
  local last
  last=$(orders | tail -n $#)
  while (($#)); do
    [[ $last == *"$1"* ]] || fail "'$last' does not mention '$1'"
    shift
  done
}
