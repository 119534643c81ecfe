# Sourced by the gates: validations that load a machine are refused by one that is too small for them. Its
# figures would be its own, and a full disk ends more than the run.

least_memory_gb=${KS_LEAST_MEMORY_GB:-4}
least_disk_gb=${KS_LEAST_DISK_GB:-20}

# For tests to replace.
own_cgroups=/proc/self/cgroup
cgroup_root=/sys/fs/cgroup

# require_machine FOLDER…: where data and reports go. KS_SMALL_MACHINE=1: as it is.
require_machine() {
  [[ ${KS_SMALL_MACHINE:-} != 1 ]] || return 0
  local memory disk folder
  memory=$(memory_bytes)
  ((memory >= least_memory_gb * 10 ** 9)) ||
    abort "this machine is too small: $((memory / 10 ** 6)) MB of memory, $least_memory_gb GB are needed; set KS_SMALL_MACHINE=1 to run all the same"
  for folder; do
    disk=$(disk_bytes "$folder")
    ((disk >= least_disk_gb * 10 ** 9)) ||
      abort "this machine is too small: $((disk / 10 ** 6)) MB of disk are free at $folder, $least_disk_gb GB are needed; make room, or set KS_SMALL_MACHINE=1 to run all the same"
  done
}

# What control groups leave of it, too.
memory_bytes() {
  local least limit
  least=$(($(awk '$1 == "MemTotal:" { print $2 }' /proc/meminfo) * 1024))
  while read -r limit; do
    # 18 digits: version 1 writes no limit as a number that is larger than any memory.
    [[ ! $limit =~ ^[0-9]{1,18}$ ]] || ((limit >= least)) || least=$limit
  done < <(memory_limits)
  echo "$least"
}

# Of this process's own group and of each above it, in the hierarchy of version 1 for memory and that of version 2. In a
# container the root is its group, and what its path names may not be there.
memory_limits() {
  local controllers path tree name
  while IFS=: read -r _ controllers path; do
    case ,$controllers, in
      ,,) tree=$cgroup_root name=memory.max ;;
      *,memory,*) tree=$cgroup_root/memory name=memory.limit_in_bytes ;;
      *) continue ;;
    esac
    until [[ -z ${path%/} ]]; do
      cat "$tree$path/$name"
      path=${path%/*}
    done
    cat "$tree/$name"
  done 2>/dev/null <"$own_cgroups"
}

# Of the nearest folder that is there already.
disk_bytes() { # FOLDER
  local folder=$1
  while [[ ! -d $folder && $folder == */* ]]; do folder=${folder%/*}; done
  df -B 1 --output=avail "${folder:-/}" | tail -n 1
}
