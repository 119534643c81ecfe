#!/usr/bin/env bash
# The clang-tidy that the sources are checked with: to be sourced by what fetches it, or run as it.
# Debian 12's is of 2022, and also looks for what it checks in every system header: it takes three
# times as long.

# shellcheck source=gates/lib/fetch.sh
source "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"
clang_tidy_version=23.1.4
# Its folder is named for the version: a change of it fetches anew.
clang_tidy_home=$fetch_cache/clang-tidy-$clang_tidy_version

clang_tidy_prepare() {
  fetch_once "$clang_tidy_home" clang_tidy_fetch
}

# What is kept is the program and the compiler's headers that it reads, which work from everywhere.
clang_tidy_fetch() {
  local aside=$clang_tidy_home.partial
  rm -rf "$aside"
  fetch_with_pip "$aside" "clang-tidy==$clang_tidy_version" 'to check the sources' || return
  mv "$aside"/lib/python3*/site-packages/clang_tidy/data "$clang_tidy_home" && rm -rf "$aside"
}

if [[ ${BASH_SOURCE[0]} == "$0" ]]; then
  exec "$clang_tidy_home/bin/clang-tidy" "$@"
fi
