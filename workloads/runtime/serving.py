"""A request at a container's port: a process answers it, and what that changes in the container (kernel: a socket)."""

from dataclasses import dataclass, replace

from clusters.kernel import Outcome, Request, Wire
from clusters.kinds.body import Body
from clusters.reconcile.clock import Time
from workloads.images.behaviours import BEHAVIOURS, Behaviour, Served, Server
from workloads.runtime import rawhttp, server
from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.machine import Machine

REFUSED = Outcome(ok=False, reason="connection refused")
NO_TLS = Outcome(ok=False, reason="wrong version number")  # as OpenSSL says it of an answer that is no TLS
TLS_PORTS = (443, 4443, 6443, 8443, 9443, 10250, 10257, 10259)  # who listens there speaks it, if nobody knows better
UNIT = 100  # microseconds of CPU in one unit of fuel


@dataclass(frozen=True, slots=True)
class Listener:
    behaviour: Behaviour | None  # None: a tool that waits for a connection (nc -l)
    process: Body


def listener(machine: Machine, port: int) -> Listener | None:
    """Who accepts connections on this port."""
    for process in machine.processes.values():
        for number, behaviour in process.get("ports", ()):
            if number == port and (process["kind"] != "server" or process["up"] is not None):
                return Listener(BEHAVIOURS.get(behaviour), process)
    return None


def ports(run: Body) -> list[int]:
    """The ports on which somebody accepts connections, ascending."""
    found = [
        port
        for process in run["processes"].values()
        if process.get("ports") and (process["kind"] != "server" or process["up"] is not None)
        for port, _ in process["ports"]
    ]
    return sorted(dict.fromkeys(found))


def look(machine: Machine, request: Request) -> Outcome:
    """The answer alone; nothing changes."""
    found = listener(machine, request.port)
    if found is None:
        return REFUSED
    if found.behaviour is None:
        return _reply(found.process, request)
    outcome = _served(found.behaviour, server.describe(machine, found.process), request).outcome
    return replace(outcome, takes=_takes(machine, outcome))


def serve(machine: Machine, request: Request, wire: Wire | None, client: str = "") -> Outcome:
    """The answer, and in the machine what it left behind: memory, files, a line of the log, CPU."""
    found = listener(machine, request.port)
    if found is None:
        return REFUSED
    process = machine.process(str(found.process["pid"]))
    if found.behaviour is None:
        process["state"] = {"got": to_text(rawhttp.render_request(request))}
        return _reply(process, request)
    described = server.describe(machine, found.process, wire, client)
    served = _served(found.behaviour, described, request)
    if served.state is not None:
        process["state"] = served.state
    for path, text in served.files.items():
        server.put_file(machine, path, text)
    lines = list(served.logs)
    if found.behaviour.logs and request.protocol == "http":
        lines.append(found.behaviour.logs(described, request, served.outcome))
    if lines:
        machine.write(process, 1, "".join(line + "\n" for line in lines))
    spent = machine.image.serves.cpu + served.cpu
    machine.charge(spent // UNIT)
    return replace(served.outcome, takes=_takes(machine, served.outcome), cpu=spent)


def _served(behaviour: Behaviour, described: Server, request: Request) -> Served:
    if request.protocol == "tcp" and request.body and not behaviour.is_raw:
        return rawhttp.serve(behaviour, described, request)
    certificate = _shown(behaviour, described, request) if request.tls else ""
    if certificate is None:
        return Served(NO_TLS)
    served = behaviour.serve(described, request) if behaviour.serve else Served(behaviour.answer(described, request))
    return replace(served, outcome=replace(served.outcome, certificate=certificate)) if certificate else served


def _takes(machine: Machine, outcome: Outcome) -> Time:
    """At least as long as its image says."""
    return max(outcome.takes, machine.image.serves.takes) if outcome.ok else outcome.takes


def _shown(behaviour: Behaviour, described: Server, request: Request) -> str | None:
    """The certificate of a handshake; None: whoever listens there does not speak TLS."""
    if behaviour.secures is not None:
        return behaviour.secures(described, request)
    return "" if request.port in TLS_PORTS else None


def _reply(process: Body, request: Request) -> Outcome:
    """What stood ready on the stdin of who waits for a connection."""
    data = to_bytes(process.get("reply", ""))
    if request.protocol == "tcp":
        return Outcome(ok=True, body=data)
    if request.protocol == "http":
        return rawhttp.parse_answer(data) or Outcome(ok=False, reason="EOF")
    return REFUSED


def steady_until(machine: Machine, request: Request) -> Time | None:
    """When the answer changes by itself; None: never."""
    found = listener(machine, request.port)
    changes = found.behaviour.changes if found is not None and found.behaviour is not None else None
    return changes(server.describe(machine, found.process)) if found is not None and changes is not None else None
