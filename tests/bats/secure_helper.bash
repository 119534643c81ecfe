# A Kafka with a listener of each security protocol, for tests that need TLS or SASL; loaded after
# helper. Its one user is alice; an authorizer, or more users, are further lines for secure_up.

# shellcheck disable=SC2034 # for the tests
secure_user=alice secure_password=wonder-1and

# A certificate authority, and a broker's key and certificate that it signed, for 127.0.0.1 alone.
make_certificates() { # DIR
  local new=(openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
  mkdir -p "$1"
  "${new[@]}" -x509 -days 2 -subj /CN=authority -keyout "$1/ca.key" -out "$1/ca.pem"
  "${new[@]}" -subj /CN=broker -keyout "$1/broker.key" -out "$1/broker.csr"
  openssl x509 -req -days 2 -in "$1/broker.csr" -CA "$1/ca.pem" -CAkey "$1/ca.key" -CAcreateserial \
    -extfile <(echo subjectAltName=IP:127.0.0.1) -out "$1/broker.crt"
  cat "$1/broker.key" "$1/broker.crt" >"$1/broker.pem"
} 2>/dev/null

# Starts it, with SETTING lines of server.properties besides; stop it with embedded.sh down DIR.
# Its certificates are in DIR.certificates, a listener's address in DIR/broker-1/address.PROTOCOL.
secure_up() { # DIR [SETTING...]
  local login='org.apache.kafka.common.security.plain.PlainLoginModule required'
  make_certificates "$1.certificates"
  cat >"$1.settings" <<EOF
ssl.keystore.type=PEM
ssl.keystore.location=$1.certificates/broker.pem
sasl.enabled.mechanisms=PLAIN
listener.name.sasl_ssl.plain.sasl.jaas.config=$login user_$secure_user="$secure_password";
listener.name.sasl_plaintext.plain.sasl.jaas.config=$login user_$secure_user="$secure_password";
EOF
  printf '%s\n' "${@:2}" >>"$1.settings"
  KS_KAFKA_LISTENERS='SSL SASL_SSL SASL_PLAINTEXT' KS_KAFKA_SETTINGS=$1.settings \
    "$project_root/gates/lib/embedded.sh" up "$1"
}
