#!/usr/bin/env bash
# Makes a machine ready for workers: lay.sh NUMBER, of a host of gates/fleet.sh, which says in its environment
# what there is to do. Says in one line what is wrong, and ends with status 2 then.
set -uo pipefail
source "$(dirname "${BASH_SOURCE[0]}")/hosts.sh"
number=$1
# shellcheck disable=SC2153 # of gates/fleet.sh
host=$(sed -n "$((number + 1))p" "$FLEET_DIR/hosts")
folder=$FLEET_FOLDER-$number
executables=(ks-run ks-produce ks-consume ks-metrics ks-restart ks-fault)

abort() { # WHAT: WHAT TO DO
  echo "$host: $1"
  exit 2
}

last_line() { # of ssh, whose own warnings come first
  sed -n '$s/\r//p' "$FLEET_DIR/lay-$number"
}

there() { # LINE
  host_run "$host" "$1" 2>"$FLEET_DIR/lay-$number"
}

there true ||
  abort "cannot be reached by ssh ($(last_line)): check its address and its key (ssh without a password), or leave it out"
there "command -v bash >/dev/null && command -v tar >/dev/null" || abort 'has no bash or no tar: install them'
there "mkdir -m 700 '$folder'" || abort "cannot make $folder ($(last_line)): make room, or set KS_FLEET_FOLDER"
echo "$number" >>"$FLEET_DIR/laid"

tar -C "$FLEET_DIR/lay" -chf - . | there "tar -C '$folder' -xf -" ||
  abort "cannot copy to $folder ($(last_line)): make room there"
if [[ -z $FLEET_BIN ]]; then
  tar -C "$KS_BIN" -I 'gzip -1' -chf - "${executables[@]}" | there "mkdir '$folder/bin' && tar -C '$folder/bin' -xzf -" ||
    abort "cannot copy the executables ($(last_line)): build them (make build), make room there"
else
  there "ln -s '$FLEET_BIN' '$folder/bin'" || abort "cannot use $FLEET_BIN ($(last_line)): check --bin"
fi
versions() { # FOLDER, a line of shell
  local executable
  for executable in "${executables[@]}"; do printf '%s/%s --version || exit; ' "'$1'" "$executable"; done
}

there "$(versions "$folder/bin")" >"$FLEET_DIR/there-$number" ||
  abort "the executables do not run there ($(last_line)): install their libraries (README, Fleets), or give --bin a folder of executables that were built there"
(eval "$(versions "$KS_BIN")") >"$FLEET_DIR/here-$number"
other=$(diff "$FLEET_DIR/here-$number" "$FLEET_DIR/there-$number" | sed -n 's/^> //p' | head -n 1)
[[ -z $other ]] || abort "$other is another than here: use one version everywhere"
"$KS_BIN/ks-run" clock --json "$FLEET_DIR/clock-$number.json" -- \
  "$(dirname "${BASH_SOURCE[0]}")/ask.sh" "$host" "'$folder/bin/ks-run' clock --serve" \
  >/dev/null 2>"$FLEET_DIR/lay-$number" || abort "cannot compare its clock ($(last_line)): run it again"
