#!/usr/bin/env bats
# The Toxiproxy of a run comes up, goes away, and does not outlive who asked for it.
load helper

setup() {
  toxiproxy_sh=$project_root/gates/lib/toxiproxy.sh
  dir=$BATS_TEST_TMPDIR/toxiproxy
}

teardown() {
  "$toxiproxy_sh" down "$dir"
}

up() { # NAME=UPSTREAM...
  run_split "$toxiproxy_sh" up "$dir" "$@" 3>&-
}

@test "up prints the API of a Toxiproxy with its proxies; down leaves nothing" {
  up one=127.0.0.1:1 two=127.0.0.1:2
  assert_success
  assert_output --regexp '^http://127\.0\.0\.1:[23][0-9]{4}$'
  run curl -sf "$output/proxies"
  assert_equal "$(jq -r '.one | "\(.listen) \(.upstream)"' <<<"$output")" "$(<"$dir/one.address") 127.0.0.1:1"
  assert_equal "$(jq -r '.two | "\(.listen) \(.upstream)"' <<<"$output")" "$(<"$dir/two.address") 127.0.0.1:2"
  local pid
  pid=$(cut -d ' ' -f 1 "$dir/pid")
  "$toxiproxy_sh" down "$dir"
  within 5 is_gone "$pid"
  [[ ! -e $dir ]]
  "$toxiproxy_sh" down "$dir"
}

@test "it does not outlive its owner, even one that was killed" {
  sleep 60 3>&- &
  local owner=$!
  KS_OWNER_PID=$owner up one=127.0.0.1:1
  assert_success
  local pid
  pid=$(cut -d ' ' -f 1 "$dir/pid")
  kill -KILL "$owner"
  within 5 is_gone "$pid"
  within 5 test ! -e "$dir"
}

@test "an owner that does not run, and what is no proxy, are refused" {
  KS_OWNER_PID=4194304 up one=127.0.0.1:1
  assert_equal "$status" 2
  assert_one_line_error 'KS_OWNER_PID=4194304, does not run'
  up 127.0.0.1:1
  assert_equal "$status" 2
  assert_one_line_error "not a proxy '127.0.0.1:1'"
}

@test "bad usage is status 2" {
  run_split "$toxiproxy_sh" up
  assert_equal "$status" 2
  assert_one_line_error 'usage: toxiproxy.sh'
}
