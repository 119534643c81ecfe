# An embedded Kafka that knows two users, of whom one may do everything and the other nothing; to be
# sourced. They are the principals of profiles/embedded.yaml, known at the listener SASL_PLAINTEXT. Who
# comes to another listener is a super user: the brokers themselves, and whatever asks as nobody.
#
#   principals_up DIR NODES [LISTENER…]   as embedded_up, with these listeners besides; exports
#                                         KS_PRINCIPAL_BROKERS
#   principals_allow DIR 'USER RESOURCE OPERATION'…   further permissions, in Kafka's numbers

# shellcheck source=gates/lib/embedded.sh
source "$(dirname "${BASH_SOURCE[0]}")/embedded.sh"

# Kafka's ResourceType and AclOperation.
principals_topic=2 principals_group=3
principals_all=2 principals_describe=8

principals_up() { # DIR NODES [LISTENER…]
  local settings=$1.settings status=0
  mkdir -p "${1%/*}" && principals_settings >"$settings" || return
  KS_KAFKA_LISTENERS="SASL_PLAINTEXT ${*:3}" KS_KAFKA_SETTINGS=$settings embedded_up "$1" "$2" >/dev/null ||
    status=$?
  rm "$settings" # each node has a copy
  ((status == 0)) && principals_grant "$1" || return
  KS_PRINCIPAL_BROKERS=$(paste -d , "$1"/broker-*/address.SASL_PLAINTEXT)
  export KS_PRINCIPAL_BROKERS
}

# The passwords are as they stand in the profile: only this machine reaches the broker, and only for a run.
principals_settings() {
  local users
  users=$(sed -n 's/.*sasl.username: \([^,]*\), sasl.password: \([^}]*\)}.*/ user_\1="\2"/p' \
    "$kafka_root/profiles/embedded.yaml" | tr -d '\n')
  cat <<EOF
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_plaintext.plain.sasl.jaas.config=\
org.apache.kafka.common.security.plain.PlainLoginModule required$users;
EOF
}

# The denied one sees topics and groups: otherwise clients would not get as far as Produce and Fetch, and
# nothing would be known of those.
principals_grant() { # DIR
  principals_allow "$1" \
    "ks-allowed $principals_topic $principals_all" "ks-allowed $principals_group $principals_all" \
    "ks-denied $principals_topic $principals_describe" "ks-denied $principals_group $principals_describe"
}

principals_allow() { # DIR 'USER RESOURCE OPERATION'…
  local node each rule bindings=()
  for each in "${@:2}"; do
    read -ra rule <<<"$each"
    bindings+=("$(principals_binding '' "${rule[@]}")")
  done
  principals_call "$1/broker-1" CreateAcls "{\"creations\": [$(
    IFS=,
    echo "${bindings[*]}"
  )]}" >/dev/null || return
  for node in "$1"/broker-*; do
    for each in "${@:2}"; do
      read -ra rule <<<"$each"
      principals_await "$node" "${rule[@]}" || return
    done
  done
}

# CreateAcls is answered when the controller knows them; a broker goes by them a moment later.
principals_await() { # NODE-FOLDER USER RESOURCE OPERATION
  local end=$((SECONDS + 30))
  until principals_call "$1" DescribeAcls "$(principals_binding _filter "${@:2}")" | grep -q '"principal"'; do
    if ((SECONDS >= end)); then
      echo "principals.sh: ${1##*/} does not learn what $2 may do; see $1/log" >&2
      return 2
    fi
  done
}

# A permission (3) for names that begin with ks-, by prefix (4); or a filter that finds it alone.
principals_binding() { # SUFFIX USER RESOURCE OPERATION
  local pattern=resource_pattern_type
  [[ -z $1 ]] || pattern=pattern_type_filter
  echo "{\"resource_type$1\": $3, \"resource_name$1\": \"ks-\", \"$pattern\": 4,
    \"principal$1\": \"User:$2\", \"host$1\": \"*\", \"operation\": $4, \"permission_type\": 3}"
}

principals_call() { # NODE-FOLDER API FIELDS
  "$embedded_bin/ks-probe" call "$2" --profile embedded -b "$(<"$1/address")" --fields "$3" --quiet \
    --expect 'error_code == 0'
}
