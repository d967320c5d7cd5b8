"""How a probe looks at a running container: httpGet, tcpSocket, grpc, exec (Kubernetes: Configure probes)."""

from __future__ import annotations

from dataclasses import replace

from clusters.kernel import Outcome, Request
from clusters.kinds.body import Body
from clusters.kinds.number import whole_number
from clusters.kinds.schema import MINOR
from clusters.reconcile.clock import SECOND, Time
from workloads.kubelet import ailing
from workloads.kubelet.probes import Answer
from workloads.kubelet.work import Work
from workloads.runtime import container as runtime
from workloads.runtime.serving import NO_TLS

AGENT = f"kube-probe/{MINOR}"
REFUSED = Outcome(ok=False, reason="connection refused")
OUTPUT = 10 * 1024  # maxProbeMessageLength


def ask(work: Work, spec: Body, run: Body, probe: Body) -> Answer:
    """The answer to a probe by network, at this moment."""
    port = port_of(spec, _port(probe))
    if port is None:
        return Answer(False, f'strconv.Atoi: parsing "{_port(probe)}": invalid syntax', errored=True)
    outcome = send(work, run, request(work, probe, port), _host(probe))
    late = outcome.takes > (probe.get("timeoutSeconds") or 1) * SECOND or outcome.reason == "timeout"
    if "httpGet" in probe:
        return _http(work, probe["httpGet"], port, outcome, late)
    if "grpc" in probe:
        return _grpc(work, probe, port, outcome, late)
    return Answer(True) if outcome.ok else Answer(False, _dial(_host(probe) or work.box["ip"], port, outcome))


def steady_until(work: Work, spec: Body, run: Body, probe: Body) -> Time | None:
    """Until when the answer stays the same if nobody touches the container; None: for ever."""
    port = port_of(spec, _port(probe))
    if port is None:
        return None
    if _host(probe) not in ("", work.box["ip"]):
        return work.now
    return runtime.steady_until(listener(work, run, port), request(work, probe, port), work.now)


def send(work: Work, run: Body, wanted: Request, host: str) -> Outcome:
    """From the kubelet to the pod, or wherever else the probe points: its localhost is the node's, not the pod's."""
    if host in ("", work.box["ip"]) or (is_loopback(host) and work.box.get("host")):
        listens = listener(work, run, wanted.port)
        if is_silent(work, listens, wanted):
            return Outcome(ok=False, reason="timeout")
        outcome = runtime.answer(listens, wanted, work.now)
        return replace(outcome, takes=outcome.takes + ailing.late(work.view, work.pod)) if outcome.ok else outcome
    if is_loopback(host):
        return REFUSED
    return work.view.kernel.network.send(work.view, None, host, wanted)


def is_silent(work: Work, run: Body, wanted: Request) -> bool:
    """Its process hangs; the kernel still accepts connections."""
    names = [name for name, container in work.box["containers"].items() if container.get("run") is run]
    return wanted.protocol != "tcp" and any(
        ailing.hangs(work.view, work.pod, name, work.container(name)) for name in names
    )


def listener(work: Work, run: Body, port: int) -> Body:
    """The run of the container that listens: a pod's containers share its address."""
    if port not in runtime.listening(run):
        for container in work.box["containers"].values():
            other: Body | None = container.get("run")
            if other is not None and port in runtime.listening(other):
                return other
    return run


def is_loopback(host: str) -> bool:
    return host == "localhost" or host.startswith("127.")


def request(work: Work, probe: Body, port: int) -> Request:
    """What the probe sends."""
    if "grpc" in probe:
        return Request("grpc", port, service=probe["grpc"].get("service") or "")
    if "httpGet" not in probe:
        return Request("tcp", port)
    action = probe["httpGet"]
    headers = [(header["name"], header["value"]) for header in action.get("httpHeaders") or ()]
    sent = (("User-Agent", AGENT), ("Accept", "*/*"), *headers)
    return Request("http", port, "GET", _path(action), sent, host=action.get("host") or work.box["ip"],
                   tls=action.get("scheme") == "HTTPS")  # fmt: skip


def command(probe: Body) -> list[str]:
    """What an exec handler runs."""
    return list(probe["exec"].get("command") or ())


def finished(run: Body, pid: int) -> Answer | None:
    """What came of a command; None while it runs."""
    found = runtime.execution(run, pid)
    if found is not None and found.error:
        return Answer(
            False, f"rpc error: code = Unknown desc = failed to exec in container: {found.error}", errored=True
        )
    return Answer(found.code == 0, found.output[:OUTPUT].rstrip("\n")) if found else None


def timed_out(probe: Body) -> Answer:
    """An exec probe's command that took too long."""
    return Answer(
        False, f'command timed out: "{" ".join(command(probe))}" timed out after {probe.get("timeoutSeconds") or 1}s'
    )


def port_of(spec: Body, port: int | str) -> int | None:
    """A port by number or by the name that the container gives it."""
    if isinstance(port, int):
        return port
    for declared in spec.get("ports") or ():
        if declared.get("name") == port:
            return int(declared["containerPort"])
    return whole_number(port)


def _port(probe: Body) -> int | str:
    for handler in ("httpGet", "tcpSocket", "grpc"):
        if handler in probe:
            found: int | str = probe[handler]["port"]
            return found
    return 0


def _host(probe: Body) -> str:
    for handler in ("httpGet", "tcpSocket"):
        if handler in probe:
            return str(probe[handler].get("host") or "")
    return ""


def _path(action: Body) -> str:
    path: str = action.get("path") or "/"
    return path if path.startswith("/") else f"/{path}"


def _http(work: Work, action: Body, port: int, outcome: Outcome, late: bool) -> Answer:
    host = action.get("host") or work.box["ip"]
    url = f"{(action.get('scheme') or 'HTTP').lower()}://{host}:{port}{_path(action)}"
    if late:
        why = "context deadline exceeded (Client.Timeout exceeded while awaiting headers)"
        return Answer(False, f'Get "{url}": {why}')
    if outcome.reason == NO_TLS.reason:
        return Answer(False, f'Get "{url}": http: server gave HTTP response to HTTPS client')
    if not outcome.ok:
        return Answer(False, f'Get "{url}": {_dial(host, port, outcome)}')
    if 200 <= outcome.status < 400:
        return Answer(True)
    return Answer(False, f"HTTP probe failed with statuscode: {outcome.status}")


def _grpc(work: Work, probe: Body, port: int, outcome: Outcome, late: bool) -> Answer:
    if late:
        return Answer(False, f"timeout: health rpc did not complete within {probe.get('timeoutSeconds') or 1}s")
    if not outcome.ok:
        address = f"{work.box['ip']}:{port}"
        return Answer(False, f'error: failed to connect to "{address}": {_dial(work.box["ip"], port, outcome)}')
    word = outcome.body.decode(errors="replace")
    if outcome.status == 0 and word == "SERVING":
        return Answer(True)
    return Answer(False, f'service unhealthy (responded with "{word}")')


def _dial(host: str, port: int, outcome: Outcome) -> str:
    reason = outcome.reason or "connection refused"
    if reason == "timeout":
        return f"dial tcp {host}:{port}: i/o timeout"
    return f"dial tcp {host}:{port}: connect: {reason}"
