#!/usr/bin/env bash
# S2: thousands of connections at once, each with ApiVersions, Metadata, a Produce and a Fetch.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
begin connection_storm '1,000 connections and more' none
needs probe

# As many as are asked for, and as the limit on open files leaves room for.
connections=${KS_CONNECTIONS:-10000}
room=$(ulimit -Hn)
[[ $room == unlimited ]] || ((room - 100 >= connections)) || connections=$((room - 100))
((connections >= 1000)) ||
  skip "room for $connections connections only: raise ulimit -Hn ($room), or KS_CONNECTIONS; 1,000 are the least"

watch_metrics
step storm ks-probe storm --connections "$connections" --timeout 120s
end
