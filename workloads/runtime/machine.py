"""The working state of one advance: processes, files, pipes and what was written, around a run that is never mutated.

A run is plain JSON: {"image", "env", "processes": {pid: process}, "files", "pipes", "open", "execs", "due", ...}.
A process is {"pid", "parent", "kind": "shell"|"tool"|"server", "argv", "cwd", "env", "fds", "wait", ...its kind's own}.
A descriptor is "null", "never", "log:stdout", "log:stderr", "exec:PID:1", "tty:PID", "r:PIPE", "w:PIPE"
or "open:ID".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from clusters.kernel import Wire
from clusters.kinds.body import Body
from clusters.kinds.octets import NUL, PRIVATE
from clusters.reconcile.clock import MILLISECOND, SECOND, Time
from workloads.images import Image, Missing, find
from workloads.images.base import Base, base, tree
from workloads.runtime.errors import BrokenPipe, FileProblem
from workloads.runtime.files import Files
from workloads.runtime.terminal import shown

WINDOW = 100 * MILLISECOND  # in so much cluster time ...
ALLOWANCE = 1_000  # ... a container may spend so much fuel, or less by its CPU limit: a unit is 100 us of one CPU
METERED = 5 * SECOND  # what is used is told by windows of so long
PIPE_HOLDS = 64 * 1024
PROCESSES = 64
DEVICE_FUEL = 100  # in one turn, then who reads of an endless device waits for its next
# what a run has not that was begun by an earlier Podium
EARLIER: Body = {
    "user": {"uid": 0, "gid": 0, "groups": [0]},
    "message_path": "/dev/termination-log",
    "place": 0,
    "sees": [],
}
APART = 100_000  # between the process numbers of two containers that share a namespace
SMALL = 400 * 1024  # bytes that a shell or a tool holds
PARTIAL_LINE = 16 * 1024  # containerd cuts a line there
EXEC_OUTPUT = 64 * 1024
TAP_HOLDS = 1024 * 1024  # of a container's output for one who is attached and does not read
STREAMS = {"stdout": 1, "stderr": 2}


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the container wrote to its log; `data` ends in a newline unless the program never wrote one."""

    at: Time
    stream: str
    data: str


@lru_cache(maxsize=4096)
def image_of(reference: str) -> Image:
    found = find(reference)
    assert not isinstance(found, Missing), found.message
    return found


