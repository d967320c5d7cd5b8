"""tar, gzip, gunzip and zcat: over the container's files, and as bytes through stdin and stdout (kubectl cp)."""

import gzip as packing
import io
import tarfile
import zlib
from collections.abc import Iterator

from clusters.reconcile.clock import SECOND
from workloads.runtime.binary import to_bytes, to_text
from workloads.runtime.errors import FileProblem
from workloads.runtime.files import SPACE
from workloads.runtime.shell.pattern import matches
from workloads.runtime.tool import Call
from workloads.runtime.tools.options import Options, read

LONG = {"file": "f", "directory": "C", "create": "c", "extract": "x", "get": "x", "list": "t", "verbose": "v",
        "gzip": "z", "exclude": "X", "no-same-owner": "o", "no-same-permissions": "n", "same-permissions": "p",
        "preserve-permissions": "p", "strip-components": "s", "to-stdout": "O", "dereference": "h",
        "overwrite": "w", "warning": "W", "keep-old-files": "k", "no-overwrite-dir": "w", "totals": "w"}  # fmt: skip


class Member:
    """A path of the container as it stands in an archive."""

    def __init__(self, name: str, path: str, text: str | None, link: str) -> None:
        self.name, self.path, self.text, self.link = name, path, text, link


def tar(call: Call) -> int | None:
    if call.args and not call.args[0].startswith("-"):
        call.args[0] = "-" + call.args[0]
    options, words = read(call, LONG, "fCXsW")
    if "c" in options:
        return _create(call, options, words)
    if "x" in options or "t" in options:
        return _extract(call, options, words)
    call.complain("You must specify one of the '-Acdtrux', '--delete' or '--test-label' options")
    return 2


def _create(call: Call, options: Options, words: list[str]) -> int:
    place = call.path(options.last("C", "."))
    if not words:
        call.complain("Cowardly refusing to create an empty archive")
        return 2
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz" if "z" in options else "w", format=tarfile.GNU_FORMAT) as archive:
        for word in words:
            for member in _members(call, word, call.path(f"{place}/{word}") if word[:1] != "/" else call.path(word)):
                if not any(matches(pattern, member.name) for pattern in options.all("X")):
                    _add(call, archive, member)
                    if "v" in options:
                        call.machine.write(call.process, 1 if options.last("f", "-") != "-" else 2, member.name + "\n")
    data = to_text(out.getvalue())
    call.machine.fuel += len(data) >> 8
    target = options.last("f", "-")
    if target == "-":
        call.out(data)
    elif not call.change("write", target, data, call.now):
        return 2
    return 2 if call.failed else 0


def _members(call: Call, name: str, path: str) -> Iterator[Member]:
    files = call.files
    link = (files.changes.get(path) or {}).get("link", "")
    name = name.lstrip("/") or "."
    if link:
        yield Member(name, path, None, link)
        return
    text = files.read(path)
    if text is None and not files.is_folder(path):
        call.complain(f"{name}: Cannot stat: No such file or directory")
        call.failed = True
        return
    yield Member(name, path, text, "")
    if text is None:
        for inner in files.names(path):
            yield from _members(call, f"{name.rstrip('/')}/{inner}", f"{path.rstrip('/')}/{inner}")


def _add(call: Call, archive: tarfile.TarFile, member: Member) -> None:
    info = tarfile.TarInfo(member.name)
    info.mtime = (call.files.changed_at(member.path) or call.machine.run["began"]) // SECOND
    info.mode, info.uname, info.gname = call.files.mode(member.path), "root", "root"
    if member.link:
        info.type, info.linkname = tarfile.SYMTYPE, member.link
        archive.addfile(info)
    elif member.text is None:
        info.type = tarfile.DIRTYPE
        archive.addfile(info)
    else:
        data = to_bytes(member.text)
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))


