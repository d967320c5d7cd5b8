"""A node's rules as `iptables-save -t nat` and `-t filter` list them (kube-proxy: iptables mode)."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256

from clusters.kinds.body import Body, Key
from clusters.kinds.node import CLUSTER_CIDR
from networking.proxy.choosing import ACCEPT, DROP, Endpoint, Place, choice, endpoints_of

Rules = Sequence[tuple[Key, Body]]
NAT_CHAINS = ("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING")
FILTER_CHAINS = ("INPUT", "FORWARD", "OUTPUT")
MARK, ALONE = "0x4000/0x4000", "255.255.255.255"
JUMPS = (
    '-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES',
    '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
    f"-A KUBE-MARK-MASQ -j MARK --set-xmark {MARK}",
    f"-A KUBE-POSTROUTING -m mark ! --mark {MARK} -j RETURN",
    f"-A KUBE-POSTROUTING -j MARK --set-xmark {MARK.split('/', maxsplit=1)[0]}/0x0",
    '-A KUBE-POSTROUTING -m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
)


def iptables_save(rules: Rules, place: Place, pods: str = CLUSTER_CIDR) -> str:
    """Both tables. `rules`: every Service's as this node has them; `pods`: the cluster's pod range."""
    return "\n".join([*_table("filter", FILTER_CHAINS, _filter(rules, place)),
                      *_table("nat", NAT_CHAINS, _nat(rules, place, pods))]) + "\n"  # fmt: skip


def _table(name: str, builtin: Sequence[str], lines: Iterable[str]) -> Iterator[str]:
    found = list(lines)
    named = [name for line in found for name in (line.split()[1], line.rsplit("-j ", 1)[1].split()[0])]
    chains = dict.fromkeys(name for name in named if name.startswith("KUBE-"))
    yield f"*{name}"
    yield from (f":{chain} ACCEPT [0:0]" for chain in builtin)
    yield from (f":{chain} - [0:0]" for chain in chains)
    yield from found
    yield "COMMIT"


def chain(prefix: str, *parts: str) -> str:
    """KUBE-SVC-XXXXXXXXXXXXXXXX: sixteen letters of what it is about."""
    return prefix + b32encode(sha256("".join(parts).encode()).digest()).decode()[:16]


# nat


def _nat(rules: Rules, place: Place, pods: str) -> Iterator[str]:
    yield from JUMPS
    for key, body in rules:
        for port in body["ports"]:
            yield from _service(key, body, port, place, pods)
    for key, body in rules:
        for port in body["ports"]:
            if port.get("node") and _leads(body, port, place):
                told = f'-m comment --comment "{_name(key, port)}" -m {_proto(port)} --dport {port["node"]}'
                yield f"-A KUBE-NODEPORTS -p {_proto(port)} {told} -j {_external(key, port)}"
    last = "kubernetes service nodeports; NOTE: this must be the last rule in this chain"
    yield f'-A KUBE-SERVICES -m comment --comment "{last}" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS'


def _service(key: Key, body: Body, port: Body, place: Place, pods: str) -> Iterator[str]:
    found = choice(body, port["name"], place, local=False)
    inner = choice(body, port["name"], place, local=body.get("inner") == "Local")
    name = _name(key, port)
    if found.verdict != ACCEPT:
        return
    if inner.verdict == ACCEPT:
        chain_ = _cluster(key, port) if body.get("inner") != "Local" else _local(key, port)
        yield from (_portal(ip, port, name, f"{name} cluster IP", chain_) for ip in body["ips"])
    for ip in body["outside"]:
        what = "loadbalancer IP" if ip in body.get("balanced", ()) else "external IP"
        yield _portal(ip, port, name, f"{name} {what}", _external(key, port))
    if body["outside"] or port.get("node"):
        yield from _outside(key, body, port, pods)
    if body.get("inner") != "Local" or body["outside"] or port.get("node"):
        for ip in body["ips"]:
            told = f'-m comment --comment "{name} cluster IP" -m {_proto(port)} --dport {port["port"]}'
            yield f"-A {_cluster(key, port)} ! -s {pods} -d {ip}/32 -p {_proto(port)} {told} -j KUBE-MARK-MASQ"
        yield from _spread(_cluster(key, port), key, port, body, found.endpoints)
    if "Local" in (body.get("inner"), body.get("outer")):
        yield from _spread(_local(key, port), key, port, body, choice(body, port["name"], place, local=True).endpoints)
    for endpoint in endpoints_of(body, port["name"]):
        yield from _endpoint(key, port, endpoint, body)


def _portal(ip: str, port: Body, name: str, comment: str, to: str) -> str:
    told = f'-m comment --comment "{comment}" -m {_proto(port)} --dport {port["port"]}'
    return f"-A KUBE-SERVICES -d {ip}/32 -p {_proto(port)} {told} -j {to}"


def _outside(key: Key, body: Body, port: Body, pods: str) -> Iterator[str]:
    """The chain for whoever comes by an outer address."""
    name, own = _name(key, port), _external(key, port)
    if body.get("outer") == "Local":
        told = f'-m comment --comment "pod traffic for {name} external destinations"'
        yield f"-A {own} -s {pods} {told} -j {_cluster(key, port)}"
        yield f"-A {own} -j {_local(key, port)}"
        return
    yield f'-A {own} -m comment --comment "masquerade traffic for {name} external destinations" -j KUBE-MARK-MASQ'
    yield f"-A {own} -j {_cluster(key, port)}"


def _spread(own: str, key: Key, port: Body, body: Body, endpoints: Sequence[Endpoint]) -> Iterator[str]:
    """One after the other, each with the chance that is left; sticky clients first."""
    name = _name(key, port)
    if body.get("sticky"):
        for endpoint in endpoints:
            end = _end(key, port, endpoint)
            recent = f"-m recent --rcheck --seconds {body['sticky']} --reap --name {end} --mask {ALONE} --rsource"
            yield f'-A {own} -m comment --comment "{name} -> {endpoint.name}" {recent} -j {end}'
    for index, endpoint in enumerate(endpoints):
        left = len(endpoints) - index
        luck = f" -m statistic --mode random --probability {1 / left:.11f}" if left > 1 else ""
        yield f'-A {own} -m comment --comment "{name} -> {endpoint.name}"{luck} -j {_end(key, port, endpoint)}'


def _endpoint(key: Key, port: Body, endpoint: Endpoint, body: Body) -> Iterator[str]:
    name, own = _name(key, port), _end(key, port, endpoint)
    yield f'-A {own} -s {endpoint.address}/32 -m comment --comment "{name}" -j KUBE-MARK-MASQ'
    recent = f" -m recent --set --name {own} --mask {ALONE} --rsource" if body.get("sticky") else ""
    to = f"-m {_proto(port)} -j DNAT --to-destination {endpoint.name}"
    yield f'-A {own} -p {_proto(port)} -m comment --comment "{name}"{recent} {to}'


# filter


def _filter(rules: Rules, place: Place) -> Iterator[str]:
    for hook in ("INPUT", "FORWARD", "OUTPUT"):
        yield f'-A {hook} -m conntrack --ctstate NEW -m comment --comment "kubernetes service portals" -j KUBE-SERVICES'
    for hook in ("INPUT", "FORWARD"):
        outer = "kubernetes externally-visible service portals"
        yield f'-A {hook} -m conntrack --ctstate NEW -m comment --comment "{outer}" -j KUBE-EXTERNAL-SERVICES'
    for key, body in rules:
        for port in body["ports"]:
            yield from _ended(key, body, port, place)


def _ended(key: Key, body: Body, port: Body, place: Place) -> Iterator[str]:
    """Where there is nobody: told at once, or dropped because others have somebody."""
    proto, name = _proto(port), _name(key, port)
    inner = choice(body, port["name"], place, local=body.get("inner") == "Local")
    outer = choice(body, port["name"], place, local=body.get("outer") == "Local")
    for found, addresses in ((inner, body["ips"]), (outer, body["outside"])):
        if found.verdict != ACCEPT:
            to = "DROP" if found.verdict == DROP else "REJECT --reject-with icmp-port-unreachable"
            for ip in addresses:
                told = f'-m comment --comment "{name} {found.why}" -m {proto} --dport {port["port"]}'
                yield f"-A KUBE-SERVICES -d {ip}/32 -p {proto} {told} -j {to}"
    if port.get("node") and outer.verdict != ACCEPT:
        to = "DROP" if outer.verdict == DROP else "REJECT --reject-with icmp-port-unreachable"
        local = f'-m comment --comment "{name} {outer.why}" -m addrtype --dst-type LOCAL'
        yield f"-A KUBE-EXTERNAL-SERVICES -p {proto} {local} -m {proto} --dport {port['node']} -j {to}"


# names


def _leads(body: Body, port: Body, place: Place) -> bool:
    return choice(body, port["name"], place, local=False).verdict == ACCEPT


def _name(key: Key, port: Body) -> str:
    return f"{key}:{port['name']}" if port["name"] else str(key)


def _proto(port: Body) -> str:
    return str(port["protocol"]).lower()


def _cluster(key: Key, port: Body) -> str:
    return chain("KUBE-SVC-", _name(key, port), _proto(port))


def _local(key: Key, port: Body) -> str:
    return chain("KUBE-SVL-", _name(key, port), _proto(port))


def _external(key: Key, port: Body) -> str:
    return chain("KUBE-EXT-", _name(key, port), _proto(port))


def _end(key: Key, port: Body, endpoint: Endpoint) -> str:
    return chain("KUBE-SEP-", _name(key, port), _proto(port), endpoint.name)