class Machine:
    def __init__(self, run: Body, wire: Wire | None = None, beside: Sequence[Body] = ()) -> None:
        self.run: Body = {**run} if "sees" in run else {**EARLIER, **run}
        self.wire = wire
        self.beside = beside  # the runs of the pod's other containers
        self.signals: list[tuple[int, int, str]] = []  # to processes of other containers: place, pid, name
        self.has_sent = False  # through the wire: what that changed elsewhere must be written before anything more
        self.processes: dict[str, Body] = {**run["processes"]}
        self.touched: set[str] = set()  # for membership only
        self.at: Time = run["at"]
        self.lines: list[Line] = []
        self.fuel = 0  # what the present turn has spent
        self._files: Files | None = None

    @property
    def image(self) -> Image:
        return image_of(self.run["image"])

    @property
    def base(self) -> Base:
        return base(self.image.base)

    @property
    def files(self) -> Files:
        if self._files is None:
            run = self.run
            mounts = {"/etc/hostname": {"": run["hostname"] + "\n"}, "/etc/hosts": {"": hosts(run)}, **run["mounts"]}
            own = self.image.user.partition(":")[0]
            guarded = run["user"]["uid"] != 0 and str(run["user"]["uid"]) != own
            self._files = Files(
                tree(self.image),
                mounts,
                run["files"],
                tuple(run["read_only"]),
                run.get("about"),
                guarded,
                (run["message_path"],),
            )
        return self._files

    def resident(self) -> int:
        """Bytes of memory that its processes hold."""
        held: int = self.run.get("leaked", 0)
        for process in self.processes.values():
            held += self.image.memory if process["kind"] == "server" else SMALL
            held += process.get("takes", 0)
        return held

    def neighbours(self) -> Iterator[Body]:
        """Processes of other containers that can be seen from here, with the numbers that they have here."""
        for run in self.beside:
            if run.get("place", 0) in self.run["sees"]:
                for process in run["processes"].values():
                    yield {**process, "pid": run["place"] * APART + int(process["pid"])}

    def signal_neighbour(self, pid: str, name: str) -> bool:
        """Whether there is such a process in another container; it gets the signal."""
        if not any(str(process["pid"]) == pid for process in self.neighbours()):
            return False
        if name:
            self.signals.append((*divmod(int(pid), APART), name))
        return True

    def taken(self) -> list[int]:
        """Ports on which somebody in the pod listens: its containers share one address."""
        runs = (self.processes, *(run["processes"] for run in self.beside))
        return [port for processes in runs for other in processes.values() for port, _ in other.get("ports", ())]

    def charge(self, fuel: int) -> None:
        """CPU that was spent, in units of 100 us."""
        self.run["cpu"] += fuel
        self.run["meter"] = metered(self.run["meter"], self.at, fuel)

    def process(self, pid: str) -> Body:
        """A process that may be changed: this machine's own copy."""
        if pid not in self.touched:
            self.touched.add(pid)
            self.processes[pid] = copy(self.processes[pid])
        return self.processes[pid]

    def part(self, name: str) -> dict[str, Any]:
        """A part of the run that may be changed."""
        if name not in self.touched:
            self.touched.add(name)
            self.run[name] = copy(self.run.get(name, {}))
        found: dict[str, Any] = self.run[name]
        return found

    def number(self) -> int:
        self.run["next"] += 1
        return int(self.run["next"]) - 1

    def write(self, process: Body, descriptor: int, text: str) -> None:
        """Raises FileProblem or BrokenPipe. A pipe takes all: who has filled one is not run until it is emptied."""
        self.fuel += len(text) >> 6
        text = text.replace("\0", NUL)  # no text column can hold it
        kind, _, rest = process["fds"].get(str(descriptor), "closed").partition(":")
        if kind == "log":
            self.log(rest, text)
        elif kind == "w":
            self._into_pipe(rest, text)
        elif kind == "open":
            self._into_file(rest, text)
        elif kind == "exec":
            self._into_exec(rest, text)
        elif kind == "tty":
            self.display(rest, shown(text))
        elif kind != "null":
            raise FileProblem("Bad file descriptor")

    def display(self, terminal: str, text: str) -> None:
        """On a terminal's screen; what stands on the container's own is its log as well."""
        if terminal == "1":
            self.log("stdout", text)
        else:
            self._into_exec(f"{terminal}:1", text)

    def log(self, stream: str, text: str) -> None:
        for name in self.run.get("taps", ()):
            _add(self.part("taps")[name], STREAMS[stream], text, TAP_HOLDS)
        partial = self.part("partial")
        text = partial.pop(stream, "") + text
        *lines, rest = text.split("\n")
        self.lines.extend(Line(self.at, stream, line + "\n") for line in lines)
        while len(rest) >= PARTIAL_LINE:
            self.lines.append(Line(self.at, stream, rest[:PARTIAL_LINE]))
            rest = rest[PARTIAL_LINE:]
        if rest:
            partial[stream] = rest

    def flush(self) -> None:
        """At the container's end: lines that never ended."""
        for stream, text in self.run["partial"].items():
            self.lines.append(Line(self.at, stream, text))
        self.run["partial"] = {}

    def _into_pipe(self, pipe: str, text: str) -> None:
        if not self.holders(f"r:{pipe}"):
            raise BrokenPipe
        pipes = self.part("pipes")
        pipes[pipe] = pipes.get(pipe, "") + text

    def _into_exec(self, rest: str, text: str) -> None:
        pid, _, stream = rest.partition(":")
        execs = self.part("execs")
        if pid not in execs:
            return
        if execs[pid].get("session"):
            _add(execs[pid]["output"], int(stream), text)
        elif size(execs[pid]["output"]) < EXEC_OUTPUT:
            execs[pid]["output"].append([int(stream), text])

    def _into_file(self, key: str, text: str) -> None:
        opened = self.part("open")[key]
        old = self.files.read(opened["path"])
        if old is None:
            return  # removed while it was open: the text goes where nobody can see it
        self.fuel += len(old) >> 9  # a file is copied, and stored, as a whole
        place = len(old) if opened["append"] else min(opened["place"], len(old))
        self.files.write(opened["path"], old[:place] + text + old[place + len(text) :], self.at)
        opened["place"] = place + len(text)

    def read(self, process: Body, descriptor: int, most: int = PIPE_HOLDS) -> str | None:
        """What can be read now: "" at the end, None when there is nothing yet. Raises FileProblem."""
        kind, _, rest = process["fds"].get(str(descriptor), "closed").partition(":")
        if kind == "r":
            return self._from_pipe(rest, most)
        if kind == "open":
            opened = self.part("open")[rest]
            text = (self.files.read(opened["path"]) or "")[opened["place"] : opened["place"] + most]
            opened["place"] += len(text)
            self.fuel += len(text) >> 6
            return text
        if kind == "tty":
            ready = self.run["ttys"][rest]["ready"]
            return self.part("ttys")[rest]["ready"].pop(0) if ready else None
        if kind == "null":
            return ""
        if kind == "dev":
            return self.device(rest) if self.fuel < DEVICE_FUEL else None
        if kind == "never":
            return None
        raise FileProblem("Bad file descriptor")

    def device(self, name: str, count: int = 4096) -> str:
        """What /dev/zero and /dev/urandom give, a character a byte. They never end, so they cost."""
        self.fuel += 10 + (count >> 10)
        if name == "zero":
            return NUL * count
        run, out = self.run, list[str]()
        for _ in range(count):
            run["seed"] = (run["seed"] * 1103515245 + 12345) % 2**31
            byte = run["seed"] >> 16 & 255
            out.append(chr(byte) if 0 < byte < 128 else chr(PRIVATE + byte))
        return "".join(out)

    def unread(self, process: Body, descriptor: int, text: str) -> None:
        """Puts back what was read too much."""
        kind, _, rest = process["fds"][str(descriptor)].partition(":")
        if kind == "r" and text:
            pipes = self.part("pipes")
            pipes[rest] = text + pipes.get(rest, "")
        elif kind == "open":
            self.part("open")[rest]["place"] -= len(text)
        elif kind == "tty" and text:
            self.part("ttys")[rest]["ready"].insert(0, text)

    def _from_pipe(self, pipe: str, most: int) -> str | None:
        text = self.run["pipes"].get(pipe, "")
        if not text:
            return None if self.holders(f"w:{pipe}") else ""
        self.part("pipes")[pipe] = text[most:]
        self.fuel += len(text[:most]) >> 6
        return str(text[:most])

    def readable(self, process: Body, descriptor: int) -> bool:
        kind, _, rest = process["fds"].get(str(descriptor), "closed").partition(":")
        if kind == "r":
            return bool(self.run["pipes"].get(rest)) or not self.holders(f"w:{rest}")
        if kind == "tty":
            return bool(self.run["ttys"][rest]["ready"])
        return bool(kind != "never")

    def is_stuck(self, process: Body) -> bool:
        """What it writes is not read: it stands still until somebody does."""
        for descriptor in ("1", "2"):
            kind, _, rest = process["fds"].get(descriptor, "").partition(":")
            if kind == "w" and len(self.run["pipes"].get(rest, "")) > PIPE_HOLDS and self.holders(f"r:{rest}"):
                return True
            execution = self.run["execs"].get(rest.partition(":")[0]) if kind in ("exec", "tty") else None
            if execution and execution.get("session") and size(execution["output"]) > PIPE_HOLDS:
                return True
        return False

    def holders(self, reference: str) -> bool:
        """Whether anybody holds this descriptor: a process, maybe when a redirection of its ends, or one outside."""
        return reference in self.run.get("outside", ()) or any(
            reference in held(process) for process in self.processes.values()
        )

    def new_pipe(self, text: str = "") -> str:
        key = str(self.number())
        self.part("pipes")[key] = text
        return key

    def new_open(self, path: str, place: int = 0, append: bool = False) -> str:
        key = str(self.number())
        self.part("open")[key] = {"path": path, "place": place, "append": append}
        return f"open:{key}"

    def freeze(self) -> Body:
        """The run as it stands now."""
        run = self.run
        run["processes"], run["at"] = self.processes, self.at
        if self._files is not None:
            run["files"] = self._files.changes
        if run["pipes"] or run["open"]:
            self._sweep()
        return run

    def _sweep(self) -> None:
        """Forgets pipes and open files that nobody holds."""
        keys = [name.partition(":")[2] for process in self.processes.values() for name in held(process)]
        self.run["pipes"] = {key: text for key, text in self.run["pipes"].items() if key in keys}
        self.run["open"] = {key: opened for key, opened in self.run["open"].items() if key in keys}
        self.run["outside"] = [end for end in self.run.get("outside", ()) if end[2:] in keys]


