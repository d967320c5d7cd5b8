"""Instructions that make other processes: $(...), (...), `&` and pipelines."""

from collections.abc import Callable, Mapping
from typing import Any

from workloads.runtime.process import fork, has_room
from workloads.runtime.shell.interpreter import Shell


def _capture(shell: Shell, block: int, quoted: bool) -> None:
    if not _may_fork(shell):
        return
    pipe = shell.machine.new_pipe()
    pid = fork(shell.machine, shell.p, block, {**shell.p["fds"], "1": f"w:{pipe}"})
    shell.p["wait"] = ["capture", pid, pipe, quoted, ""]


def _may_fork(shell: Shell) -> bool:
    if not has_room(shell.machine):
        shell.die("can't fork: Resource temporarily unavailable")
    return True


def _subshell(shell: Shell, block: int) -> None:
    if _may_fork(shell):
        shell.p["wait"] = ["children", [fork(shell.machine, shell.p, block, shell.p["fds"])]]


def _background(shell: Shell, block: int) -> None:
    if _may_fork(shell):
        pid = fork(shell.machine, shell.p, block, {**shell.p["fds"], "0": "null"})
        shell.p["jobs"].append(pid)
        shell.p.update(last=int(pid), status=0)


def _pipeline(shell: Shell, blocks: tuple[int, ...]) -> None:
    pids: list[str] = []
    source = shell.p["fds"].get("0", "null")
    for at, block in enumerate(blocks):
        _may_fork(shell)
        fds = {**shell.p["fds"], "0": source}
        if at < len(blocks) - 1:
            pipe = shell.machine.new_pipe()
            fds["1"], source = f"w:{pipe}", f"r:{pipe}"
        pids.append(fork(shell.machine, shell.p, block, fds))
    shell.p["wait"] = ["children", pids]


FORKING: Mapping[str, Callable[..., Any]] = {
    "capture": _capture,
    "subshell": _subshell,
    "background": _background,
    "pipeline": _pipeline,
}
