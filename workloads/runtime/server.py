"""The main program of an image: it starts, listens, answers by its behaviours, and stops when it is told to."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from clusters.kernel import Wire
from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND, Time
from workloads.images import Listen
from workloads.images.behaviours import BEHAVIOURS, Behaviour, Server
from workloads.runtime import signals
from workloads.runtime.errors import FileProblem
from workloads.runtime.machine import Machine
from workloads.runtime.process import end, environment, kill

ERRNO = {"Permission denied": 13, "Read-only file system": 30}
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def step(machine: Machine, process: Body) -> None:
    """Called when it has waited long enough: to begin, to be up, or to end."""
    machine.fuel += 1
    if process["stopping"] is not None:
        _leave(machine, process)
        _say(machine, process, machine.image.stop.logs)
        end(machine, process, machine.image.stop.code)
    elif process["wait"] is None and not _quits(machine, process) and (starts := _starts(machine)):
        process["wait"] = ["until", machine.at + starts]
    elif str(process["pid"]) in machine.processes:
        _up(machine, process)


def _starts(machine: Machine) -> Time:
    """How long it takes to be up."""
    slow: Time = machine.run.get("slow", 0)
    return machine.image.start + slow


def _leave(machine: Machine, process: Body) -> None:
    """What it writes to its disk before it ends."""
    for behaviour in behaviours(machine, process):
        for path, text in (behaviour.leaves(describe(machine, process)) if behaviour.leaves else {}).items():
            put_file(machine, path, text)


def put_file(machine: Machine, path: str, text: str) -> None:
    """With the folder that it needs; a disk that is full is told on stderr."""
    folder = path.rpartition("/")[0]
    try:
        if not machine.files.is_folder(folder):
            machine.files.make_folders(folder, machine.at)
        machine.files.write(path, text, machine.at)
    except FileProblem as problem:
        machine.log("stderr", f"{path}: {problem}\n")


def _quits(machine: Machine, process: Body) -> bool:
    """It ends at once: wrong arguments, or it goes to the background, which ends a container."""
    for need in () if process.get("behaves") else machine.image.needs:
        problem = machine.files.barred(need.path)
        if problem and machine.files.barred(f"/var{need.path}"):  # /var/run is the same as /run
            machine.write(process, 2, need.says.format(errno=ERRNO[problem], problem=problem) + "\n")
            end(machine, process, 1)
            return True
    for behaviour in behaviours(machine, process):
        signal = behaviour.sends(describe(machine, process)) if behaviour.sends else None
        if signal:
            _send(machine, signal)
            end(machine, process, 0)
            return True
        verdict = behaviour.quits(describe(machine, process)) if behaviour.quits else None
        if verdict:
            machine.write(process, 2, verdict[1] + "\n" if verdict[1] else "")
            end(machine, process, verdict[0])
            return True
    return False


def _send(machine: Machine, name: str) -> None:
    """To the server that is up, as `nginx -s quit` does."""
    for pid, other in list(machine.processes.items()):
        if other["kind"] == "server" and other["up"] is not None and name in machine.image.stop.signals:
            kill(machine, pid, name, from_outside=False)


def _up(machine: Machine, process: Body) -> None:
    server = describe(machine, process)
    ports = [[port, name] for port, name in _ports(machine, process, server)]
    taken = machine.taken()
    for port, _ in ports:
        if port in taken:
            machine.write(process, 2, f"bind() to 0.0.0.0:{port} failed (98: Address already in use)\n")
            end(machine, process, 1)
            return
    process.update(up=machine.at, wait=["forever"], ports=ports)
    if not process.get("behaves"):
        _say(machine, process, machine.image.logs)
    for behaviour in behaviours(machine, process):
        for path, text in (behaviour.makes(server) if behaviour.makes else {}).items():
            put_file(machine, path, text)
        if behaviour.begins:
            process["state"] = dict(behaviour.begins(server))
        for line in behaviour.says(server) if behaviour.says else ():
            machine.write(process, 1, line + "\n")


def _ports(machine: Machine, process: Body, server: Server) -> Iterator[tuple[int, str]]:
    for listen in _listens(machine, process):
        behaviour = BEHAVIOURS[listen.behaviour]
        found = (listen.port,) if listen.port or behaviour.ports is None else behaviour.ports(server)
        yield from ((port, listen.behaviour) for port in dict.fromkeys(found))


def _listens(machine: Machine, process: Body) -> tuple[Listen, ...]:
    """A program that is not the image's own (`python -m http.server`) brings its behaviour with it."""
    return (Listen(0, process["behaves"]),) if process.get("behaves") else machine.image.listens


def behaviours(machine: Machine, process: Body) -> Iterator[Behaviour]:
    return (BEHAVIOURS[listen.behaviour] for listen in _listens(machine, process))


def describe(machine: Machine, process: Body, wire: Wire | None = None, client: str = "") -> Server:
    return Server(
        image=machine.image,
        argv=tuple(process["argv"]),
        env=environment(machine, process),
        hostname=machine.run["hostname"],
        declared=tuple(machine.run["ports"]),
        began=process["up"] or machine.at,
        now=machine.at,
        read=machine.files.read,
        names=machine.files.names,
        state=process.get("state", {}),
        cwd=process["cwd"],
        wire=wire,
        ip=str(machine.run.get("ip") or ""),
        client=client,
    )


def _say(machine: Machine, process: Body, lines: tuple[str, ...]) -> None:
    if lines:
        facts = _facts(machine, process)
        machine.write(process, 1, "".join(line.format_map(facts) + "\n" for line in lines))


def _facts(machine: Machine, process: Body) -> dict[str, Any]:
    """What a line of the catalogue may name."""
    now = date_of(machine.at)
    name = process["stopping"] or ""
    return {
        "now": now,
        "ms": f"{now.microsecond // 1000:03d}",
        "epoch": machine.at // SECOND,
        "version": machine.image.version,
        "image": machine.image.name,
        "hostname": machine.run["hostname"],
        "ip": machine.run.get("ip") or machine.run["hostname"],
        "ports": ", ".join(str(port) for port, _ in process["ports"]),
        "name": f"SIG{name}",
        "number": signals.NUMBERS.get(name, 0),
    }


def date_of(now: Time) -> datetime:
    return EPOCH + timedelta(microseconds=now)
