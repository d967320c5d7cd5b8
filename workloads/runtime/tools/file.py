"""Tools that change files: touch, rm, rmdir, mkdir, mktemp, cp, mv, ln, chmod, chown."""

from workloads.runtime.tool import Call, flags


def touch(call: Call) -> int:
    options, paths = flags(call.args, takes="dtr")
    for name in paths:
        path = call.path(name)
        if call.files.is_folder(path) or ("c" in options and not call.files.exists(path)):
            continue
        call.change("write", name, call.files.read(path) or "", call.now)
    return int(call.failed)


def rm(call: Call) -> int:
    options, paths = flags(call.args)
    recursive, force = "r" in options or "R" in options, "f" in options
    for name in paths:
        path = call.path(name)
        if call.files.is_folder(path) and not recursive:
            call.complain(f"{name}: Is a directory")
            call.failed = True
        elif path == "/":
            call.complain("it is dangerous to operate recursively on '/'")
            call.failed = True
        elif call.files.exists(path) or not force:
            if not call.files.exists(path):
                call.complain(f"can't remove '{name}': No such file or directory")
                call.failed = True
            else:
                call.change("remove", name)
    return int(call.failed)


def rmdir(call: Call) -> int:
    for name in flags(call.args)[1]:
        if call.files.names(call.path(name)):
            call.complain(f"'{name}': Directory not empty")
            call.failed = True
        else:
            call.change("remove", name)
    return int(call.failed)


def mkdir(call: Call) -> int:
    options, paths = flags(call.args, takes="m")
    for name in paths:
        path = call.path(name)
        if "p" not in options:
            if call.files.exists(path):
                call.complain(f"can't create directory '{name}': File exists")
                call.failed = True
            else:
                call.change("make_folder", name, call.now)
            continue
        parts = path.strip("/").split("/")
        for end in range(1, len(parts) + 1):
            folder = "/" + "/".join(parts[:end])
            if not call.files.is_folder(folder) and not call.change("make_folder", folder, call.now):
                break
    return int(call.failed)


def mktemp(call: Call) -> int:
    options, paths = flags(call.args, takes="p")
    stem = paths[0] if paths else f"{options.get('p') or '/tmp'}/tmp.XXXXXX"
    name = stem.rstrip("X") + f"{call.machine.number():06d}"
    done = call.change("make_folder", name, call.now) if "d" in options else call.change("write", name, "", call.now)
    if done:
        call.out(name + "\n")
    return int(call.failed)


def copy(call: Call) -> int:
    return _carry(call, keep=True)


def move(call: Call) -> int:
    return _carry(call, keep=False)


def _carry(call: Call, keep: bool) -> int:
    options, paths = flags(call.args)
    if len(paths) < 2:
        return call.usage("missing file operand")
    *sources, target = paths
    into = call.files.is_folder(call.path(target))
    for name in sources:
        end = f"{target.rstrip('/')}/{name.rstrip('/').rpartition('/')[2]}" if into else target
        if not call.files.exists(call.path(name)):
            call.complain(f"can't {'stat' if keep else 'rename'} '{name}': No such file or directory")
            call.failed = True
        elif call.files.is_folder(call.path(name)) and keep and not any(key in options for key in "raR"):
            call.complain(f"omitting directory '{name}'")
            call.failed = True
        elif _tree(call, name, end) and not keep:
            call.change("remove", name)
    return int(call.failed)


def _tree(call: Call, name: str, target: str) -> bool:
    text = call.files.read(call.path(name))
    if text is not None:
        mode = call.files.mode(call.path(name))
        call.machine.fuel += len(text) >> 8
        return call.change("write", target, text, call.now) and call.change("set_mode", target, mode, call.now)
    done = call.files.is_folder(call.path(target)) or call.change("make_folder", target, call.now)
    for inner in call.files.names(call.path(name)):
        done = done and _tree(call, f"{name}/{inner}", f"{target}/{inner}")
    return done


def link(call: Call) -> int:
    options, paths = flags(call.args)
    if len(paths) < 2:
        return call.usage("missing file operand")
    source, target = paths[0], paths[1]
    if call.files.is_folder(call.path(target)):
        target = f"{target.rstrip('/')}/{source.rpartition('/')[2]}"
    if "f" in options and call.files.exists(call.path(target)):
        call.change("remove", target)
    if "s" in options:
        call.change("link", target, source, call.now)
    elif (text := call.text(source)) is not None:
        call.change("write", target, text, call.now)
    return int(call.failed)


def chmod(call: Call) -> int:
    _, words = flags([word for word in call.args if not word.startswith("-R")])
    if any(word.startswith("-") for word in call.args[:1]) and not words:
        return call.usage("missing operand")
    for name in words[1:]:
        path = call.path(name)
        if not call.files.exists(path):
            call.complain(f"{name}: No such file or directory")
            call.failed = True
            continue
        mode = _mode(words[0], call.files.mode(path))
        if mode is None:
            return call.usage(f"invalid mode '{words[0]}'")
        call.change("set_mode", name, mode, call.now)
    return int(call.failed)


def _mode(text: str, old: int) -> int | None:
    if text and not text.strip("01234567"):
        return int(text, 8)
    who, _, what = text.partition("+") if "+" in text else text.partition("-")
    if not what or what.strip("rwx") or who.strip("ugoa"):
        return None
    bits = sum({"r": 4, "w": 2, "x": 1}[letter] for letter in what)
    mask = sum(bits << {"u": 6, "g": 3, "o": 0}[letter] for letter in ("ugo" if who in ("", "a") else who))
    return old | mask if "+" in text else old & ~mask


def chown(call: Call) -> int:
    """Everybody is root here: nothing changes, but the file must be there."""
    for name in flags(call.args)[1][1:]:
        if not call.files.exists(call.path(name)):
            call.complain(f"{name}: No such file or directory")
            call.failed = True
    return int(call.failed)
