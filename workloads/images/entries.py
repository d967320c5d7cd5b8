"""The catalogue's YAML files, read once into records."""

from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import yaml

from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from workloads.images.image import Image, Listen, Need, Serves, Stop

HERE = Path(__file__).parent
BANDWIDTH = 50 * 1024 * 1024  # bytes a second between registry and node
VERSIONED = ("v0", "v1")
UNPACK = 200 * MILLISECOND  # resolving, manifests and unpacking, whatever the size
SIZES = {"Ki": 1024, "Mi": 1024**2, "Gi": 1024**3}
DURATIONS = {"us": 1, "ms": MILLISECOND, "s": SECOND}

FAMILIES = (
    "agnhost", "alpine", "bash", "benchmark", "busybox", "caddy", "cassandra", "controlplane", "coredns", "curl",
    "dnsutils", "echo-servers", "echoserver", "elasticsearch", "fluent-bit", "fluentd", "golang", "google-samples",
    "grafana", "hello-app", "hello-world", "hpa-example", "http-echo", "httpd", "ingress-controllers", "java",
    "jenkins", "kafka", "kube-proxy", "kubectl", "kubernetes-dashboard", "linux", "mariadb", "memcached",
    "metrics-server", "mongo", "mysql", "netshoot", "nginx", "nginx-slim", "nginx-unprivileged", "node",
    "node-exporter", "pause", "perl", "php", "postgres", "prometheus", "python", "rabbitmq", "redhat", "redis",
    "registry", "ruby", "shop", "stress", "stress-ng", "tomcat", "update-demo", "valkey", "web-server", "whoami",
    "wordpress", "zookeeper",
)  # fmt: skip


class Tags(Mapping[str, Image]):
    """The images of one repository, each made when it is asked for: of the thousands a cluster has a few."""

    def __init__(self, repository: str) -> None:
        self._repository = repository
        self._entries: dict[str, tuple[Mapping[str, Any], str]] = {}
        self._made: dict[str, Image] = {}

    def add(self, entry: Mapping[str, Any]) -> None:
        self._entries.setdefault("", (entry, entry["tags"][0]))
        self._entries.update({tag: (entry, tag) for tag in entry["tags"]})

    def __getitem__(self, tag: str) -> Image:
        if tag not in self._made:
            entry, own = self._entries[tag]
            self._made[tag] = _image(entry, self._repository, own)
        return self._made[tag]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


@cache
def catalogue() -> Mapping[str, Mapping[str, Image]]:
    """repository -> tag -> image; the tag "" is the family's first, which a digest stands for."""
    found: dict[str, Tags] = {}
    for family in FAMILIES:
        for entry in yaml.load((HERE / "catalogue" / f"{family}.yaml").read_bytes(), yaml.CSafeLoader):
            for repository in (entry["image"], *entry.get("also", ())):
                found.setdefault(repository, Tags(repository)).add(entry)
    return found


def _image(entry: Mapping[str, Any], repository: str, tag: str) -> Image:
    name = f"{repository}:{tag}"
    size = _size(entry["pull"]["size"])
    return Image(
        name=name,
        repository=repository,
        tag=tag,
        digest="sha256:" + sha256(f"{entry['image']}:{tag}".encode()).hexdigest(),
        version=tag.partition("-")[0] if tag[:1].isdigit() or tag[:2] in VERSIONED else entry["version"],
        size=size,
        pull=size * SECOND // BANDWIDTH + UNPACK if size else 0,
        start=_duration(entry["start"]["takes"]),
        logs=tuple(entry["start"]["logs"]),
        entrypoint=tuple(entry["entrypoint"]),
        cmd=tuple(entry["cmd"]),
        env=entry["env"],
        workdir=entry["workdir"],
        base=entry["base"],
        programs=entry["programs"],
        files=entry["files"],
        listens=tuple(Listen(one["port"], one["behaviour"]) for one in entry["listens"]),
        cpu=int(entry["uses"]["cpu"].removesuffix("m")),
        memory=_size(entry["uses"]["memory"]),
        serves=_serves(entry["serves"]),
        stop=_stop(entry["stop"]),
        needs=tuple(Need(one["path"], one["says"]) for one in entry.get("needs", ())),
        user=str(entry.get("user", "")),
    )


def _serves(serves: Mapping[str, Any]) -> Serves:
    return Serves(_duration(serves["takes"]), serves["at_once"], _duration(serves["cpu"]))


def _stop(stop: Mapping[str, Any]) -> Stop:
    return Stop(tuple(stop["signals"]), _duration(stop["takes"]), stop["code"], tuple(stop["logs"]))


def _size(text: str) -> int:
    return int(text[:-2]) * SIZES[text[-2:]] if text[-2:] in SIZES else int(text)


def _duration(text: str) -> Time:
    unit = text[-2:] if text[-2:] in DURATIONS else "s"
    return int(text.removesuffix(unit)) * DURATIONS[unit]
