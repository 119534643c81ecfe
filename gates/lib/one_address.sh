# Sourced by the checks of KafScale's one address: what Metadata and FindCoordinator name, asked on new
# connections each time.
#
#   one_address STEP OPTION…    once; the options are those of ks-probe addresses
#   one_address_watch STEP      in the background, until it is stopped

one_address_only=(--expect 'addresses == 1' --expect 'addresses_elsewhere == 0')

one_address() { # STEP OPTION…
  step "$1" ks-probe addresses "${@:2}" "${one_address_only[@]}"
}

one_address_watch() { # STEP
  start "$1" ks-probe addresses --until-stopped "${one_address_only[@]}"
}
