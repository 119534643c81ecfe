#!/usr/bin/env bash
# A stand-in for docker and docker-compose that has one stack: records its arguments, a line a call, in
# $KS_ENGINE/calls. $KS_ENGINE/containers has the line that `docker inspect` says of each container;
# `up` makes it of the file `planned`, and each later look at it of `planned.1`, `planned.2`, ….
# Files in $KS_ENGINE change what it does:
#   no-plugin   docker has no compose
#   dead        no engine answers, and this is what docker says
#   refuses     `up` and `down` fail, and this is what they say
set -euo pipefail
cd "$KS_ENGINE"
echo "${0##*/} $*" >>calls

fail_with() { # FILE
  [[ ! -e $1 ]] || { cat "$1" >&2 && exit 1; }
}

look() {
  local next
  cat containers
  for next in planned.*; do
    [[ ! -e $next ]] || { mv "$next" containers && return; }
  done
}

compose() { # -f FILE -p PROJECT --env-file FILE SUB-COMMAND...
  case $7 in
    up) cp planned containers && fail_with refuses ;;
    down) fail_with refuses && rm -f containers ;;
    logs) echo "${!#}_1 | the last words of ${!#}" ;;
  esac
}

if [[ ${0##*/} == docker-compose ]]; then
  compose "$@"
  exit
fi
case $1 in
  ps)
    fail_with dead
    [[ ! -e containers ]] || cut -d ' ' -f 1 containers
    ;;
  inspect) look ;;
  compose)
    [[ ! -e no-plugin ]] || exit 1
    [[ $2 == version ]] || compose "${@:2}"
    ;;
esac
