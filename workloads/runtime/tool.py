"""A tool at work: what it may see and do in one step, and how it goes on in the next."""

from collections.abc import Iterator, Mapping, Sequence

from clusters.kernel import Wire
from clusters.kinds.body import Body
from clusters.reconcile.clock import Time
from workloads.runtime.errors import Exited, FileProblem, Usage
from workloads.runtime.files import Files, normal
from workloads.runtime.machine import Machine
from workloads.runtime.numbers import whole
from workloads.runtime.process import Refused, become, end, environment, resolve, spawn

MISSING = "No such file or directory"
DEVICES = {"/dev/zero": "zero", "/dev/random": "urandom", "/dev/urandom": "urandom"}
HOLDING = ("awk", "base64", "column", "gzip", "gunzip", "md5sum", "paste", "sed", "sha1sum", "sha256sum", "sha512sum",
           "sort", "tac", "tar", "xargs")  # fmt: skip
HOLDS = 4 * 1024 * 1024  # of input that one of them keeps
GNU = ("debian", "redhat")  # the bases whose tools are GNU's
OPENING = ("cat", "tail", "sort", "uniq", "md5sum", "sha1sum", "sha256sum", "sha512sum")  # BusyBox: open_or_warn


class Call:
    """One step of a tool. What must last until the next step stands in `memory`, which is plain JSON.

    A tool returns its exit code, or None after it has asked for something: input, a time, a child's end.
    """

    def __init__(self, machine: Machine, process: Body, argv: Sequence[str], memory: Body) -> None:
        self.machine, self.process, self.memory = machine, process, memory
        self.name, self.args = argv[0].rpartition("/")[2], list(argv[1:])
        self.failed = False
        self.is_blocked = False

    @property
    def now(self) -> Time:
        return self.machine.at

    @property
    def files(self) -> Files:
        return self.machine.files

    @property
    def wire(self) -> Wire | None:
        """The network; None: it is unreachable."""
        return self.machine.wire

    @property
    def env(self) -> Mapping[str, str]:
        return environment(self.machine, self.process)

    def path(self, name: str) -> str:
        return normal(name, self.process["cwd"])

    def out(self, text: str) -> None:
        self.machine.write(self.process, 1, text)

    def complain(self, text: str) -> None:
        """A line on stderr, with the tool's name before it."""
        self.machine.write(self.process, 2, f"{self.name}: {text}\n")

    def usage(self, text: str) -> int:
        self.complain(text)
        return 1

    def is_terminal(self, descriptor: int) -> bool:
        return str(self.process["fds"].get(str(descriptor), "")).partition(":")[0] == "tty"

    def random(self, count: int) -> str:
        """So many bytes of the container's own chance, as text."""
        return self.machine.device("urandom", count)

    def has_program(self, path: str) -> bool:
        return path in self.files.tree.programs or self.files.program(path) != ""

    def number(self, text: str) -> int:
        """Raises Usage."""
        found = whole(text)
        if found is None:
            raise Usage(f"invalid number '{text}'")
        return found

    def wait_for_input(self, descriptor: int = 0) -> None:
        self.process["wait"] = ["input", descriptor]
        self.is_blocked = True

    def sleep(self, until: Time | None) -> None:
        """None: for ever."""
        self.process["wait"] = ["forever"] if until is None else ["until", until]

    def chunks(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """(path, text) of all that can be read now of these files, in order; of stdin when there are none.

        Goes on in the next step where it stopped. Sets `is_blocked` when there is more to come, `failed` when a file
        cannot be read.
        """
        sources = list(paths) or ["-"]
        while (at := self.memory.setdefault("source", 0)) < len(sources):
            if sources[at] in ("-", "/dev/stdin"):
                text = self.machine.read(self.process, 0)
                if text is None:
                    self.wait_for_input()
                    return
                if text:
                    self._hold(len(text))
                    yield sources[at], text
                    continue
            elif self.path(sources[at]) in DEVICES:  # it never ends: the rest comes in the next step
                self._hold(4096)
                yield sources[at], self.machine.device(DEVICES[self.path(sources[at])])
                self.is_blocked = True
                return
            elif (found := self.text(sources[at])) is not None:
                self._hold(len(found))
                yield sources[at], found
            self.memory["source"] = at + 1

    def _hold(self, count: int) -> None:
        """Tools that keep all that they read take memory; the kernel ends who takes too much."""
        if self.name not in HOLDING:
            return
        self.process["takes"] = self.process.get("takes", 400 * 1024) + count
        if self.process["takes"] > HOLDS:
            end(self.machine, self.process, 137, 9)
            raise Exited

    def text(self, name: str) -> str | None:
        """A file's text; None, with a complaint, when it cannot be read."""
        path = self.path(name)
        found = "" if path == "/dev/null" else self.files.read(path)
        if found is None:
            self.failed = True
            self.complain(self._unreadable(name, "Is a directory" if self.files.is_folder(path) else MISSING))
            return None
        self.machine.fuel += len(found) >> 8
        return found

    def _unreadable(self, name: str, why: str) -> str:
        """BusyBox and GNU have their own words for some tools; what GNU says of the others all say."""
        if self.machine.image.base in GNU and self.name in ("head", "tail") and why == MISSING:
            return f"cannot open '{name}' for reading: {why}"
        if self.machine.image.base in GNU or self.name not in OPENING:
            return f"{name}: {why}"
        return f"can't open '{name}': {why}" if why == MISSING else f"read error: {why}"

    def lines(self, paths: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Like `chunks`, by whole lines (with their newline, but for a last one that has none)."""
        for source, text in self.chunks(paths):
            held = self.memory.get("held", ["", ""])
            if held[0] != source and held[1]:
                yield held[0], held[1]
                held = ["", ""]
            *whole, rest = (held[1] + text).split("\n")
            self.memory["held"] = [source, rest]
            if len(rest) > HOLDS:
                end(self.machine, self.process, 137, 9)
                raise Exited
            self.machine.fuel += len(whole) >> 4
            for line in whole:
                yield source, line + "\n"
        if not self.is_blocked and (last := self.memory.pop("held", ["", ""]))[1]:
            yield last[0], last[1]

    def change(self, action: str, name: str, *more: object) -> bool:
        """One change of the files (`write`, `remove`, ...) with a complaint when it fails."""
        try:
            getattr(self.files, action)(self.path(name), *more)
        except FileProblem as problem:
            self.complain(f"{name}: {problem}")
            self.failed = True
            return False
        return True

    def become(self, argv: Sequence[str], env: Mapping[str, str]) -> int | None:
        """The tool runs another command in its own place, as env does."""
        program = resolve(self.machine, argv, env, self.process["cwd"])
        if isinstance(program, Refused):
            self.complain(f"can't execute '{argv[0]}': {_reason(program)}")
            return program.code
        become(self.machine, self.process, program, dict(env))
        return None

    def start(self, argv: Sequence[str]) -> str | int:
        """A child; its pid, or the exit code of having none."""
        program = resolve(self.machine, argv, self.env, self.process["cwd"])
        if isinstance(program, Refused):
            self.complain(f"can't execute '{argv[0]}': {_reason(program)}")
            return program.code
        return spawn(self.machine, self.process["pid"], program, self.env, self.process["cwd"], self.process["fds"])


def _reason(refused: Refused) -> str:
    return "No such file or directory" if refused.code == 127 else "Permission denied"


def flags(args: Sequence[str], takes: str = "") -> tuple[dict[str, str], list[str]]:
    """Short options and what remains. Letters in `takes` have a value; `--` ends the options."""
    found: dict[str, str] = {}
    rest = list(args)
    while rest and rest[0].startswith("-") and rest[0] != "-":
        word = rest.pop(0)
        if word == "--":
            break
        if word.startswith("--"):
            name, _, value = word[2:].partition("=")
            found[name] = value
            continue
        for at, letter in enumerate(word[1:], 1):
            if letter in takes:
                found[letter] = word[at + 1 :] or (rest.pop(0) if rest else "")
                break
            found[letter] = ""
    return found, rest
