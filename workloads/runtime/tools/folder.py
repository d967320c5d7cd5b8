"""Tools that look at files and paths: ls, find, stat, basename, dirname, readlink, realpath, which."""

from workloads.runtime.binary import size as bytes_in
from workloads.runtime.server import date_of
from workloads.runtime.shell.pattern import matches
from workloads.runtime.tool import Call, flags


def ls(call: Call) -> int:
    options, paths = flags(call.args)
    files, folders = [], []
    for name in paths or ["."]:
        path = call.path(name)
        if call.files.is_folder(path) and "d" not in options:
            folders.append(name)
        elif call.files.exists(path):
            files.append(name)
        else:
            call.complain(f"{name}: No such file or directory")
            call.failed = True
    _show(call, options, [(name, call.path(name)) for name in sorted(files)])
    for at, name in enumerate(folders):
        if len(paths) > 1:
            call.out(f"{chr(10) if files or at else ''}{name}:\n")
        names = call.files.names(call.path(name))
        if "a" in options:
            names = [".", "..", *names]
        elif "A" not in options:
            names = [inner for inner in names if not inner.startswith(".")]
        if "l" in options:
            call.out(f"total {len(names) * 4}\n")
        _show(call, options, [(inner, call.path(f"{name}/{inner}")) for inner in names])
    return int(call.failed)


def _show(call: Call, options: dict[str, str], entries: list[tuple[str, str]]) -> None:
    if "t" in options:
        entries.sort(key=lambda entry: -(call.files.changed_at(entry[1]) or 0))
    if "r" in options:
        entries.reverse()
    call.machine.fuel += len(entries)
    call.out("".join((_long(call, *entry) if "l" in options else entry[0]) + "\n" for entry in entries))


def _long(call: Call, name: str, path: str) -> str:
    change = call.files.changes.get(path) or {}
    text = "" if "link" in change else call.files.read(path)
    kind = "l" if "link" in change else "d" if text is None else "-"
    when = date_of(change["at"] if change else call.machine.run["began"])
    size = bytes_in(text) if text is not None else 4096
    arrow = f" -> {change['link']}" if "link" in change else ""
    owner = "{:8} {:8}".format(*_owners(call, path))
    stamp = f"{when:%b} {when.day:2} {when:%H:%M}"
    return f"{kind}{_letters(call.files.mode(path))} {1:4} {owner} {size:9} {stamp} {name}{arrow}"


def _owners(call: Call, path: str) -> list[str]:
    return [str(number) if number else "root" for number in call.files.owner(path, call.machine.run["user"])]


def _letters(mode: int) -> str:
    letters = [letter if mode >> (8 - at) & 1 else "-" for at, letter in enumerate("rwxrwxrwx")]
    if mode & 0o2000:  # what is made in it has its group
        letters[5] = "s" if letters[5] == "x" else "S"
    return "".join(letters)


def find(call: Call) -> int:
    words = list(call.args)
    starts = []
    while words and words[0][0] not in "-!(":
        starts.append(words.pop(0))
    wanted = {"-name": "*", "-type": "", "-maxdepth": "1000"}
    while words:
        key = words.pop(0)
        if key == "-print":
            continue
        if key not in wanted or not words:
            return call.usage(f"unrecognized: {key}")
        wanted[key] = words.pop(0)
    for name in starts or ["."]:
        if call.files.exists(call.path(name)):
            _walk(call, name, wanted, call.number(wanted["-maxdepth"]))
        else:
            call.complain(f"{name}: No such file or directory")
            call.failed = True
    return int(call.failed)


def _walk(call: Call, name: str, wanted: dict[str, str], depth: int) -> None:
    path = call.path(name)
    is_folder = call.files.is_folder(path)
    call.machine.fuel += 1
    if wanted["-type"] in ("", "d" if is_folder else "f") and matches(wanted["-name"], name.rpartition("/")[2] or name):
        call.out(name + "\n")
    if is_folder and depth > 0:
        for inner in call.files.names(path):
            _walk(call, f"{name.rstrip('/')}/{inner}", wanted, depth - 1)


def stat(call: Call) -> int:
    options, paths = flags(call.args, takes="c")
    for name in paths:
        path = call.path(name)
        if not call.files.exists(path):
            call.complain(f"can't stat '{name}': No such file or directory")
            call.failed = True
            continue
        text = call.files.read(path)
        user, group = _owners(call, path)
        uid, gid = call.files.owner(path, call.machine.run["user"])
        facts = {"n": name, "s": str(bytes_in(text)) if text is not None else "4096",
                 "a": f"{call.files.mode(path):o}", "U": user, "G": group, "u": str(uid), "g": str(gid),
                 "Y": str((call.files.changed_at(path) or call.machine.run["began"]) // 1_000_000),
                 "F": "directory" if text is None else "regular file" if text else "regular empty file"}  # fmt: skip
        line = options.get("c", "  File: %n\n  Size: %s\t%F\nAccess: (0%a)  Uid: (%u/%U)  Gid: (%g/%G)")
        for key, value in facts.items():
            line = line.replace(f"%{key}", value)
        call.out(line + "\n")
    return int(call.failed)


def basename(call: Call) -> int:
    if not call.args:
        return call.usage("missing operand")
    name = call.args[0].rstrip("/").rpartition("/")[2] or "/"
    suffix = call.args[1] if len(call.args) > 1 else ""
    call.out((name.removesuffix(suffix) if name != suffix else name) + "\n")
    return 0


def dirname(call: Call) -> int:
    if not call.args:
        return call.usage("missing operand")
    for name in call.args:
        head, slash, _ = name.rstrip("/").rpartition("/")
        call.out((head.rstrip("/") or ("/" if slash or name.startswith("/") else ".")) + "\n")
    return 0


def readlink(call: Call) -> int:
    options, paths = flags(call.args)
    for name in paths:
        change = call.files.changes.get(call.path(name)) or {}
        if "f" in options:
            call.out(call.files.follow(call.path(name)) + "\n")
        elif "link" in change:
            call.out(change["link"] + "\n")
        else:
            call.failed = True
    return int(call.failed)


def realpath(call: Call) -> int:
    for name in flags(call.args)[1]:
        if call.files.exists(call.path(name)):
            call.out(call.files.follow(call.path(name)) + "\n")
        else:
            call.complain(f"{name}: No such file or directory")
            call.failed = True
    return int(call.failed)


def which(call: Call) -> int:
    for name in flags(call.args)[1]:
        folders = [""] if "/" in name else [f"{folder}/" for folder in call.env.get("PATH", "").split(":")]
        found = next((f + name for f in folders if call.path(f + name) in call.files.tree.programs), None)
        if found is None:
            call.failed = True
        else:
            call.out(found + "\n")
    return int(call.failed)
