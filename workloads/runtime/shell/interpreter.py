"""A shell process at work: its state is the process's own JSON; this is what its instructions and builtins may do."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any, NoReturn

from clusters.kinds.body import Body
from clusters.reconcile.clock import SECOND
from workloads.runtime.errors import Exited, FileProblem
from workloads.runtime.files import normal
from workloads.runtime.machine import Machine
from workloads.runtime.numbers import is_digits
from workloads.runtime.process import end

LONGEST = 256 * 1024  # of one variable or word
VARIABLES = 1000
FRAMES = 200  # how deep functions, loops and redirections may nest at run time


class Shell:
    def __init__(self, machine: Machine, process: Body) -> None:
        self.machine, self.p = machine, process

    @property
    def dialect(self) -> str:
        """bash, ash or dash."""
        return "bash" if self.p["argv"][0].rpartition("/")[2].lstrip("-") == "bash" else self.machine.base.shell

    @property
    def stack(self) -> list[Any]:
        found: list[Any] = self.p["stack"]
        return found

    @property
    def frames(self) -> list[list[Any]]:
        found: list[list[Any]] = self.p["frames"]
        return found

    def push(self, frame: list[Any]) -> None:
        if len(self.frames) >= FRAMES:
            self.die("maximum nesting level exceeded")
        self.frames.append(frame)

    def say(self, text: str) -> None:
        """A line on stderr, with the shell's name before it."""
        with suppress(FileProblem):  # stderr is closed: there is nobody left to tell
            self.machine.write(self.p, 2, f"{self.p['name'].rpartition('/')[2]}: {text}\n")

    def die(self, text: str, code: int = 2) -> NoReturn:
        """An error that ends a script."""
        self.say(text)
        if self.p.get("interactive") and "exiting" not in self.p:
            self.back_to_prompt(code)
            raise Exited
        self.finish(code)

    def interrupt(self) -> None:
        """^C at its terminal: what it runs is given up, and what was typed so far."""
        if self.p["loading"] is None:
            self.back_to_prompt(130)
        else:
            self.p.update(status=130, typed="", prompted=self.p.get("prompted") and ">")

    def back_to_prompt(self, code: int) -> None:
        """Out of all loops and functions, and on to the next line."""
        self.unwind(0)
        del self.stack[:]
        self.p.update(status=code, wait=None, tested=0, loading=[], typed="")

    def get(self, name: str) -> str | None:
        """A parameter's value; None when it is not set."""
        p = self.p
        if name in p["vars"]:
            return str(p["vars"][name])
        if is_digits(name):
            at = int(name)
            return p["name"] if at == 0 else p["args"][at - 1] if at <= len(p["args"]) else None
        special = {"?": p["status"], "#": len(p["args"]), "$": p["main"], "-": p["options"], "PPID": p["parent"]}
        if name in special:
            return str(special[name])
        if name in ("@", "*"):
            return " ".join(p["args"]) if p["args"] else None
        if name == "!":
            return str(p["last"]) if p["last"] else None
        if name == "PWD":
            return str(p["cwd"])
        if name in ("SECONDS", "LINENO", "UID", "EUID", "BASHPID", "HOSTNAME"):
            return self._shells_own(name)
        return str(self._random()) if name == "RANDOM" else None

    def _shells_own(self, name: str) -> str:
        run = self.machine.run
        return {"SECONDS": str((self.machine.at - run["began"]) // SECOND), "LINENO": "1",
                "BASHPID": str(self.p["pid"]), "HOSTNAME": str(run["hostname"]),
                }.get(name) or str(run.get("user", {}).get("uid", 0))  # fmt: skip

    def _random(self) -> int:
        run = self.machine.run
        run["seed"] = (run["seed"] * 1103515245 + 12345) % 2**31
        return int(run["seed"] >> 16) & 32767

    def set(self, name: str, value: str) -> None:
        variables = self.p["vars"]
        if len(value) > LONGEST or (len(variables) >= VARIABLES and name not in variables):
            self.die("out of memory")
        if name in self.p.get("constants", ()):
            self.die(f"{name}: is read only")
        variables[name] = value

    def export(self, name: str) -> None:
        if name not in self.p["exported"]:
            self.p["exported"].append(name)

    def path(self, name: str) -> str:
        return normal(name, self.p["cwd"])

    def jump(self, pc: int) -> None:
        self.p["at"][2] = pc

    def call(self, kind: str, at: list[int], args: list[str] | None, locals_: Mapping[str, str | None]) -> None:
        """Goes to another block; `end` or `return` comes back."""
        p = self.p
        frame = ["call", kind, p["at"], p["args"] if args is not None else None, dict(locals_), len(self.stack),
                 p["tested"], p["status"]]  # fmt: skip
        self.push(frame)
        p["at"] = at
        if args is not None:
            p["args"] = args

    def text_at(self, text: str) -> int:
        """The number of a script's text among those that this process runs."""
        texts: list[str] = self.p["texts"]
        if text in texts:
            return texts.index(text)
        if sum(len(one) for one in texts) + len(text) > LONGEST:
            self.die("out of memory")
        texts.append(text)
        return len(texts) - 1

    def unwind(self, depth: int) -> None:
        """Drops frames until so many are left, undoing what they did."""
        while len(self.frames) > depth:
            frame = self.frames.pop()
            if frame[0] == "redirect":
                self.p["fds"] = frame[1]
            elif frame[0] == "call":
                self._come_back(frame)

    def _come_back(self, frame: list[Any]) -> None:
        p = self.p
        _, kind, p["at"], args, locals_, depth, p["tested"], status = frame
        if args is not None:
            p["args"] = args
        for name, value in locals_.items():
            if value is None:
                p["vars"].pop(name, None)
            else:
                p["vars"][name] = value
        del p["stack"][depth:]
        if kind == "trap":
            p["status"] = status

    def leaving(self) -> int:
        """The exit code if the script ended here; inside the EXIT trap that with which it was called."""
        p = self.p
        return int(p["exiting"] if "exiting" in p else p["status"])

    def finish(self, code: int) -> NoReturn:
        """exit: the EXIT trap first, then the end. Never returns."""
        p = self.p
        code &= 255
        body = p["traps"].pop("EXIT", "")
        if body:
            self.unwind(0)
            p["status"] = code
            p["exiting"] = code
            p["at"] = [self.text_at(body), 0, 0]
            p["wait"] = None
            del p["stack"][:]
        else:
            end(self.machine, p, code)
        raise Exited
