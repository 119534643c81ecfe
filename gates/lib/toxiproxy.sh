#!/usr/bin/env bash
# Toxiproxy on this machine, for one run; to be sourced, or:
#   toxiproxy.sh up DIR NAME=UPSTREAM[=LISTEN]...   start it in DIR, detached, with a proxy in front of
#                                          each address; prints its API's URL
#   toxiproxy.sh down DIR                  end it and delete DIR
# Where clients find a proxy is in DIR/NAME.address. KS_OWNER_PID is a process that it must not
# outlive.

# shellcheck source=gates/lib/embedded/kafka.sh
source "$(dirname "${BASH_SOURCE[0]}")/embedded/kafka.sh"
# shellcheck source=gates/lib/go.sh
source "$(dirname "${BASH_SOURCE[0]}")/go.sh"
toxiproxy_version=v2.12.0
toxiproxy_server=$fetch_cache/toxiproxy-$toxiproxy_version

toxiproxy_prepare() {
  go_prepare "$toxiproxy_server" \
    "github.com/Shopify/toxiproxy/v2/cmd/server@$toxiproxy_version" 'to disturb network paths'
}

# Called without a subshell, it keeps the ports locked as long as the caller lives.
toxiproxy_up() { # DIR NAME=UPSTREAM[=LISTEN]...
  "$kafka_root/gates/lib/setup.sh" faults || return
  toxiproxy_down "$1" && mkdir -p "$1" && toxiproxy_lay_out "$@" || return
  setsid bash -c "source ${BASH_SOURCE[0]@Q} && toxiproxy_run ${1@Q}" &>"$1/log" </dev/null &
  disown
  if ! toxiproxy_wait "$1"; then
    echo "toxiproxy.sh: Toxiproxy does not start: $(tail -n 1 "$1/log"); see $1/log" >&2
    toxiproxy_end "$1"
    return 2
  fi
  cat "$1/api"
}

# A proxy in front of each broker of a cluster that is up with the listener PROXIED.
toxiproxy_up_before() { # CLUSTER DIR
  local node pairs=()
  for node in "$1"/broker-*; do
    pairs+=("${node##*/}=$(<"$node/behind.PROXIED")=$(<"$node/address.PROXIED")")
  done
  toxiproxy_up "$2" "${pairs[@]}"
}

toxiproxy_down() { # DIR
  [[ -e $1/api ]] || return 0
  toxiproxy_end "$1"
  rm -rf "$1"
}

toxiproxy_lay_out() { # DIR NAME=UPSTREAM...
  local dir=$1 port each name upstream listen proxies=
  shift
  for each in "$@"; do
    if [[ $each != *?=?*:* ]]; then
      echo "toxiproxy.sh: not a proxy '$each': write it like NAME=127.0.0.1:9092" >&2
      return 2
    fi
    IFS='=' read -r name upstream listen <<<"$each"
    if [[ -z $listen ]]; then
      ports_take port || return
      listen=127.0.0.1:$port
    fi
    echo "$listen" >"$dir/$name.address"
    proxies+=",{\"name\": \"$name\", \"listen\": \"$listen\", \"upstream\": \"$upstream\", \"enabled\": true}"
  done
  echo "[${proxies#,}]" >"$dir/proxies.json"
  ports_take port || return
  if [[ -n ${KS_OWNER_PID:-} ]] && ! process_identity "$KS_OWNER_PID" >"$dir/owner"; then
    echo "toxiproxy.sh: the owner, KS_OWNER_PID=$KS_OWNER_PID, does not run: give one that does" >&2
    return 2
  fi
  echo "http://127.0.0.1:$port" >"$dir/api"
}

# Becomes the server.
toxiproxy_run() { # DIR
  local api
  process_identity $$ >"$1/pid"
  api=$(<"$1/api")
  [[ ! -e $1/owner ]] || (toxiproxy_end_with_owner "$1" "$(<"$1/owner")" &)
  exec "$toxiproxy_server" -host 127.0.0.1 -port "${api##*:}" -config "$1/proxies.json"
}

toxiproxy_end_with_owner() { # DIR OWNER
  while toxiproxy_runs "$1"; do
    if [[ $(process_identity "${2% *}") != "$2" ]]; then
      kill -KILL "$(toxiproxy_pid "$1")"
      rm -rf "$1"
    fi
    sleep 1
  done
}

toxiproxy_pid() { # DIR
  cut -d ' ' -f 1 "$1/pid"
}

toxiproxy_runs() { # DIR
  [[ -s $1/pid && $(process_identity "$(toxiproxy_pid "$1")") == "$(<"$1/pid")" ]]
}

# Nothing in it is worth a clean end. It leads a process group, which has its watcher, too.
toxiproxy_end() { # DIR
  ! toxiproxy_runs "$1" || kill -KILL -- "-$(toxiproxy_pid "$1")"
}

# Until the API and every proxy listen.
toxiproxy_wait() { # DIR
  local end=$((SECONDS + 30)) file address
  until [[ -s $1/pid ]]; do
    ((SECONDS < end)) || return
    sleep 0.05
  done
  for file in "$1/api" "$1"/*.address; do
    [[ -e $file ]] || continue
    address=$(<"$file")
    address=${address#http://}
    until (: <>"/dev/tcp/${address/://}") 2>/dev/null; do
      toxiproxy_runs "$1" && ((SECONDS < end)) || return
      sleep 0.05
    done
  done
}

toxiproxy_main() {
  if [[ ${1:-} == up ]] && (($# > 2)); then
    toxiproxy_up "${@:2}"
  elif [[ ${1:-} == down ]] && (($# == 2)); then
    toxiproxy_down "$2"
  else
    echo 'usage: toxiproxy.sh up DIR NAME=UPSTREAM... | down DIR' >&2
    return 2
  fi
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  set -euo pipefail
  toxiproxy_main "$@"
fi
