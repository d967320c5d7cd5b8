"""The proxy subresource of pods and services: an HTTP request passed on, and a stranger's answer passed back."""

from __future__ import annotations

from dataclasses import replace

import orjson
import redis

from clusters.apiserver.answer import Answer
from clusters.apiserver.call import Call
from clusters.apiserver.streams.aim import pod_of
from clusters.apiserver.streams.asking import ask
from clusters.apiserver.streams.rewriting import SANDBOX, below, content_type, location, passing
from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body, Key, dig
from clusters.kinds.problem import Status
from clusters.store import read

# the request's own: who asks proves it to Podium, not to a pod
KEPT_BACK = ("authorization", "cookie", "host", "connection", "content-length", "transfer-encoding", "upgrade")
NOBODY = "no endpoints available for service {name}"


async def pass_on(call: Call, above: str = "") -> Answer:
    """What the pod, or one behind the Service, answers. `above`: what stands before our path. Raises Status."""
    scheme, name, port = parts_of(call.aim.name)
    place = Key(call.aim.namespace, name)
    call.target = type(call.aim)(call.aim.verb, call.aim.kind, place.namespace, name, "proxy")
    try:
        if call.aim.kind.plural == "services":
            pod, number, address = await _behind(call, place, port)
        else:
            found = await pod_of(call)
            pod, number, address = place, _port_of(found, port), str(dig(found, "status.podIP", ""))
        outcome = await ask(call.cluster, pod, replace(_request(call, number), tls=scheme == "https"))
    except redis.RedisError:
        raise Status(503, "ServiceUnavailable", "the cluster's engine cannot be reached") from None
    return _answer(call, outcome, f"{address}:{number}", above)


def parts_of(name: str) -> tuple[str, str, str]:
    """(scheme, name, port) of `[http:]name[:port]`, as the path says it."""
    words = name.split(":")
    if len(words) == 3:
        return words[0], words[1], words[2]
    return ("http", words[0], words[1]) if len(words) == 2 else ("http", name, "")


def _port_of(pod: Body, port: str) -> int:
    """By number or by a container port's name; the first container's first when it is left out."""
    declared = [one for container in pod["spec"]["containers"] for one in container.get("ports") or ()]
    if not port:
        return int(declared[0]["containerPort"]) if declared else 80
    for one in declared:
        if one.get("name") == port:
            return int(one["containerPort"])
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise Status.bad_request(f'invalid pod request: port "{port}" is neither a number nor one of its names')
    return int(port)


async def _behind(call: Call, place: Key, port: str) -> tuple[Key, int, str]:
    """A ready pod of the Service by its EndpointSlices, the port there, its address (apiserver: ResourceLocation)."""
    cluster = call.cluster.pk
    stored = await read.aget(cluster, "services", place)
    if stored is None:
        raise Status.not_found("services", place.name)
    wanted = _service_port(orjson.loads(stored.body), place.name, port)
    rows = (await read.alisting(cluster, "endpointslices", place.namespace)).rows
    slices = [orjson.loads(row.body) for row in rows]
    found = []
    for one in slices:
        if (dig(one, "metadata.labels") or {}).get("kubernetes.io/service-name") != place.name:
            continue
        numbers = [p["port"] for p in one.get("ports") or () if (p.get("name") or "") == wanted]
        for endpoint in one.get("endpoints") or ():
            target = endpoint.get("targetRef") or {}
            if numbers and dig(endpoint, "conditions.ready") is not False and target.get("kind") == "Pod":
                found.append((Key(place.namespace, target["name"]), int(numbers[0]), endpoint["addresses"][0]))
    if not found:
        raise Status(503, "ServiceUnavailable", NOBODY.format(name=f'"{place.name}"'))
    _turns[place.name] = _turns.get(place.name, 0) + 1
    return found[_turns[place.name] % len(found)]


_turns: dict[str, int] = {}


def _service_port(service: Body, name: str, port: str) -> str:
    """The name of the Service's port that is meant."""
    ports = dig(service, "spec.ports") or ()
    for one in ports:
        if port in (one.get("name"), str(one["port"])) or (not port and len(ports) == 1):
            return str(one.get("name") or "")
    raise Status(503, "ServiceUnavailable", f'no service port "{port}" found for service "{name}"')


def _request(call: Call, port: int) -> Request:
    _, _, rest = call.path.partition("/proxy")
    path = (rest or "/") + (f"?{call.raw_query}" if call.raw_query else "")
    headers = [(name.title(), value) for name, value in call.headers.items() if name not in KEPT_BACK]
    host = call.headers.get("host", "")
    sent = (("Host", host), *headers, *((("Content-Length", str(len(call.body))),) if call.body else ()))
    return Request("http", port, call.method, path, sent, call.body, host)


def _answer(call: Call, outcome: Outcome, where: str, above: str) -> Answer:
    if not outcome.ok:
        why = f"dial tcp {where}: connect: {outcome.reason}"
        if outcome.reason == "wrong version number":
            why = "tls: first record does not look like a TLS handshake"
        message = f"error trying to reach service: {why}"
        raise Status(503, "ServiceUnavailable", message)
    kind = content_type(outcome.headers)
    whole = above + call.path.partition("/proxy")[0] + "/proxy"
    headers = tuple(
        (name, location(value, whole) if name.lower() == "location" else value)
        for name, value in passing(outcome.headers)
    )
    return Answer(outcome.status, below(outcome.body, kind, whole), kind, (*headers, *SANDBOX))
