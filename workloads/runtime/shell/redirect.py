"""Redirections: what a descriptor becomes."""

from workloads.runtime.errors import FileProblem
from workloads.runtime.shell.interpreter import Shell

STANDARD = {"/dev/stdin": "0", "/dev/stdout": "1", "/dev/stderr": "2"}
DEVICES = {"/dev/zero": "zero", "/dev/random": "urandom", "/dev/urandom": "urandom"}
LOGS = {"/proc/1/fd/1": "log:stdout", "/proc/1/fd/2": "log:stderr"}


def open_redirection(shell: Shell, descriptor: int, operator: str, text: str) -> None:
    """Raises FileProblem, with the shell's words."""
    fds = shell.p["fds"]
    if operator == "<<<":
        fds[str(descriptor)] = f"r:{shell.machine.new_pipe(text + chr(10))}"
    elif operator in ("&>", "&>>"):
        fds["1"] = fds["2"] = _opened(shell, operator[1:], text)
    elif operator == "<<":
        fds[str(descriptor)] = f"r:{shell.machine.new_pipe(text)}"
    elif operator in (">&", "<&"):
        _duplicate(fds, str(descriptor), text)
    else:
        fds[str(descriptor)] = _opened(shell, operator, text)


def _duplicate(fds: dict[str, str], descriptor: str, text: str) -> None:
    if text == "-":
        fds.pop(descriptor, None)
    elif text in fds:
        fds[descriptor] = fds[text]
    else:
        raise FileProblem(f"{text}: Bad file descriptor")


def _opened(shell: Shell, operator: str, name: str) -> str:
    path, fds = shell.path(name), shell.p["fds"]
    if path == "/dev/null" or (path == "/dev/zero" and operator != "<"):
        return "null"
    if path in DEVICES and operator == "<":
        return f"dev:{DEVICES[path]}"
    if path in STANDARD:
        return str(fds.get(STANDARD[path], "null"))
    if path in LOGS:
        return LOGS[path]
    return _for_reading(shell, name, path) if operator == "<" else _for_writing(shell, operator, name, path)


def _for_reading(shell: Shell, name: str, path: str) -> str:
    if shell.machine.files.read(path) is None and not shell.machine.files.is_folder(path):
        raise FileProblem(f"can't open {name}: no such file")
    return shell.machine.new_open(path)


def _for_writing(shell: Shell, operator: str, name: str, path: str) -> str:
    files = shell.machine.files
    old = files.read(path)
    keeps = operator in (">>", "<>")
    try:
        if old is None or not keeps:
            files.write(path, "", shell.machine.at)
    except FileProblem as problem:
        why = "nonexistent directory" if str(problem) == "No such file or directory" else str(problem)
        raise FileProblem(f"can't create {name}: {why}") from None
    return shell.machine.new_open(files.follow(path), append=operator == ">>")
