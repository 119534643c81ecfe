# Sourced by the gates: validations that load a machine are refused by one that is too small for them. Its
# figures would be its own, and a full disk ends more than the run.

least_memory_gb=${KS_LEAST_MEMORY_GB:-4}
least_disk_gb=${KS_LEAST_DISK_GB:-20}

# require_machine FOLDER…: where data and reports go. KS_SMALL_MACHINE=1: as it is.
require_machine() {
  [[ ${KS_SMALL_MACHINE:-} != 1 ]] || return 0
  local memory disk folder
  memory=$(memory_kb)
  ((memory >= least_memory_gb * 1000000)) ||
    abort "this machine is too small: $((memory / 1000)) MB of memory, $least_memory_gb GB are needed; set KS_SMALL_MACHINE=1 to run all the same"
  for folder; do
    disk=$(disk_kb "$folder")
    ((disk >= least_disk_gb * 1000000)) ||
      abort "this machine is too small: $((disk / 1000)) MB of disk are free at $folder, $least_disk_gb GB are needed; make room, or set KS_SMALL_MACHINE=1 to run all the same"
  done
}

# What a control group leaves of it, too.
memory_kb() {
  local all limit
  all=$(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo)
  limit=$(cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null | head -n 1)
  [[ ! $limit =~ ^[0-9]{1,18}$ ]] || ((limit / 1024 >= all)) || all=$((limit / 1024))
  echo "$all"
}

# Of the nearest folder that is there already.
disk_kb() { # FOLDER
  local folder=$1
  while [[ ! -d $folder && $folder == */* ]]; do folder=${folder%/*}; done
  df -Pk "${folder:-/}" | awk 'NR == 2 { print $4 }'
}
