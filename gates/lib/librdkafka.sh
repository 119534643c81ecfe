# Other versions of librdkafka than the installed one; to be sourced. KS_LIBRDKAFKA names them,
# separated by spaces: versions, which come with pip, and paths of libraries. The ABI is stable, so that
# the executables work with any of them preloaded.

# shellcheck source=gates/lib/fetch.sh
source "$(dirname "${BASH_SOURCE[0]}")/fetch.sh"

# Sets KS_LIBRDKAFKA_CLIENTS, a word for each: librdkafka-VERSION=LIBRARY, of the version that it says
# itself.
librdkafka_prepare() {
  local spec library client words=()
  for spec in ${KS_LIBRDKAFKA:-}; do
    library=$(librdkafka_find "$spec") && client=$(librdkafka_client "$library") || return
    if [[ " ${words[*]}" == *" $client="* ]]; then
      echo "KS_LIBRDKAFKA: $client is given twice: $spec; leave one out" >&2
      return 2
    fi
    words+=("$client=$library")
  done
  export KS_LIBRDKAFKA_CLIENTS=${words[*]}
}

# The library of a client that librdkafka_prepare found.
librdkafka_library() { # CLIENT
  local word
  for word in ${KS_LIBRDKAFKA_CLIENTS:-}; do
    [[ $word != "$1="* ]] || echo "${word#*=}"
  done
}

librdkafka_find() { # VERSION|PATH
  if [[ $1 =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]; then
    librdkafka_fetch "$1"
  elif [[ -f $1 && -r $1 ]]; then
    realpath "$1"
  else
    echo "KS_LIBRDKAFKA: no library '$1': give a version like 2.11.0, or the path of a librdkafka.so.1" >&2
    return 2
  fi
}

# Only one that takes the place of the installed library is a librdkafka.
librdkafka_client() { # LIBRARY
  local said
  said=$(LD_PRELOAD=$1 "$KS_BIN/ks-admin" --version 2>/dev/null)
  if [[ $said =~ librdkafka\ ([^ ]+)\ of\ ([^$'\n']+) && ${BASH_REMATCH[2]} -ef $1 ]]; then
    echo "librdkafka-${BASH_REMATCH[1]}"
  else
    echo "KS_LIBRDKAFKA: no librdkafka of this machine's kind: $1; give another, or a version like 2.11.0" >&2
    return 2
  fi
}

# From the wheel of confluent-kafka of the same number, which carries the library and what it needs.
librdkafka_fetch() { # VERSION
  local dir=$fetch_cache/librdkafka-$1
  fetch_once "$dir" librdkafka_unpack "$1" "$dir" >&2 || return
  compgen -G "$dir/librdkafka*.so*" | head -n 1
}

# Nothing of the wheel is run, so it need not be for this Python.
librdkafka_unpack() { # VERSION FOLDER
  local aside=$2.partial machine platform of=()
  "$fetch_root/gates/lib/setup.sh" pip || return
  machine=$(uname -m)
  for platform in manylinux_2_28 manylinux_2_17 manylinux2014; do of+=(--platform "${platform}_$machine"); done
  rm -rf "$aside"
  mkdir -p "$aside" || return
  echo "setup.sh: fetching confluent-kafka==$1 with pip, for its librdkafka" >&2
  if ! {
    python3 -m venv "$aside/venv" &&
      "$aside/venv/bin/pip" download --no-deps --no-cache-dir --no-input --only-binary :all: \
        --python-version 3.11 "${of[@]}" --dest "$aside" "confluent-kafka==$1" &&
      python3 -m zipfile -e "$aside"/*.whl "$aside/wheel"
  } >>"$fetch_log" 2>&1 </dev/null; then
    echo "KS_LIBRDKAFKA: pip could not fetch confluent-kafka==$1 (its log: $fetch_log): check the number and the network" >&2
    return 2
  fi
  mv "$aside/wheel/confluent_kafka.libs" "$2" && rm -rf "$aside"
}
