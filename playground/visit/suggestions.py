"""What one could type into the little browser's address bar: Ingress hosts, load balancers, node ports."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clusters.kinds.body import Body, dig, key_of

if TYPE_CHECKING:  # an object's page leads here
    from playground.inspector.around import Around

NODE = "worker-1"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An address and what it is."""

    address: str
    about: str


def suggestions(around: Around) -> list[Suggestion]:
    """The same address once, in this order."""
    found: dict[str, Suggestion] = {}
    for ingress in around.list("ingresses"):
        for one in of_ingress(ingress):
            found.setdefault(one.address, one)
    for service in around.list("services"):
        for one in of_service(service, around):
            found.setdefault(one.address, one)
    return list(found.values())


def of_ingress(ingress: Body) -> Iterator[Suggestion]:
    """Every host and path of its rules; a wildcard with an example of a name."""
    about = f"Ingress {key_of(ingress)}"
    secure = {host for tls in dig(ingress, "spec.tls") or () for host in tls.get("hosts") or ()}
    given = dig(ingress, "status.loadBalancer.ingress") or ()
    address = next((one.get("ip") or one.get("hostname") for one in given), "")
    for rule in dig(ingress, "spec.rules") or ():
        host = (rule.get("host") or address or "").replace("*", "any")
        scheme = "https" if rule.get("host") in secure else "http"
        paths: list[Body] = dig(rule, "http.paths") or [{}]
        for path in paths if host else ():
            yield Suggestion(f"{scheme}://{host}{plain(path.get('path') or '/')}", about)


def plain(path: str) -> str:
    """The beginning of a path that is a regular expression."""
    for at, letter in enumerate(path):
        if letter in "()[]{}*+?|^$\\":
            return path[: path.rindex("/", 0, at) + 1] if "/" in path[:at] else "/"
    return path


def of_service(service: Body, around: Around) -> Iterator[Suggestion]:
    key = key_of(service)
    if dig(service, "spec.type") not in ("LoadBalancer", "NodePort"):
        return
    for port in dig(service, "spec.ports") or ():
        if port.get("protocol", "TCP") != "TCP":
            continue
        for one in dig(service, "status.loadBalancer.ingress") or ():
            yield Suggestion(url(one.get("ip", ""), port["port"]), f"load balancer of Service {key}")
        if port.get("nodePort"):
            yield Suggestion(url(a_node(around), port["nodePort"]), f"node port of Service {key}")


def url(host: str, port: int) -> str:
    if port == 443:
        return f"https://{host}/"
    return f"http://{host}/" if port == 80 else f"http://{host}:{port}/"


def a_node(around: Around) -> str:
    """Any will do; the first that is not the control plane's."""
    names = [str(node["metadata"]["name"]) for node in around.list("nodes")]
    return next((name for name in names if name != "control-plane"), names[0] if names else NODE)


def first_of(kind: str, body: Body, around: Around) -> str:
    """Where "Visit" leads from an object's page; "" where nothing of it is reached from outside."""
    found = of_ingress(body) if kind == "ingresses" else of_service(body, around) if kind == "services" else iter(())
    return next((one.address for one in found), "")
