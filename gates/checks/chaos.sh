#!/usr/bin/env bash
# D: faults chosen by chance, one after the other for a while: a broker is killed or paused, or a network
# path is cut. Errors may reach the application, of up to one operation in ten; nothing is lost.
source "$(dirname "${BASH_SOURCE[0]}")/../lib/check.sh"
source "$(dirname "${BASH_SOURCE[0]}")/../lib/traffic.sh"
begin chaos 'Random faults: 90 % of operations succeed, nothing is lost'
needs admin produce consume offsets restart fault verify
disturbs_brokers

kinds=(kill)
ks-restart status --expect 'pausable == 1' &>/dev/null && kinds+=(pause)
links=()
for path in clients brokers object-store; do
  has_path "$path" || continue
  disturbs_path "$path"
  links+=("${proxies[@]}")
  [[ $path != clients ]] || traffic_options=(-b "$through")
done
((${#links[@]} > 0)) || skip 'no network path can be cut from here, give the profile a Toxiproxy'
kinds+=(cut)
mapfile -t nodes < <(ks-restart status | cut -d ' ' -f 1)

# What follows depends on the seed alone. Sets `chosen`, because a subshell has other numbers.
RANDOM=$KS_SEED
choose() { # NAME…
  shift $((RANDOM % $#))
  chosen=$1
}

disturb() { # ROUND KIND SECONDS
  local round=$1 kind=$2 seconds=$3 node
  choose "${nodes[@]}"
  node=$chosen
  choose "${links[@]}"
  case $kind in
    kill)
      step "kill_$round" ks-restart kill "$node" --history "$history"
      sleep "$seconds"
      step "start_$round" ks-restart start "$node" --history "$history"
      ;;
    pause)
      step "pause_$round" ks-restart pause "$node" --history "$history"
      sleep "$seconds"
      step "continue_$round" ks-restart continue "$node" --history "$history"
      ;;
    cut) step "cut_$round" ks-fault down "$chosen" --for "${seconds}s" --history "$history" ;;
  esac
}

patient[1]=30s # an application's, not a test's
traffic_options+=(--limit 'error_rate <= 0.1')
longest_s=3 # of a fault
[[ ${GATE_TIME:-full} != full ]] || longest_s=10
traffic_begin
end=$((SECONDS + $(lasting chaos 40 300)))
# Each kind comes once, whatever the chance and however short the time.
for ((round = 1; SECONDS < end || round <= ${#kinds[@]}; round++)); do
  choose "${kinds[@]}"
  disturb "$round" "${kinds[round - 1]:-$chosen}" $((1 + RANDOM % longest_s))
  traffic_flows "calm_$round"
done
traffic_stop
traffic_judge --limit 'produce_success_rate_min >= 0.9' \
  --expect 'produce_recoveries_open == 0' --expect 'consume_recoveries_open == 0'
end