def _extract(call: Call, options: Options, words: list[str]) -> int | None:
    source = options.last("f", "-")
    if source == "-":
        held = call.memory.setdefault("archive", [])
        held.extend(text for _, text in call.chunks([]))
        if sum(len(text) for text in held) > 2 * SPACE:
            call.complain("write error: No space left on device")
            return 2
        if call.is_blocked:
            return None
        data = to_bytes("".join(held))
    else:
        text = call.text(source)
        if text is None:
            return 2
        data = to_bytes(text)
    call.machine.fuel += len(data) >> 8
    try:
        with tarfile.open(fileobj=io.BytesIO(_plain(data)), mode="r:") as archive:
            return _unpack(call, archive, options, words)
    except (tarfile.TarError, OSError, EOFError, zlib.error):
        call.complain("This does not look like a tar archive" if data else "short read")
        return 2


def _plain(data: bytes) -> bytes:
    """Unpacked, as far as a container can hold it."""
    if data[:2] != b"\x1f\x8b":
        return data
    return zlib.decompressobj(31).decompress(data, 2 * SPACE)


def _unpack(call: Call, archive: tarfile.TarFile, options: Options, words: list[str]) -> int:
    place = call.path(options.last("C", "."))
    if "C" in options and not call.files.is_folder(place):
        call.complain(f"{options.last('C')}: Cannot open: No such file or directory")
        return 2
    strip = call.number(options.last("s", "0"))
    for info in archive:
        if words and not any(info.name == word or info.name.startswith(word.rstrip("/") + "/") for word in words):
            continue
        if "t" in options or "v" in options:
            call.machine.write(call.process, 1, info.name + ("/" if info.isdir() else "") + "\n")
        parts = [part for part in info.name.split("/") if part not in ("", ".", "..")][strip:]
        if "t" in options or not parts:
            continue
        try:
            _place(call, archive, info, f"{place.rstrip('/')}/{'/'.join(parts)}")
        except FileProblem as problem:
            call.complain(f"{info.name}: Cannot open: {problem}")
            call.failed = True
    return 2 if call.failed else 0


def _place(call: Call, archive: tarfile.TarFile, info: tarfile.TarInfo, path: str) -> None:
    files = call.files
    if info.isdir():
        files.make_folders(path, call.now)
        return
    folder = path.rpartition("/")[0]
    if folder and not files.is_folder(folder):
        files.make_folders(folder, call.now)
    if info.issym():
        if files.exists(path):
            files.remove(path)
        files.link(path, info.linkname, call.now)
    elif info.isfile():
        found = archive.extractfile(info)
        files.write(path, to_text(found.read(SPACE + 1) if found else b""), call.now)
        files.set_mode(path, info.mode & 0o777, call.now)


def gzip(call: Call) -> int | None:
    options, paths = read(call, {"decompress": "d", "stdout": "c", "keep": "k", "force": "f"}, "")
    unpacks = "d" in options or call.name in ("gunzip", "zcat")
    to_stdout = "c" in options or call.name == "zcat"
    if not paths:
        held = call.memory.setdefault("text", [])
        held.extend(text for _, text in call.chunks([]))
        if call.is_blocked:
            return None
        return _pass(call, "".join(held), unpacks, "", True)
    codes = [_pass(call, text, unpacks, name, to_stdout, "k" in options)
             for name in paths if (text := call.text(name)) is not None]  # fmt: skip
    return max([int(call.failed), *codes])


def _pass(call: Call, text: str, unpacks: bool, name: str, to_stdout: bool, keep: bool = False) -> int:
    data = to_bytes(text)
    call.machine.fuel += len(data) >> 8
    try:
        made = to_text(_plain(data) if unpacks else packing.compress(data, 6, mtime=0))
    except zlib.error:
        made = None
    if made is None or (unpacks and data[:2] != b"\x1f\x8b"):
        call.complain("invalid magic" if not name else f"{name}: not in gzip format")
        return 1
    if to_stdout:
        call.out(made)
        return 0
    target = name.removesuffix(".gz") if unpacks else name + ".gz"
    if call.change("write", target, made, call.now) and not keep:
        call.change("remove", name)
    return int(call.failed)
