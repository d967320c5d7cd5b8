"""Which host and path leads to which Service (Kubernetes: Ingress)."""

from __future__ import annotations

from clusters.kinds.age import framed
from clusters.kinds.body import Body, annotations_of, dig
from clusters.kinds.kind import Column, Kind
from clusters.kinds.status import is_new, keep_status
from networking.kinds.ingressproblems import CLASS, problems

SHOWN = 3  # hosts in a table
WIDTH = 16  # of its ADDRESS, without -o wide


def fill_in(ingress: Body) -> None:
    if is_new(ingress):
        ingress["status"] = {"loadBalancer": {}}


def class_of(ingress: Body) -> str:
    """By its field, or by the annotation that came before it; "": none."""
    return dig(ingress, "spec.ingressClassName") or annotations_of(ingress).get(CLASS) or ""


def hosts_of(ingress: Body) -> list[str]:
    """As the rules name them; `*` where none does."""
    return [rule["host"] for rule in dig(ingress, "spec.rules") or () if rule.get("host")] or ["*"]


def addresses_of(ingress: Body) -> list[str]:
    given = dig(ingress, "status.loadBalancer.ingress") or ()
    return [one.get("ip") or one.get("hostname") or "" for one in given]


def shown_hosts(ingress: Body, _: int) -> str:
    hosts = hosts_of(ingress)
    more = f" + {len(hosts) - SHOWN} more..." if len(hosts) > SHOWN else ""
    return ",".join(hosts[:SHOWN]) + more


def shown_address(ingress: Body, _: int) -> str:
    text = ",".join(addresses_of(ingress))
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 3]}..."


INGRESS = Kind(
    "networking.k8s.io/v1",
    "Ingress",
    "ingresses",
    short=("ing",),
    subresources=("status",),
    columns=framed(
        Column("Class", lambda body, _: class_of(body) or "<none>"),
        Column("Hosts", shown_hosts),
        Column("Address", shown_address),
        Column("Ports", lambda body, _: "80, 443" if dig(body, "spec.tls") else "80"),
    ),
    defaults=fill_in,
    protect=keep_status,
    validate=problems,
    generation=True,
    word=lambda body: ", ".join(addresses_of(body)) or "no address",
)
