# Sourced by the gates: on a terminal, one line that says each second how far the checks are. Elsewhere, as
# in CI, nothing.

progress_pid=

progress_begin() { # CTEST-LOG
  [[ -t 2 && ${TERM:-dumb} != dumb ]] || return 0
  local begun=$SECONDS
  # Cut to the terminal's width, a line can be wiped.
  while sleep 1; do
    printf '\r\e[K%.*s' "$((${COLUMNS:-$(tput cols)} - 1))" "$((SECONDS - begun)) s, $(progress_line "$1")" >&2
  done &
  progress_pid=$!
}

progress_end() {
  [[ -n $progress_pid ]] || return 0
  kill "$progress_pid"
  wait "$progress_pid"
  progress_pid=
  printf '\r\e[K' >&2
}

# "3 of 36 checks done, running: group_offsets.wire, connectivity.wire", by what CTest has written so far.
progress_line() { # CTEST-LOG
  awk '
    $1 == "Start" { order[++begun] = $3; runs[$3] = 1 }
    match($0, /^ *[0-9]+\/[0-9]+ Test +#[0-9]+: /) {
      total = $1; sub(/.*\//, "", total)
      name = substr($0, RLENGTH + 1); sub(/ .*/, "", name)
      delete runs[name]
      ++done
    }
    END {
      for (i = 1; i <= begun; ++i) if (order[i] in runs) list = list (list ? ", " : ", running: ") order[i]
      print done + 0 (total ? " of " total : "") " checks done" list
    }' "$1"
}
