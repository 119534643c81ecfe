#!/usr/bin/env bash
# ask.sh HOST LINE: a line of shell on a machine, for who wants a command of its own.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/hosts.sh"
host_run "$1" "$2"
