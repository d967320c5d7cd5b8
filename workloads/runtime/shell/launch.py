"""Starting a program from the shell, and saying why it cannot be."""

from collections.abc import Mapping
from contextlib import suppress

from workloads.runtime.errors import Exited, FileProblem
from workloads.runtime.process import Refused, become, environment, has_room, resolve, spawn
from workloads.runtime.shell.interpreter import Shell


def launch(shell: Shell, argv: list[str], env: Mapping[str, str], in_place: bool) -> None:
    machine, p = shell.machine, shell.p
    full = {**environment(machine, p), **env}
    found = resolve(machine, argv, {**full, "PATH": env.get("PATH", p["vars"].get("PATH", ""))}, p["cwd"])
    if isinstance(found, Refused):
        say_refused(shell, argv[0], found)
        p["status"] = found.code
    elif in_place:
        become(machine, p, found, full)
        raise Exited
    elif not has_room(machine):
        shell.die("can't fork: Resource temporarily unavailable")
    else:
        p["wait"] = ["children", [spawn(machine, p["pid"], found, full, p["cwd"], p["fds"])]]


def say_refused(shell: Shell, name: str, refused: Refused) -> None:
    own = shell.p["name"].rpartition("/")[2]
    place = "" if shell.p.get("interactive") else "line 1: "
    bash = f"{{shell}}: {place}{{name}}: command not found"
    words = (bash if shell.dialect == "bash" else shell.machine.base.not_found).format(shell=own, name=name)
    text = words if refused.code == 127 else f"{words.rpartition(': ')[0]}: {refused.words}"
    with suppress(FileProblem):  # stderr is closed
        shell.machine.write(shell.p, 2, text + "\n")


def where(shell: Shell, name: str) -> str | None:
    env = environment(shell.machine, shell.p)
    folders = [""] if "/" in name else [f"{folder}/" for folder in env.get("PATH", "").split(":")]
    for folder in folders:
        path = folder + name
        known = shell.machine.files.exists(shell.path(path))
        if known and not isinstance(resolve(shell.machine, [path], env, shell.p["cwd"]), Refused):
            return path
    return None
