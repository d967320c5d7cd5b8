"""The container runtime's front, for the kubelet. A run is a container's whole state: plain JSON, never mutated."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from clusters.kernel import Outcome, Request, Wire
from clusters.kinds.body import Body
from clusters.kinds.quantity import parse as quantity
from clusters.reconcile.clock import Time
from workloads.images import Image
from workloads.runtime import console, serving, signals
from workloads.runtime.files import inside
from workloads.runtime.machine import ALLOWANCE, METERED, Line, Machine, metered
from workloads.runtime.process import PATH, Refused, end, end_container, kill, resolve, spawn
from workloads.runtime.turn import frozen as _frozen
from workloads.runtime.turn import next_turn, take

__all__ = [
    "Execution",
    "Finished",
    "Line",
    "Step",
    "advance",
    "answer",
    "charge",
    "crash",
    "create",
    "due",
    "execute",
    "execution",
    "exit_of",
    "forget",
    "is_running",
    "listening",
    "oom",
    "put_volume",
    "resize",
    "serve",
    "signal",
    "signal_process",
    "steady_until",
    "usage",
    "volume",
    "written",
]

ROOT: Mapping[str, Any] = {"uid": 0, "gid": 0, "groups": [0]}
LEAST = 100  # fuel a window, however small the CPU limit
MOST = 2_000  # fuel that one advance may spend
SHIM = "failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: "
EXEC = "OCI runtime exec failed: exec failed: "


@dataclass(frozen=True, slots=True)
class Step:
    """`signals`: (place, pid, name) for processes of the pod's other containers."""

    run: Body
    output: tuple[Line, ...]
    signals: tuple[tuple[int, int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Served:
    """A request that was answered: the run after it, and what the server wrote to its log."""

    outcome: Outcome
    run: Body
    output: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Execution:
    run: Body
    pid: int


@dataclass(frozen=True, slots=True)
class Finished:
    """An execution that is over. `error`: it could not be started, in runc's words."""

    code: int
    output: str  # stdout and stderr as they came
    stdout: str
    stderr: str
    error: str = ""


def create(
    image: Image,
    spec: Body,
    *,
    env: Mapping[str, str],
    mounts: Mapping[str, Mapping[str, str]],
    hostname: str,
    now: Time,
    seed: int,
    ip: str = "",
    user: Mapping[str, Any] | None = None,
    place: int = 0,
    sees: Sequence[int] = (),
    about: Mapping[str, Mapping[str, Any]] | None = None,
    slow: Time = 0,
) -> Body:
    """A container of this v1 Container. Its first process starts when it is advanced.

    `place`: which of the pod's containers it is; `sees`: the places of those whose processes it sees.
    `user`: {"uid", "gid", "groups"} of its processes; root where it is missing. `about`: what Files knows of mounts.
    """
    run: Body = {
        "image": image.name,
        "hostname": hostname,
        "ip": ip,
        "env": {"PATH": PATH, "HOSTNAME": hostname, "HOME": "/root", **image.env, **env},
        "ports": [port["containerPort"] for port in spec.get("ports") or ()],
        "mounts": {path.rstrip("/") or "/": dict(files) for path, files in mounts.items()},
        "read_only": _read_only(spec),
        "user": dict(user or ROOT), "place": place, "sees": list(sees),
        "message_path": spec.get("terminationMessagePath") or "/dev/termination-log",
        "seed": seed % 2**31, "at": now, "began": now, "next": 1, "turn": 0, "window": [0, 0], "cpu": 0,
        "meter": [now // METERED, 0, 0],
        **_limits(spec),
        "processes": {}, "files": {}, "pipes": {}, "open": {}, "execs": {}, "partial": {},
        "ttys": {}, "taps": {}, "outside": [], "exit": None, "due": now,
    }  # fmt: skip
    if slow:
        run["slow"] = slow  # how much longer its server needs to be up
    if about:
        run["about"] = dict(about)
    return _first_process(run, image, spec)


def _read_only(spec: Body) -> list[str]:
    """Where nothing can be written: mounts, and the image's own files ("/") where they are sealed."""
    mounts = [one["mountPath"].rstrip("/") for one in spec.get("volumeMounts") or () if one.get("readOnly")]
    return [*mounts, "/"] if (spec.get("securityContext") or {}).get("readOnlyRootFilesystem") else mounts


def resize(run: Body, spec: Body) -> Body:
    """Other limits from now on, for the processes that run."""
    return {**run, **_limits(spec)}


def oom(run: Body, now: Time) -> Body:
    """The kernel ends all its processes: there is no memory left."""
    if not is_running(run):
        return run
    machine = Machine({**run, "at": max(run["at"], now)})
    end_container(machine, 137, 9, "OOMKilled")
    return _frozen(machine)


def _limits(spec: Body) -> Body:
    """`resources.limits`: bytes of memory before the kernel ends it, and fuel a window as a share of one CPU."""
    limits = (spec.get("resources") or {}).get("limits") or {}
    memory, cpu = limits.get("memory"), limits.get("cpu")
    allowance = ALLOWANCE if cpu is None else min(ALLOWANCE, max(LEAST, int(quantity(cpu) * ALLOWANCE)))
    return {"limit": None if memory is None else int(quantity(memory)), "allowance": allowance}


def _first_process(run: Body, image: Image, spec: Body) -> Body:
    argv = command_line(image, spec)
    cwd = spec.get("workingDir") or image.workdir
    machine = Machine(run)
    if cwd not in machine.files.tree.children and not machine.files.is_folder(cwd):
        machine.files.changes = {cwd: {"folder": 1, "at": machine.at}}
    found = resolve(machine, argv, run["env"], cwd) if argv else Refused(128, "", "no command specified")
    if isinstance(found, Refused):
        message = f"{SHIM}unable to start container process: {found.runc}"
        end_container(machine, 128, None, "StartError", message)
    else:
        spawn(machine, 0, found, None, cwd, console.descriptors(machine, spec))
    return _frozen(machine)


def command_line(image: Image, spec: Body) -> list[str]:
    """`command` replaces the entrypoint and drops the image's own arguments; `args` replaces those."""
    if spec.get("command"):
        return [*spec["command"], *(spec.get("args") or ())]
    return [*image.entrypoint, *(spec["args"] if spec.get("args") else image.cmd)]


def advance(run: Body, now: Time, wire: Wire | None = None, beside: Sequence[Body] = ()) -> Step:
    """Runs its processes until each waits for something later than `now`, or the call's fuel is spent: see `due`.

    `wire` carries what they send; without it the network is unreachable. It returns after the first thing sent.
    `beside`: the runs of the pod's other containers, which share its ports.
    """
    if run["due"] is None or run["due"] > now:
        return Step(run, ())
    machine = Machine(run, wire, beside)
    spent = 0
    while (turn := next_turn(machine)) is not None and turn[0] <= now and spent < MOST and not machine.has_sent:
        spent += take(machine, *turn)
    return Step(_frozen(machine), tuple(machine.lines), tuple(machine.signals))


def due(run: Body) -> Time | None:
    """When to advance next; not later than now when there is still something to do. None: nothing happens by itself."""
    found: Time | None = run["due"]
    return found


def is_running(run: Body) -> bool:
    return run["exit"] is None


def exit_of(run: Body) -> Body | None:
    """{"code", "signal", "reason", "message", "at"} once the first process has ended."""
    found: Body | None = run["exit"]
    return found


def signal(run: Body, name: str, now: Time) -> Body:
    """A signal from outside to the first process, as the kubelet sends it. Twice is as good as once."""
    return _killed(run, 1, name, now)


def signal_process(run: Body, pid: int, name: str, now: Time) -> Body:
    """A signal to any of its processes, from another container that shares their namespace."""
    return _killed(run, pid, name, now)


def _killed(run: Body, pid: int, name: str, now: Time) -> Body:
    number = signals.parse(name)
    assert number is not None, name
    if str(pid) not in run["processes"]:
        return run
    machine = Machine({**run, "at": max(run["at"], now)})
    kill(machine, str(pid), number, from_outside=True)
    return _frozen(machine)


def crash(run: Body, code: int, now: Time) -> Body:
    """The first process dies with this code."""
    if "1" not in run["processes"]:
        return run
    machine = Machine({**run, "at": max(run["at"], now)})
    end(machine, machine.process("1"), code, code - 128 if code > 128 else None)
    return _frozen(machine)


def execute(run: Body, argv: Sequence[str], now: Time, *, stdin: bytes = b"") -> Execution:
    """Starts one more process inside; its output is kept apart from the log. It runs when the run is advanced."""
    assert is_running(run)
    machine = Machine({**run, "at": max(run["at"], now)})
    first = machine.processes["1"]
    found = resolve(machine, argv, run["env"], first["cwd"])
    pid = machine.run["next"]
    execs = machine.part("execs")
    if isinstance(found, Refused):
        machine.run["next"] += 1
        error = f"{EXEC}unable to start container process: {found.runc}"
        execs[str(pid)] = {"code": found.code, "output": [], "error": error}
    else:
        execs[str(pid)] = {"code": None, "output": [], "error": ""}
        fds = {"0": "null", "1": f"exec:{pid}:1", "2": f"exec:{pid}:2"}
        spawn(machine, 0, found, None, first["cwd"], fds)
        if stdin:
            text = stdin.decode(errors="replace")
            machine.process(str(pid))["fds"]["0"] = f"r:{machine.new_pipe(text)}"
    return Execution(_frozen(machine), pid)


def execution(run: Body, pid: int) -> Finished | None:
    """What became of an execution; None while it runs."""
    found = run["execs"].get(str(pid))
    if found is None or found["code"] is None:
        return None
    streams = [(stream, text) for stream, text in found["output"]]
    return Finished(
        found["code"],
        "".join(text for _, text in streams),
        "".join(text for stream, text in streams if stream == 1),
        "".join(text for stream, text in streams if stream == 2),
        found["error"],
    )


def forget(run: Body, pid: int) -> Body:
    """Drops an execution; one that still runs is killed with its children."""
    if str(pid) not in run["execs"]:
        return run
    machine = Machine(run)
    for child in [str(pid), *_children(machine, pid)]:
        if child in machine.processes:
            end(machine, machine.process(child), 137, 9)
    machine.part("execs").pop(str(pid))
    if str(pid) in machine.run.get("ttys", ()):
        machine.part("ttys").pop(str(pid))
    return _frozen(machine)


def _children(machine: Machine, pid: int) -> Iterator[str]:
    for key, process in list(machine.processes.items()):
        if process["parent"] == pid:
            yield key
            yield from _children(machine, process["pid"])


def answer(run: Body, request: Request, now: Time) -> Outcome:
    """What a request to one of its ports gets; it leaves nothing behind, as a probe."""
    return serving.look(_then(run, now), request)


def serve(run: Body, request: Request, now: Time, wire: Wire | None = None, client: str = "") -> Served:
    """A request that counts: what the server keeps, logs and spends stands in the run afterwards.

    `wire` is the container's own way to others; `client` the address of who asks.
    """
    machine = _then(run, now)
    outcome = serving.serve(machine, request, wire, client)
    return Served(outcome, _frozen(machine), tuple(machine.lines))


def _then(run: Body, now: Time) -> Machine:
    machine = Machine(run)
    machine.at = max(run["at"], now)
    return machine


def steady_until(run: Body, request: Request, now: Time) -> Time | None:
    """Until when `answer` stays the same if nobody touches the container; None: for ever."""
    own = serving.steady_until(_then(run, now), request)
    times = [time for time in (own, run["due"]) if time is not None]
    return min(times) if times else None


def listening(run: Body) -> list[int]:
    """The ports on which somebody accepts connections, ascending."""
    return serving.ports(run)


def usage(run: Body, now: Time | None = None) -> Body:
    """{"cpu": microseconds of CPU since the start, "rate": nanocores in the last window, "memory": bytes now}.

    `rate` is None before the first window has passed, or without `now`.
    """
    machine = Machine(run)
    servers = sum(process["kind"] == "server" for process in run["processes"].values())
    idle = machine.image.cpu * (run["at"] - run["began"]) // 1000 if servers else 0
    rate = None if now is None else _rate(run, now, machine.image.cpu if servers else 0)
    return {"cpu": run["cpu"] * 100 + idle, "rate": rate, "memory": machine.resident() + machine.files.used()}


def idle_since(run: Body) -> Time:
    """From when on its `rate` stays what it is until somebody advances it: nothing spent in that window or the last."""
    window, spent, before = run["meter"]
    begin: Time = (window + (2 if spent else 1 if before else 0)) * METERED
    since: Time = max(begin, run["began"] + METERED)
    return since


def written(run: Body) -> int:
    """Bytes of its own files, volumes not among them: what it takes of the node's disk."""
    paths = [path for path in run["mounts"] if path != "/"]
    own = (change for path, change in run["files"].items() if not any(inside(path, mount) for mount in paths))
    return sum(len(change.get("text", "")) for change in own if change)


def _rate(run: Body, now: Time, millicores: int) -> int | None:
    """What it used per second of the last whole window, idling included."""
    if now - run["began"] < METERED:
        return None
    spent: int = metered(run["meter"], now, 0)[2]
    begin: Time = max((now // METERED - 1) * METERED, run["began"])
    end: Time = now // METERED * METERED
    return spent * 100 * 1_000_000_000 // max(end - begin, METERED // 10) + millicores * 1_000_000


def at_once(run: Body) -> int:
    """How many requests its main program works on at a time."""
    return Machine(run).image.serves.at_once


def charge(run: Body, fuel: int, now: Time) -> Body:
    """CPU that its servers spent on requests, in units of 100 us."""
    return {**run, "cpu": run["cpu"] + fuel, "meter": metered(run["meter"], now, fuel)}


def volume(run: Body, path: str) -> dict[str, str]:
    """What stands now below a mount path, by relative name (a file's text at ""): for the next who mounts it."""
    files = Machine(run).files
    text = files.read(path)
    return files.below(path) if text is None else {"": text}


def put_volume(run: Body, path: str, files: Mapping[str, str]) -> Body:
    """Replaces what is mounted at a path: a ConfigMap that changed, what another container wrote to a shared volume."""
    changes = {at: change for at, change in run["files"].items() if at != path and not at.startswith(path + "/")}
    return _frozen(Machine({**run, "mounts": {**run["mounts"], path: dict(files)}, "files": changes}))
