"""Builtins about variables and parameters: export, local, readonly, set, shift, unset."""

from workloads.runtime.numbers import whole
from workloads.runtime.shell import arithmetic, arrays
from workloads.runtime.shell.expanding import Variables
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
    for name, equals, value in (word.partition("=") for word in argv[1:] if not word.startswith("-")):
        frame[4].setdefault(name, shell.p["vars"].get(name))
        if equals:
            shell.set(name, value)
        else:
            shell.p["vars"].pop(name, None)
    return 0


def readonly(shell: Shell, argv: list[str]) -> int:
    for name, equals, value in (word.partition("=") for word in argv[1:] if not word.startswith("-")):
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


LONG = {"errexit": "e", "nounset": "u", "xtrace": "x", "pipefail": "P", "monitor": "", "noglob": "", "noclobber": "",
        "posix": "", "vi": "", "emacs": "", "allexport": ""}  # fmt: skip


def _option(shell: Shell, word: str, words: list[str]) -> None:
    letters = word[1:]
    if letters[-1:] == "o":
        name = words.pop(0) if words else ""
        if name not in LONG:
            shell.die(f"set: illegal option -o {name}")
        letters = letters[:-1] + LONG[name]
    kept = "".join(letter for letter in shell.p["options"] if letter not in letters)
    shell.p["options"] = kept + letters if word[0] == "-" else kept


def declare(shell: Shell, argv: list[str]) -> int:
    """declare, typeset: -a, -A, -x, -r, -i, -g; within a function its variables are local."""
    letters = "".join(word[1:] for word in argv[1:] if word.startswith("-"))
    names = [word for word in argv[1:] if not word.startswith("-")]
    is_inside = any(frame[0] == "call" and frame[1] == "function" for frame in shell.frames)
    if is_inside and "g" not in letters and names and "a" not in letters and "A" not in letters:
        local(shell, ["local", *names])
    for word in names:
        name, equals, value = word.partition("=")
        if "a" in letters or "A" in letters:
            arrays.declare(shell, name, "A" in letters)
        elif equals:
            arrays.assign(shell, name, value)
        if "x" in letters:
            shell.export(name)
        if "r" in letters:
            shell.p.setdefault("constants", []).append(name)
    return 0


def let(shell: Shell, argv: list[str]) -> int:
    value = 0
    for word in argv[1:]:
        try:
            value = arithmetic.evaluate(arrays.plain(shell, word), Variables(shell))
        except arithmetic.Wrong as problem:
            shell.say(f"let: {problem}")
            return 1
    return int(value == 0)


def getopts(shell: Shell, argv: list[str]) -> int:
    """The next option of the arguments into a variable, its value into OPTARG."""
    if len(argv) < 3:
        shell.die("getopts: usage: getopts optstring var [arg]")
    wanted, name, words = argv[1], argv[2], argv[3:] or shell.p["args"]
    at, inside = int(shell.p.get("optind", 1)), int(shell.p.get("optchar", 1))
    word = words[at - 1] if at <= len(words) else ""
    if len(word) < 2 or word[0] != "-" or word == "--":
        shell.set("OPTIND", str(at + (word == "--")))
        shell.set(name, "?")
        return 1
    letter = word[inside]
    found = letter if letter != ":" and letter in wanted else "?"
    takes = found != "?" and wanted[wanted.index(letter) + 1 : wanted.index(letter) + 2] == ":"
    if takes:
        value = word[inside + 1 :] or (words[at] if at < len(words) else "")
        shell.set("OPTARG", value)
        at, inside = at + (1 if word[inside + 1 :] else 2), 1
    elif inside + 1 < len(word):
        inside += 1
    else:
        at, inside = at + 1, 1
    if found == "?":
        shell.say(f"illegal option -- {letter}")
    shell.p.update(optind=at, optchar=inside)
    shell.set("OPTIND", str(at))
    shell.set(name, found)
    return 0


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
            arrays.forget(shell, name)
            shell.p["vars"].pop(name, None)
    return 0
