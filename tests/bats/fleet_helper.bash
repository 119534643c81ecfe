# Loaded by the Bats files of fleets: an sshd of the test's own on loopback, and what a fleet leaves.
load run_helper
source "$project_root/gates/lib/ports.sh"

# A server with keys of its own, of which nothing is left behind; KS_FLEET_SSH trusts it alone.
start_sshd() { # CONFIG-LINE...
  sshd_dir=$BATS_TEST_TMPDIR/ssh
  mkdir -m 700 "$sshd_dir"
  ssh-keygen -q -t ed25519 -N '' -f "$sshd_dir/host"
  ssh-keygen -q -t ed25519 -N '' -f "$sshd_dir/key"
  cp "$sshd_dir/key.pub" "$sshd_dir/authorized"
  ports_take sshd_port
  cat >"$sshd_dir/sshd_config" <<CONFIG
Port $sshd_port
ListenAddress 127.0.0.1
HostKey $sshd_dir/host
AuthorizedKeysFile $sshd_dir/authorized
PidFile $sshd_dir/pid
StrictModes no
UsePAM no
PasswordAuthentication no
MaxStartups 100
$(printf '%s\n' "$@")
CONFIG
  cat >"$sshd_dir/ssh_config" <<CONFIG
Host *
  IdentityFile $sshd_dir/key
  IdentitiesOnly yes
  UserKnownHostsFile $sshd_dir/known
  StrictHostKeyChecking accept-new
  LogLevel ERROR
CONFIG
  # It wants to be called by its whole name; its folder for privileges is not on every machine.
  [[ -d /run/sshd ]] || mkdir -p /run/sshd
  "$(type -P sshd)" -D -e -f "$sshd_dir/sshd_config" 2>"$sshd_dir/log" 3>&- &
  sshd_pid=$!
  within 10 test -s "$sshd_dir/pid"
  export KS_FLEET_SSH="ssh -F $sshd_dir/ssh_config"
  # shellcheck disable=SC2034 # for the tests
  there=127.0.0.1:$sshd_port
}

end_sshd() {
  [[ -z ${sshd_pid:-} ]] || kill "$sshd_pid" 2>/dev/null || true
}

setup_fleet() {
  setup_run
  export KS_FLEET_FOLDER=$BATS_TEST_TMPDIR KS_NO_SETUP=1 TMPDIR=$BATS_TEST_TMPDIR
}

fleet() { # HOSTS OPTION...
  run_split "$project_root/gates/fleet.sh" "$1" "$file" -b "$KS_TEST_BROKERS" "${@:2}"
}

run_folder() {
  local runs=("$KS_REPORTS"/*/run.json)
  echo "${runs[0]%/run.json}"
}

# Of what each worker told.
of_workers() { # JQ-FILTER
  jq -r "$1" "$(run_folder)"/results/*.workers.json
}

# Stands in for kubectl and its cluster, a folder: configmaps/NAME, pods/N with what worker N left, and pods/N/phase
# where it does not run. `apply` does what job.yaml has its workers do.
stand_in_kubectl() {
  export cluster=$BATS_TEST_TMPDIR/cluster project_root
  mkdir -p "$cluster/bin" "$cluster/configmaps" "$cluster/pods"
  cat >"$cluster/bin/kubectl" <<'SH'
#!/bin/bash
while [[ $1 == --request-timeout=* ]]; do shift; done
[[ $1 != -n ]] || { [[ $2 == kafscale ]] && shift 2; } || exit 1
job=$project_root/compose/k8s-fleet/job.yaml
of_job() { sed -n "s/$1/\\1/p" "$job"; }

create_configmap() { # NAME OPTION...
  local each map=$cluster/configmaps/$1
  mkdir "$map" || exit 1
  for each in "${@:2}"; do
    case $each in
      --from-file=*) cp "${each#*=}"/* "$map/" ;;
      --from-literal=*) echo "export ${each#*=}" >>"$map/literals" ;;
    esac
  done
}

start_workers() {
  local words index
  source "$cluster/configmaps/ks-fleet-run/literals"
  IFS=', ' read -ra words <<<"$(of_job '.*command: \[\(.*\)\]')"
  KS_FLEET_SIZE=$(of_job '.*KS_FLEET_SIZE, value: "\(.*\)"}')
  K6_PROFILE=$(of_job '.*K6_PROFILE, value: \(.*\)}')
  export KS_FLEET_SIZE K6_PROFILE KS_LINGER=60 KS_BROKERS=$KS_TEST_BROKERS
  words=("${words[@]/#\/ks\/worker.sh/$project_root/gates/lib/fleet/worker.sh}")
  words=("${words[@]/#\/scenario/$cluster/configmaps/ks-fleet-scenario}")
  for ((index = 0; index < KS_FLEET_SIZE; index++)); do
    mkdir "$cluster/pods/$index"
    JOB_COMPLETION_INDEX=$index "${words[@]/#\/work\/run/$cluster/pods/$index}" &>"$cluster/pods/$index.log" 3>&- &
  done
}

case $1 in
  create) create_configmap "${@:3}" ;;
  apply) start_workers ;;
  delete) ;;
  get)
    for pod in "$cluster"/pods/*/; do
      index=$(basename "$pod")
      echo "$index pod/ks-fleet-$index $(cat "$pod/phase" 2>/dev/null || echo Running)"
    done
    ;;
  exec)
    [[ $2 != -i ]] || shift
    pod=$cluster/pods/${2##*-}
    [[ -d $pod && ! -e $pod/phase ]] || exit 1
    shift 3
    set -- "${@/#\/work\/run/$pod}"
    "${@/#\/ks\/bin/$KS_BIN}"
    ;;
  logs) cat "$cluster/pods/${2##*-}.log" ;;
esac
SH
  chmod +x "$cluster/bin/kubectl"
  PATH=$cluster/bin:$PATH
}
