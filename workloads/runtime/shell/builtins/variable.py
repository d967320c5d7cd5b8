"""Builtins about variables and parameters: export, local, readonly, set, shift, unset."""

from workloads.runtime.numbers import whole
from workloads.runtime.shell.interpreter import Shell


def export(shell: Shell, argv: list[str]) -> int:
    words = [word for word in argv[1:] if word not in ("-p", "--")]
    if not words:
        lines = [f"export {name}='{shell.get(name) or ''}'\n" for name in sorted(shell.p["exported"])]
        shell.machine.write(shell.p, 1, "".join(lines))
    for name, equals, value in (word.partition("=") for word in words):
        if not name.isidentifier():
            shell.die(f"export: {name}: bad variable name")
        if equals:
            shell.set(name, value)
        shell.export(name)
    return 0


def local(shell: Shell, argv: list[str]) -> int:
    frame = next((frame for frame in reversed(shell.frames) if frame[0] == "call" and frame[1] == "function"), None)
    if frame is None:
        shell.die("local: not in a function")
    for name, equals, value in (word.partition("=") for word in argv[1:]):
        frame[4].setdefault(name, shell.p["vars"].get(name))
        if equals:
            shell.set(name, value)
        else:
            shell.p["vars"].pop(name, None)
    return 0


def readonly(shell: Shell, argv: list[str]) -> int:
    for name, equals, value in (word.partition("=") for word in argv[1:]):
        if equals:
            shell.set(name, value)
        shell.p.setdefault("constants", []).append(name)
    return 0


def set_(shell: Shell, argv: list[str]) -> int:
    words = argv[1:]
    if not words:
        lines = [f"{name}='{value}'\n" for name, value in sorted(shell.p["vars"].items())]
        shell.machine.write(shell.p, 1, "".join(lines))
        return 0
    while words and words[0][:1] in ("-", "+") and len(words[0]) > 1:
        word = words.pop(0)
        if word == "--":
            shell.p["args"] = words
            return 0
        _option(shell, word, words)
    if words:
        shell.p["args"] = words
    return 0


LONG = {"errexit": "e", "nounset": "u", "xtrace": "x", "pipefail": "P", "monitor": ""}


def _option(shell: Shell, word: str, words: list[str]) -> None:
    letters = word[1:]
    if letters[-1:] == "o":
        name = words.pop(0) if words else ""
        if name not in LONG:
            shell.die(f"set: illegal option -o {name}")
        letters = letters[:-1] + LONG[name]
    kept = "".join(letter for letter in shell.p["options"] if letter not in letters)
    shell.p["options"] = kept + letters if word[0] == "-" else kept


def shift(shell: Shell, argv: list[str]) -> int:
    count = whole(argv[1]) if len(argv) > 1 else 1
    if count is None or count < 0:
        shell.die(f"shift: Illegal number: {argv[1]}")
    if count > len(shell.p["args"]):
        return 1
    shell.p["args"] = shell.p["args"][count:]
    return 0


def unset(shell: Shell, argv: list[str]) -> int:
    is_function = argv[1:2] == ["-f"]
    for name in argv[1:]:
        if is_function:
            shell.p["functions"].pop(name, None)
        else:
            shell.p["vars"].pop(name, None)
    return 0