def size(records: list[Any]) -> int:
    """How many characters of output wait to be read."""
    return sum(len(text) for _, text in records)


def _add(records: list[Any], stream: int, text: str, most: int | None = None) -> None:
    """One more piece of output. Beyond `most` nothing is kept but the word that something is missing (stream 0)."""
    if most is not None and size(records) > most:
        if records[-1][0]:
            records.append([0, ""])
    elif records and records[-1][0] == stream and len(records[-1][1]) < PIPE_HOLDS // 16:
        records[-1][1] += text
    else:
        records.append([stream, text])


def hosts(run: Body) -> str:
    """The file /etc/hosts, where the kubelet has not written one."""
    own = f"{run['ip']}\t{run['hostname']}\n" if run.get("ip") else ""
    return f"# Kubernetes-managed hosts file.\n127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n{own}"


def held(process: Body) -> list[str]:
    found = list(process["fds"].values())
    for frame in process.get("frames", ()):
        if frame[0] == "redirect":
            found.extend(frame[1].values())
    wait = process["wait"]
    if wait and wait[0] == "capture":
        found.append(f"r:{wait[2]}")
    return found


def metered(meter: list[int], at: Time, fuel: int) -> list[int]:
    """[window, fuel spent in it, fuel spent in the one before], with so much more spent at that time."""
    window, spent, before = meter
    now = at // METERED
    if now == window:
        return [window, spent + fuel, before]
    return [now, fuel, spent if now == window + 1 else 0]


def copy(value: Any) -> Any:
    """A copy of JSON data."""
    if isinstance(value, dict):
        return {key: copy(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [copy(inner) for inner in value]
    return value
