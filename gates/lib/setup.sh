#!/usr/bin/env bash
# Installs what the named groups need and this machine lacks, and asks nothing; KS_NO_SETUP=1 leaves
# the machine as it is. usage: setup.sh build|embedded|debezium|faults|store|pip|test|browser|bench|fleet|fuzz|lint...
set -euo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/embedded/kafka.sh"
# shellcheck source=gates/lib/toxiproxy.sh
source "$(dirname "${BASH_SOURCE[0]}")/toxiproxy.sh"
# shellcheck source=gates/lib/versitygw.sh
source "$(dirname "${BASH_SOURCE[0]}")/versitygw.sh"
# shellcheck source=gates/lib/debezium/plugin.sh
source "$(dirname "${BASH_SOURCE[0]}")/debezium/plugin.sh"
# shellcheck source=gates/lib/clang-tidy.sh
source "$(dirname "${BASH_SOURCE[0]}")/clang-tidy.sh"
log=$kafka_root/build/setup.log

declare -A packages=(
  [build]='g++ cmake ninja-build ccache pkg-config librdkafka-dev libboost-dev
    libboost-program-options-dev nlohmann-json3-dev libyaml-cpp-dev libcurl4-openssl-dev
    libexpected-dev libisal-dev libssl-dev libkainjow-mustache-dev libpugixml-dev
    zlib1g-dev libsnappy-dev liblz4-dev libzstd-dev'
  [embedded]='openjdk-17-jre-headless maven'
  [debezium]='openjdk-17-jre-headless maven postgresql curl'
  [faults]='' # see below
  [store]=''  # see below
  [pip]='python3 python3-venv'
  [test]='libgtest-dev bats bats-assert bats-support bats-file parallel openssh-client openssh-server
    python3 python3-jsonschema python3-yaml curl docker-compose jq openssl procps time'
  [browser]='chromium fonts-dejavu-core'
  [bench]='strace time'
  [fleet]='parallel openssh-client'
  [fuzz]='clang libclang-rt-14-dev'
  [lint]='clang-format shellcheck shfmt' # and see below
)
declare -A purpose=(
  [build]='to build the executables'
  [embedded]='to run the embedded broker'
  [debezium]='to test the recovery of Debezium'
  [faults]='to disturb network paths'
  [store]='to test with an S3 server'
  [pip]='to fetch further versions of librdkafka'
  [test]='to run the tests'
  [browser]='to see the report as a browser does'
  [bench]='to measure'
  [fleet]='to run several workers'
  [fuzz]='to fuzz'
  [lint]='to check the sources'
)
# Where a package's command has another name.
declare -A command_of=(['ninja-build']=ninja [maven]=mvn [procps]=ps
  ['openssh-client']=ssh ['openssh-server']=sshd [time]=/usr/bin/time)

fail() { # WHAT, WHERE: WHAT TO DO
  echo "setup.sh: $1" >&2
  exit 2
}

java_version() {
  { java -version 2>&1 || true; } | sed -n 's/.* version "\([0-9]*\).*/\1/p'
}

has_java() {
  local version
  version=$(java_version)
  ((${version:-0} >= 17)) # less will not run a broker
}

# A command that is there by other means will do as well as its package.
is_there() { # PACKAGE
  if [[ $1 == openjdk-* ]]; then
    has_java
  else
    command -v "${command_of[$1]:-$1}" >/dev/null || [[ $installed == *" $1=installed "* ]]
  fi
}

# Adds to `missing`, and to `reasons` what for.
find_missing() { # GROUP
  local package lacking=()
  for package in ${packages[$1]}; do
    is_there "$package" || lacking+=("$package")
  done
  ((${#lacking[@]})) || return 0
  missing+=("${lacking[@]}")
  reasons+=("setup.sh: installing, ${purpose[$1]}: ${lacking[*]}")
}

as_root() {
  if ((EUID == 0)); then "$@"; else sudo -n "$@"; fi
}

apt() {
  as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get -q -y -o DPkg::Lock::Timeout=600 "$@" >>"$log" 2>&1 </dev/null
}

# PostgreSQL's package would begin a database of its own, on the usual port.
without_cluster() { # COMMAND...
  local folder=/etc/postgresql-common/createcluster.d status=0
  [[ " ${missing[*]} " == *' postgresql '* ]] || {
    "$@"
    return
  }
  as_root mkdir -p "$folder" && as_root tee "$folder/ks-gate.conf" >/dev/null <<<'create_main_cluster = false'
  "$@" || status=$?
  as_root rm -f "$folder/ks-gate.conf"
  return "$status"
}

install_missing() {
  command -v apt-get >/dev/null || fail "no apt-get on this machine: install ${missing[*]} by hand"
  as_root true 2>/dev/null ||
    fail "only root may install ${missing[*]}: run it as root, or apt-get install them"
  printf '%s\n' "${reasons[@]}" >&2
  mkdir -p "${log%/*}"
  { apt update && without_cluster apt install --no-install-recommends "${missing[@]}"; } ||
    fail "apt-get could not install ${missing[*]} (its log: $log): check the network, run again"
}

[[ ${KS_NO_SETUP:-} != 1 ]] || exit 0
missing=() reasons=()
# What builds them is needed only until they are built.
if [[ " $* " == *' faults '* && ! -e $toxiproxy_server || " $* " == *' store '* && ! -e $versitygw_server ]]; then
  go_is_new_enough || packages[faults]='python3 python3-venv' packages[store]='python3 python3-venv'
fi
if [[ " $* " == *' lint '* && ! -e $clang_tidy_home ]]; then
  packages[lint]+=' python3 python3-venv'
fi
# shellcheck disable=SC2068 # lists of words
installed=" $(dpkg-query -W -f '${Package}=${db:Status-Status} ' ${packages[@]} 2>/dev/null || true)"
for group in "$@"; do
  [[ " ${!packages[*]} " == *" $group "* ]] ||
    fail "no group '$group': give some of ${!packages[*]}"
  find_missing "$group"
done
((${#missing[@]} == 0)) || install_missing
if [[ " $* " == *' embedded '* ]]; then
  has_java || fail 'the java on PATH is missing or older than 17: put a newer one first on PATH'
  kafka_prepare
fi
[[ " $* " != *' debezium '* ]] || debezium_prepare
[[ " $* " != *' faults '* ]] || toxiproxy_prepare
[[ " $* " != *' store '* ]] || versitygw_prepare
[[ " $* " != *' lint '* ]] || clang_tidy_prepare
