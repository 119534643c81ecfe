#!/usr/bin/env bats
# The stacks of compose/ are what the profiles say of them, and Compose and kubectl understand them.
load helper

setup() {
  project=$BATS_TEST_TMPDIR/project
  mkdir "$project"
  cp -r "$project_root"/{compose,profiles} "$project/"
  find_python yaml
}

agreement() {
  run "$python" "$BATS_TEST_DIRNAME/support/stack_agreement.py" "$project"
}

# One change in a file of the copy, and what is said of it.
changed() { # FILE SED-SCRIPT COMPLAINT
  cp "$project/$1" "$BATS_TEST_TMPDIR/before"
  sed -i "$2" "$project/$1"
  run cmp -s "$project/$1" "$BATS_TEST_TMPDIR/before"
  assert_failure 1
  agreement
  assert_failure 1
  assert_line --partial "$3"
  cp "$BATS_TEST_TMPDIR/before" "$project/$1"
}

# Compose as make up would choose it; it needs no engine for this.
compose() { # ARGUMENT...
  if docker compose version >/dev/null 2>&1; then
    docker compose "$@"
  else
    docker-compose "$@"
  fi
}

@test "profiles, stacks and manifests agree" {
  agreement
  assert_success
  assert_output ''
}

@test "a port that is not the profile's is noticed" {
  local stack=compose/kafscale.yaml
  changed $stack 's/127.0.0.1:9092:9092/127.0.0.1:9095:9092/' 'the one address 127.0.0.1:9092 is not published'
  changed $stack 's/127.0.0.1:19192:/127.0.0.1:19193:/' '19193 is published twice'
  changed $stack 's/127.0.0.1:19292:/127.0.0.1:39292:/' '39292 is ephemeral'
  changed $stack 's/127.0.0.1:19092:/0.0.0.0:19092:/' 'is published to everybody'
  changed $stack 's/127.0.0.1:9000:/127.0.0.1:9001:/' 'store.endpoint http://127.0.0.1:9000 is not published'
  changed $stack 's/127.0.0.1:9100:9100/127.0.0.1:9100:9101/' "object-store's port 9100 is not the same outside"
  changed $stack 's/ADVERTISED_PORT: "9092"/ADVERTISED_PORT: "9093"/' 'the proxy advertises 127.0.0.1:9093'
  changed profiles/local-docker.yaml 's/:19093\/metrics/:19095\/metrics/' 'page http://127.0.0.1:19095/metrics'
  changed profiles/local-docker.yaml 's/:8474/:8475/' 'toxiproxy.api_url http://127.0.0.1:8475'
  changed compose/kafka.yaml 's/127.0.0.1:9092:/127.0.0.1:9095:/' 'the address 127.0.0.1:9092 is not published'
  changed compose/kafka.yaml 's/PLAINTEXT:..127.0.0.1:9092/PLAINTEXT:\/\/kafka:9092/' 'Kafka advertises'
  changed compose/k8s/proxy.yaml 's/port: 39092/port: 9092/' "the service's port is not that of 127.0.0.1:39092"
  changed compose/k8s/proxy.yaml 's/"39092"/"9092"/' 'the proxy advertises 127.0.0.1:9092'
}

@test "a name that is not the profile's is noticed" {
  local profile=profiles/local-docker.yaml
  changed compose/kafscale.yaml 's/broker-3/broker-4/' 'has no service broker-3'
  changed $profile 's/\[broker-1, broker-2/[broker-2, broker-1/' "broker-2's address 127.0.0.1:19092 is not published"
  changed $profile 's/project: .*/project: other/' 'make up calls the project ks-local-docker'
  changed $profile 's/_ID_3/_ID_4/' 'broker-3: its id is not of KAFSCALE_BROKER_ID_4'
  changed $profile 's/object_store: \[.*\], c/object_store: [store], c/' 'no proxy store'
  changed $profile 's/s3:.*/s3:\/\/other\/default/' 'broker-1: another store.url'
  changed $profile 's/ks-denied/others/' 'denies another principal'
  changed profiles/kafka-local.yaml 's/services: .*]/services: [broker]/' 'has no service broker'
  changed profiles/k8s-local.yaml 's/statefulset.*broker/statefulset\/broker/' 'there is no statefulset/broker'
  changed profiles/k8s-local.yaml 's/namespace: .*,/namespace: other,/' "the manifests' namespace is kafscale"
  changed compose/k8s/broker.yaml 's/replicas: 3/replicas: 2/' 'the cluster has the brokers'
}

@test "a broker that reaches the store past Toxiproxy, and one that nobody knows, are noticed" {
  changed compose/kafscale.yaml 's/toxiproxy:9100/minio:9000/' 'reaches the store past Toxiproxy'
  changed compose/kafscale.yaml '/"Host"/s/202"/209"/' 'the cluster has the brokers'
  changed compose/kafscale.yaml '/ipv4_address/s/202"/209"/' 'broker-2: advertises another host'
  changed compose/toxiproxy.json 's/minio:9000/store:9000/' 'object-store leads nowhere'
}

@test "an image that images.env does not have, a registry, a missing version and a missing check are noticed" {
  changed compose/kafscale.yaml 's/\${PROXY_IMAGE:?.*}/some\/proxy:1/' "proxy's image is not of images.env"
  changed compose/images.env 's/^MINIO_IMAGE=/&registry.example\//' 'MINIO_IMAGE names a registry'
  changed compose/images.env 's/^\(KAFKA_IMAGE=.*\):.*/\1:latest/' 'KAFKA_IMAGE has no version'
  changed compose/images.env '$aOTHER_IMAGE=a/b:1' 'OTHER_IMAGE is not used'
  changed compose/k8s/etcd.yaml 's/etcd:v3/etcd:v4/' 'deployment/etcd: coreos/etcd:v4.5.12 is not in images.env'
  changed compose/k8s/proxy.yaml 's/readinessProbe/livenessProbe/' 'deployment/kafscale-proxy: proxy has no probe'
  changed compose/kafscale.yaml '0,/    healthcheck:/s//    x-check:/' 'etcd has no health check'
  changed compose/kafscale.yaml 's/broker-1: {condition: service_healthy}/broker-1: {condition: service_started}/' \
    'broker-1 is waited for as service_started'
}

@test "Compose understands every stack, and needs the images' names" {
  compose version >/dev/null 2>&1 || skip 'neither docker compose nor docker-compose is here'
  local stack
  for stack in kafscale kafka; do
    run compose -f "$project/compose/$stack.yaml" -p test --env-file "$project/compose/images.env" config -q
    assert_success
    run env -u ETCD_IMAGE -u KAFKA_IMAGE bash -c "$(declare -f compose); cd '$BATS_TEST_TMPDIR'
      compose -f '$project/compose/$stack.yaml' -p test config -q"
    assert_failure
    assert_output --partial 'give --env-file compose/images.env'
  done
}

@test "kubectl understands the kustomization" {
  type -P kubectl >/dev/null || skip 'there is no kubectl here'
  run kubectl kustomize "$project/compose/k8s"
  assert_success
  assert_equal "$(grep -c '^  namespace: kafscale$' <<<"$output")" "$(grep -c '^kind: [^N]' <<<"$output")"
}
