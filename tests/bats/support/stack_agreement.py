#!/usr/bin/env python3
"""Do the stacks of compose/ have what the profiles say of them, and what the project wants of every stack?

usage: stack_agreement.py PROJECT-FOLDER
Prints a line for each disagreement, and ends with 1 where there is one.
"""

import json
import pathlib
import re
import sys
import urllib.parse

import yaml

ROOT = pathlib.Path(sys.argv[1])
FIRST_EPHEMERAL_PORT = 32768
found = []


def want(holds, complaint):
    if not holds:
        found.append(complaint)


def load(name):
    return yaml.safe_load((ROOT / name).read_text())


def images():
    lines = (ROOT / "compose/images.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def port_of(url):
    return urllib.parse.urlsplit(url if "//" in url else "//" + url).port


class Stack:
    """A compose file; `published` is where each port outside leads to: (service, port inside)."""

    def __init__(self, name):
        self.name = name
        self.services = load(name)["services"]
        self.published = {}
        for service, settings in self.services.items():
            for mapping in settings.get("ports", []):
                host, outside, inside = mapping.split(":")
                want(host == "127.0.0.1", f"{name}: {service}: {mapping} is published to everybody")
                want(int(outside) < FIRST_EPHEMERAL_PORT, f"{name}: {service}: {outside} is ephemeral")
                want(int(outside) not in self.published, f"{name}: {outside} is published twice")
                self.published[int(outside)] = (service, int(inside))

    def environment(self, service):
        return self.services[service].get("environment", {})

    def leads_to(self, url, service, what):
        target = self.published.get(port_of(url))
        want(target and (service is None or target[0] == service), f"{self.name}: {what} {url} is not published")

    def check_services(self):
        needed = {
            (on, kind["condition"])
            for settings in self.services.values()
            for on, kind in settings.get("depends_on", {}).items()
        }
        ends = {on for on, condition in needed if condition == "service_completed_successfully"}
        for on, condition in needed - {(on, "service_completed_successfully") for on in ends}:
            want(condition == "service_healthy", f"{self.name}: {on} is waited for as {condition}")
        for service, settings in self.services.items():
            want(service in ends or "healthcheck" in settings, f"{self.name}: {service} has no health check")
            variable = re.fullmatch(r"\$\{(\w+):\?.*\}", settings["image"])
            want(variable and variable[1] in images(), f"{self.name}: {service}'s image is not of images.env")


def check_images():
    used = "".join(file.read_text() for file in (ROOT / "compose").glob("*.yaml"))
    for variable, image in images().items():
        want("${" + variable + ":" in used, f"images.env: {variable} is not used")
        host = image.split("/")[0]
        want("." not in host and ":" not in host, f"images.env: {variable} names a registry")
        want(re.search(r":[^:/]*\d", image), f"images.env: {variable} has no version")


def check_driver(stack, name, driver, brokers):
    want(driver["kind"] == "compose", f"{name}: its driver is {driver['kind']}")
    want(driver["file"] == stack.name, f"{name}: driver.file is not {stack.name}")
    want((ROOT / driver["env_file"]).exists(), f"{name}: there is no {driver['env_file']}")
    want(driver["project"] == "ks-" + name, f"{name}: make up calls the project ks-{name}")
    services = driver["services"]
    want(len(services) == len(brokers), f"{name}: not an address for each service")
    for service, address in zip(services, brokers):
        want(service in stack.services, f"{name}: {stack.name} has no service {service}")
        stack.leads_to(address, service, f"{service}'s address")


def check_broker(stack, profile, service, number, through):
    environment = stack.environment(service)
    store = profile["store"]
    variable = profile["driver"]["id_variables"][number]
    want("${" + variable + ":-" in environment["KAFSCALE_BROKER_ID"], f"{service}: its id is not of {variable}")
    own = stack.services[service]["networks"]["default"]["ipv4_address"]
    want(environment["KAFSCALE_BROKER_HOST"] == own, f"{service}: advertises another host")
    want(environment["KAFSCALE_S3_ENDPOINT"] == through, f"{service}: reaches the store past Toxiproxy")
    for key in ("region", "access_key", "secret_key"):
        want(environment["KAFSCALE_S3_" + key.upper()] == store[key], f"{service}: another store.{key}")
    place = f"s3://{environment['KAFSCALE_S3_BUCKET']}/{environment['KAFSCALE_S3_NAMESPACE']}"
    want(place == store["url"], f"{service}: another store.url")
    acl = json.loads(environment["KAFSCALE_ACL_JSON"])
    denied = [principal["name"] for principal in acl["principals"] if "deny" in principal]
    want(denied == [profile["principals"]["denied"]["client.id"]], f"{service}: denies another principal")


def check_toxiproxy(stack, profile):
    proxies = {proxy["name"]: proxy for proxy in json.loads((ROOT / "compose/toxiproxy.json").read_text())}
    paths = profile["toxiproxy"]
    stack.leads_to(paths["api_url"], "toxiproxy", "toxiproxy.api_url")
    for name in paths["object_store"] + paths["clients"]:
        want(name in proxies, f"toxiproxy.json: no proxy {name}")
    for name, proxy in proxies.items():
        port = port_of(proxy["listen"])
        same = stack.published.get(port) == ("toxiproxy", port)
        want(same, f"toxiproxy.json: {name}'s port {port} is not the same outside")
        want(proxy["upstream"].split(":")[0] in stack.services, f"toxiproxy.json: {name} leads nowhere")
    store = proxies.get(paths["object_store"][0], {"listen": ":0"})
    clients = proxies.get(paths["clients"][0], {"listen": ":0"})
    front = port_of(profile["brokers"][0])
    want(port_of(clients["listen"]) == front, "toxiproxy.json: clients do not go through it")
    return f"http://toxiproxy:{port_of(store['listen'])}"


def check_advertised(where, environment, address):
    host, port = address.split(":")
    advertised = (environment["KAFSCALE_PROXY_ADVERTISED_HOST"], environment["KAFSCALE_PROXY_ADVERTISED_PORT"])
    want(advertised == (host, port), f"{where}: the proxy advertises {':'.join(advertised)}, not {address}")


def check_kafscale():
    stack = Stack("compose/kafscale.yaml")
    profile = load("profiles/local-docker.yaml")
    driver = profile["driver"]
    stack.check_services()
    stack.leads_to(profile["brokers"][0], "toxiproxy", "the one address")
    check_driver(stack, "local-docker", driver, driver["brokers"])
    through = check_toxiproxy(stack, profile)
    for number, service in enumerate(driver["services"]):
        if service in stack.services:
            check_broker(stack, profile, service, number, through)
    for url in [profile["metrics_url"], *profile["health_urls"]]:
        stack.leads_to(url, None, "page")
    stack.leads_to(profile["store"]["endpoint"], "minio", "store.endpoint")
    check_advertised(stack.name, stack.environment("proxy"), profile["brokers"][0])
    cluster = json.loads(stack.environment("cluster")["SNAPSHOT"])
    known = [broker["Host"] for broker in cluster["Brokers"]]
    brokers = [service for service in driver["services"] if service in stack.services]
    running = [stack.environment(service)["KAFSCALE_BROKER_HOST"] for service in brokers]
    want(known == running, f"{stack.name}: the cluster has the brokers {known}")


def check_kafka():
    stack = Stack("compose/kafka.yaml")
    text = (ROOT / "profiles/kafka-local.yaml").read_text()
    address = yaml.safe_load(text)["brokers"][0]
    stack.check_services()
    stack.leads_to(address, "kafka", "the address")
    advertised = stack.environment("kafka")["KAFKA_ADVERTISED_LISTENERS"]
    want(advertised == "PLAINTEXT://" + address, f"{stack.name}: Kafka advertises {advertised}")
    offered = yaml.safe_load(re.search(r"^# +(driver: .*compose.*)$", text, re.MULTILINE)[1])
    check_driver(stack, "kafka-local", offered["driver"], [address])


def manifests():
    kustomization = load("compose/k8s/kustomization.yaml")
    for name in kustomization["resources"]:
        for manifest in yaml.safe_load_all((ROOT / "compose/k8s" / name).read_text()):
            yield f"{manifest['kind'].lower()}/{manifest['metadata']['name']}", manifest
    files = {file.name for file in (ROOT / "compose/k8s").iterdir()} - {"kustomization.yaml"}
    want(files == set(kustomization["resources"]), "kustomization.yaml: not every file is a resource")


def pod_of(manifest):
    return manifest["spec"]["template"]["spec"]


def env_of(container):
    return {entry["name"]: entry.get("value") for entry in container.get("env", [])}


def check_pods(all_of):
    names = set(images().values())
    labels = [m["spec"]["template"]["metadata"]["labels"] for m in all_of.values() if "template" in m.get("spec", {})]
    for name, manifest in all_of.items():
        if manifest["kind"] == "Service":
            want(manifest["spec"]["selector"] in labels, f"{name}: selects no pods")
        if "template" not in manifest.get("spec", {}):
            continue
        pod = pod_of(manifest)
        for container in pod["containers"] + pod.get("initContainers", []):
            want(container["image"] in names, f"{name}: {container['image']} is not in images.env")
            lasts = container in pod["containers"] and manifest["kind"] != "Job"
            want(not lasts or "readinessProbe" in container, f"{name}: {container['name']} has no probe")


def check_k8s():
    profile = load("profiles/k8s-local.yaml")
    driver = profile["driver"]
    address = profile["brokers"][0]
    all_of = dict(manifests())
    namespace = load("compose/k8s/kustomization.yaml")["namespace"]
    check_pods(all_of)
    want(driver["namespace"] == namespace, f"k8s-local: the manifests' namespace is {namespace}")
    want("namespace/" + namespace in all_of, f"compose/k8s: there is no namespace {namespace}")
    workload = all_of.get(driver["workload"])
    want(workload, f"compose/k8s: there is no {driver['workload']}")
    if workload:
        name = driver["workload"].split("/")[1]
        hosts = [
            f"{name}-{number}.{workload['spec']['serviceName']}.{namespace}.svc.cluster.local"
            for number in range(workload["spec"]["replicas"])
        ]
        cluster = json.loads(env_of(pod_of(workload)["initContainers"][0])["SNAPSHOT"])
        known = [broker["Host"] for broker in cluster["Brokers"]]
        want(known == hosts, f"compose/k8s: the cluster has the brokers {known}")
    service = all_of["service/kafscale"]["spec"]
    proxy = all_of["deployment/kafscale-proxy"]
    want(service["ports"][0]["port"] == port_of(address), f"compose/k8s: the service's port is not that of {address}")
    want(service["selector"] == proxy["spec"]["selector"]["matchLabels"], "compose/k8s: the service is not the proxy's")
    check_advertised("compose/k8s", env_of(pod_of(proxy)["containers"][0]), address)


check_images()
check_kafscale()
check_kafka()
check_k8s()
print("\n".join(found), end="\n" if found else "")
sys.exit(1 if found else 0)
