# What is fetched once and kept under the build folder; to be sourced.

fetch_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
fetch_cache=$fetch_root/build/cache
fetch_log=$fetch_root/build/setup.log

# Has COMMAND make FILE where it is not there yet; who comes meanwhile waits.
fetch_once() { # FILE COMMAND...
  [[ ! -e $1 ]] || return 0
  mkdir -p "$fetch_cache" || return
  (
    flock 9
    [[ -e $1 ]] || "${@:2}"
  ) 9>"$1.lock"
}

# Puts the jars that a POM depends on into FOLDER.
fetch_with_maven() { # FOLDER POM WHAT
  if ! mvn -q -B -f "$2" dependency:copy-dependencies -DoutputDirectory="$1" >>"$fetch_log" 2>&1 </dev/null; then
    echo "setup.sh: Maven could not fetch $3 (its log: $fetch_log): check the network, run again" >&2
    return 2
  fi
}

# Makes a virtual environment of Python's with PACKAGE in it. It does not work from another folder.
fetch_with_pip() { # FOLDER PACKAGE==VERSION WHY
  echo "setup.sh: fetching $2 with pip: $3" >&2
  if ! { python3 -m venv "$1" && "$1/bin/pip" install --no-cache-dir --no-input "$2"; } \
    >>"$fetch_log" 2>&1 </dev/null; then
    echo "setup.sh: pip could not install $2 (its log: $fetch_log): check the network, run again" >&2
    return 2
  fi
}
