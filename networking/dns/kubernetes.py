"""CoreDNS' plugin `kubernetes`: names of Services, endpoints and pods (Kubernetes: DNS specification 1.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from clusters.kernel import Record
from clusters.kinds.body import Body, Key, dig, key_of
from clusters.reconcile.view import View
from networking.dns.corefile import Directive
from networking.dns.names import dashed, inside, is_below, normal, reversed_address, undashed
from networking.index import Index
from networking.kinds.serviceproblems import HEADLESS

TTL = 5  # seconds, where the Corefile names none
VERSION = "1.1.0"
NXDOMAIN = "NXDOMAIN"


@dataclass(frozen=True, slots=True)
class Answer:
    """`rcode` "" is NOERROR; with no records then: the name is there, but has nothing of this type."""

    rcode: str = ""
    records: tuple[Record, ...] = ()


@dataclass(frozen=True, slots=True)
class Target:
    """One endpoint as DNS names it."""

    label: str
    address: str
    ports: Sequence[Body]


class Zone:
    """One `kubernetes` directive and the cluster that it looks at."""

    def __init__(self, directive: Directive, view: View) -> None:
        self.view = view
        self.zones = [normal(zone) for zone in directive.args] or [""]
        self.domain = next((zone for zone in self.zones if not zone.endswith(".arpa")), "cluster.local")
        self.pods = (directive.line("pods") or ("disabled",))[0]
        ttl = directive.line("ttl")
        self.ttl = int(ttl[0]) if ttl and ttl[0].isdecimal() else TTL
        self.by_pod_name = directive.line("endpoint_pod_names") is not None
        through = directive.line("fallthrough")
        self.through = None if through is None else [normal(zone) for zone in through] or [""]

    def serves(self, name: str) -> bool:
        return any(is_below(name, zone) for zone in self.zones)

    def falls_through(self, name: str) -> bool:
        return self.through is not None and any(is_below(name, zone) for zone in self.through)

    def answer(self, name: str, type_: str) -> Answer:
        """What the cluster knows of a name in one of the zones."""
        if name.endswith(".arpa"):
            return self._reverse(name, type_)
        labels = inside(name, self.domain)
        if labels == ["dns-version"]:
            return self._records(name, type_, "TXT", [VERSION])
        if labels and labels[-1] == "svc":
            return self._service(name, labels[:-1], type_)
        if labels and labels[-1] == "pod":
            return self._pod(name, labels[:-1], type_)
        return Answer(NXDOMAIN) if labels else Answer()

    def _records(self, name: str, asked: str, type_: str, values: Sequence[str]) -> Answer:
        return Answer(
            "", tuple(Record(f"{name}.", type_, self.ttl, value) for value in values) if asked == type_ else ()
        )

    # Services

    def _service(self, name: str, labels: list[str], type_: str) -> Answer:
        if len(labels) < 2:
            is_there = not labels or self._namespace(labels[-1])
            return Answer() if is_there else Answer(NXDOMAIN)
        key = Key(labels[-1], labels[-2])
        service = self.view.get("services", key)
        if service is None:
            return Answer(NXDOMAIN)
        rest = labels[:-2]
        if service["spec"]["type"] == "ExternalName":
            return self._external(name, service, type_) if not rest else Answer(NXDOMAIN)
        if len(rest) == 2 and rest[0].startswith("_") and rest[1].startswith("_"):
            return self._srv(name, service, type_, rest[0][1:], rest[1][1:])
        if len(rest) > 1:
            return Answer(NXDOMAIN)
        if rest:
            found = [one for one in self.targets(service) if one.label == rest[0]]
            return self._addresses(name, found, type_)
        if type_ == "SRV":
            return self._srv(name, service, type_, "", "")
        if service["spec"].get("clusterIP") == HEADLESS:
            return self._addresses(name, self.targets(service), type_)
        return self._records(name, type_, "A", [service["spec"]["clusterIP"]])

    def _addresses(self, name: str, found: Sequence[Target], type_: str) -> Answer:
        if not found:
            return Answer(NXDOMAIN)
        return self._records(name, type_, "A", list(dict.fromkeys(one.address for one in found)))

    def _external(self, name: str, service: Body, type_: str) -> Answer:
        to = service["spec"]["externalName"].rstrip(".") + "."
        own = Record(f"{name}.", "CNAME", self.ttl, to)
        if type_ == "CNAME" or not self.serves(normal(to)):
            return Answer("", (own,))
        if normal(to) == name:
            return Answer("", (own,))
        beyond = self.view.get("services", self._key_in(normal(to)))
        if beyond is not None and beyond["spec"]["type"] == "ExternalName":
            return Answer("", (own, Record(to, "CNAME", self.ttl, beyond["spec"]["externalName"].rstrip(".") + ".")))
        return Answer("", (own, *self.answer(normal(to), type_).records))

    def _key_in(self, name: str) -> Key:
        labels = inside(name, self.domain)
        return Key(labels[1], labels[0]) if len(labels) == 3 and labels[2] == "svc" else Key("", "")

    def _srv(self, name: str, service: Body, type_: str, port: str, protocol: str) -> Answer:
        made = list(self._located(service, port, protocol))
        if not made:
            return Answer(NXDOMAIN)
        share = 100 // len(made) or 1
        return self._records(name, type_, "SRV", [f"0 {share} {number} {host}." for number, host in made])

    def _located(self, service: Body, port: str, protocol: str) -> Iterator[tuple[int, str]]:
        """(port, host) for each SRV record: the Service itself, or each endpoint where it is headless."""
        key = key_of(service)
        own = f"{key.name}.{key.namespace}.svc.{self.domain}"
        if service["spec"].get("clusterIP") == HEADLESS:
            for target in self.targets(service):
                for one in target.ports:
                    if _is_meant(one, port, protocol):
                        yield one["port"], f"{target.label}.{own}"
            return
        for one in service["spec"].get("ports") or ():
            if _is_meant(one, port, protocol):
                yield one["port"], own

    def targets(self, service: Body) -> list[Target]:
        """The endpoints that are ready, or published although they are not."""
        found = []
        for slice_ in self.view.derived(Index).slices_of(key_of(service)):
            for endpoint in slice_.get("endpoints") or () if slice_["addressType"] == "IPv4" else ():
                if (endpoint.get("conditions") or {}).get("ready", True) is not False:
                    address = endpoint["addresses"][0]
                    found.append(Target(self.label(endpoint), address, slice_.get("ports") or ()))
        return found

    def label(self, endpoint: Body) -> str:
        """Its hostname, or its address with dashes."""
        name = dig(endpoint, "targetRef.name") if self.by_pod_name else None
        return str(endpoint.get("hostname") or name or dashed(endpoint["addresses"][0]))

    # pods and addresses

    def _pod(self, name: str, labels: list[str], type_: str) -> Answer:
        if self.pods == "disabled":
            return Answer(NXDOMAIN)
        if len(labels) < 2:
            return Answer() if not labels or self._namespace(labels[0]) else Answer(NXDOMAIN)
        address = undashed(labels[0]) if len(labels) == 2 else None
        if address is None or not self._namespace(labels[1]):
            return Answer(NXDOMAIN)
        if self.pods == "verified":
            there = self.view.list("pods", labels[1])
            if not any(dig(pod, "status.podIP") == address for pod in there):
                return Answer(NXDOMAIN)
        return self._records(name, type_, "A", [address])

    def _reverse(self, name: str, type_: str) -> Answer:
        address = reversed_address(name)
        service = self.view.derived(Index).service_at(address) if address else None
        if service is not None:
            key = key_of(service)
            return self._records(name, type_, "PTR", [f"{key.name}.{key.namespace}.svc.{self.domain}."])
        hosts = list(self._hosts(address)) if address else []
        return self._records(name, type_, "PTR", hosts) if hosts else Answer(NXDOMAIN)

    def _hosts(self, address: str) -> Iterator[str]:
        for slice_ in self.view.list("endpointslices"):
            service = dig(slice_, "metadata.labels", {}).get("kubernetes.io/service-name")
            for endpoint in slice_.get("endpoints") or () if service else ():
                if address in endpoint["addresses"]:
                    yield f"{self.label(endpoint)}.{service}.{key_of(slice_).namespace}.svc.{self.domain}."

    def _namespace(self, name: str) -> bool:
        return self.view.get("namespaces", Key("", name)) is not None


def _is_meant(port: Body, name: str, protocol: str) -> bool:
    if not name:
        return True
    return (port.get("name") or "").lower() == name and (port.get("protocol") or "TCP").lower() == protocol
