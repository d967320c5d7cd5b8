"""A container's files in layers: what it changed, over its mounts, over its image. Paths are absolute, normalised."""

from collections.abc import Iterator, Mapping
from typing import Any

from clusters.reconcile.clock import Time
from workloads.images.base import Tree
from workloads.runtime.errors import FileProblem

SPACE = 16 * 1024 * 1024  # what a container may write, and what any volume holds: it is kept in memory and database
ENTRIES = 1000
Changed = Mapping[str, Any]  # {"text", "at", "mode"}, {"folder": 1, "at"}, {"link", "at"} or None (removed)


def normal(path: str, cwd: str = "/") -> str:
    parts: list[str] = []
    for part in (path if path.startswith("/") else f"{cwd}/{path}").split("/"):
        if part == "..":
            parts[-1:] = []
        elif part not in ("", "."):
            parts.append(part)
    return "/" + "/".join(parts)


def inside(path: str, folder: str) -> bool:
    return folder == "/" or path == folder or path.startswith(folder + "/")


class Files:
    """One container's files during one advance. `changes` is replaced, never mutated, so a run can share it."""

    def __init__(
        self,
        tree: Tree,
        mounts: Mapping[str, Mapping[str, str]],
        changes: Changed,
        read_only: tuple[str, ...] = (),
        about: Mapping[str, Mapping[str, Any]] | None = None,
        guarded: bool = False,
        free: tuple[str, ...] = (),
    ) -> None:
        """`about`: mount path -> {"space": bytes it holds, "mode": of its files, "modes": {name in it: mode},
        "group": of its files, "folder": its own mode}.

        `guarded`: the user is not the one whose files the image's are. `free`: what can be written all the same.
        """
        self.guarded, self.free = guarded, free
        self.tree, self.changes, self.read_only, self.about = tree, changes, read_only, about or {}
        # of mounts within mounts the innermost counts
        self.mounts = {path: mounts[path] for path in sorted(mounts, key=len, reverse=True)}

    def read(self, path: str) -> str | None:
        """The text of a file; None when there is none."""
        path = self.follow(path)
        if path in self.changes:
            change = self.changes[path]
            return change.get("text") if change else None
        return self._below(path)

    def program(self, path: str) -> str:
        """What a program is that was installed after the image was made; "": none was."""
        change = self.changes.get(path)
        return str(change.get("program", "")) if change else ""

    def install(self, path: str, program: str, now: Time) -> None:
        """A package brings a program: the name of a tool."""
        self._may_create(path)
        self._put(path, {"text": "", "at": now, "mode": 0o755, "program": program})

    def follow(self, path: str) -> str:
        for _ in range(8):
            change = self.changes.get(path)
            if not change or "link" not in change:
                return path
            path = normal(change["link"], path.rpartition("/")[0])
        return path

    def _below(self, path: str) -> str | None:
        for mount, content in self.mounts.items():
            if inside(path, mount):
                return content.get(path[len(mount) + 1 :]) if mount != path else content.get("")
        text = self.tree.files.get(path)
        return "" if text is None and path in self.tree.programs else text

    def is_folder(self, path: str) -> bool:
        path = self.follow(path)
        if path in self.changes:
            return bool(self.changes[path] and "folder" in self.changes[path])
        return self._is_folder_below(path)

    def _is_folder_below(self, path: str) -> bool:
        for mount, content in self.mounts.items():
            if mount == path:
                return "" not in content
            if inside(path, mount):
                return any(inside(name, path[len(mount) + 1 :]) and name != path[len(mount) + 1 :] for name in content)
            if inside(mount, path):
                return True
        return path in self.tree.children

    def exists(self, path: str) -> bool:
        return self.is_folder(path) or self.read(path) is not None or path in SPECIAL

    def names(self, folder: str) -> list[str]:
        """What stands in a folder, sorted."""
        folder = self.follow(folder)
        prefix = folder.rstrip("/") + "/"
        found = dict.fromkeys(self._names_below(folder, prefix))
        for path, change in self.changes.items():
            name, slash, _ = path[len(prefix) :].partition("/")
            if path.startswith(prefix) and not slash:
                if change is None:
                    found.pop(name, None)
                else:
                    found[name] = None
        return sorted(found)

    def _names_below(self, folder: str, prefix: str) -> Iterator[str]:
        owner = next((mount for mount in self.mounts if inside(folder, mount)), None)
        if owner is None:
            yield from self.tree.children.get(folder, ())
        else:
            base = folder[len(owner) + 1 :]
            for name in self.mounts[owner]:
                if (not base or name.startswith(base + "/")) and name != base + "/":
                    yield name[len(base) + 1 if base else 0 :].partition("/")[0]
        for mount in self.mounts:
            if mount.startswith(prefix) and mount != folder:
                yield mount[len(prefix) :].partition("/")[0]

    def below(self, path: str) -> dict[str, str]:
        """Every file in a folder and its folders, by relative name; an empty folder as `name/`."""
        found: dict[str, str] = {}
        folders = [path]
        while folders:
            folder = folders.pop()
            names = self.names(folder)
            if not names and folder != path:
                found[folder[len(path.rstrip("/")) + 1 :] + "/"] = ""
            for name in names:
                inner = f"{folder.rstrip('/')}/{name}"
                text = self.read(inner)
                if text is not None:
                    found[inner[len(path.rstrip("/")) + 1 :]] = text
                elif self.is_folder(inner):
                    folders.append(inner)
        return found

    def changed_at(self, path: str) -> Time | None:
        change = self.changes.get(self.follow(path))
        return change["at"] if change else None

    def mode(self, path: str) -> int:
        path = self.follow(path)
        change = self.changes.get(path)
        if change and "mode" in change:
            return int(change["mode"])
        given = self.given_mode(path)
        if given is not None:
            return given
        if path in self.about and "folder" in self.about[path] and self.is_folder(path):
            return int(self.about[path]["folder"])
        return 0o755 if path in self.tree.programs or self.is_folder(path) else 0o644

    def given_mode(self, path: str) -> int | None:
        """What the volume says of a file's mode; None where it says nothing."""
        owner = self._owner(path) if self.about else ""
        about = self.about.get(owner)
        if not about or self.is_folder(path):
            return None
        found: int | None = about.get("modes", {}).get(path[len(owner) + 1 :], about.get("mode"))
        return found

    def owner(self, path: str, user: Mapping[str, Any]) -> tuple[int, int]:
        """User and group of a file: what a container made is its user's, what it found is root's."""
        path = self.follow(path)
        mount = self._owner(path)
        if mount in ROOTS:
            return (user["uid"], user["gid"]) if self.changes.get(path) else (0, 0)
        group = self.about.get(mount, {}).get("group")
        if path == mount or mount in self.read_only:
            return 0, group or 0
        return user["uid"], user["gid"] if group is None else group

    def write(self, path: str, text: str, now: Time) -> None:
        """Creates or replaces a file. Raises FileProblem."""
        path = self.follow(path)
        self._may_create(path)
        if self.is_folder(path):
            raise FileProblem("Is a directory")
        old = self.changes.get(path) or {}
        owner = self._owner(path)
        known = old.get("text", "") if path in self.changes or not owner else self._below(path) or ""
        if self._used_of(owner) - len(known) + len(text) > self.about.get(owner, {}).get("space", SPACE):
            raise FileProblem("No space left on device")
        mode = old.get("mode", self.mode(path) if self.read(path) is not None else 0o644)
        self._put(path, {"text": text, "at": now, "mode": mode})

    def make_folder(self, path: str, now: Time) -> None:
        if self.exists(path):
            raise FileProblem("File exists")
        self._may_create(path)
        self._put(path, {"folder": 1, "at": now})

    def make_folders(self, path: str, now: Time) -> None:
        """The folder with all above it that are not there yet."""
        parts = path.strip("/").split("/")
        for end in range(1, len(parts) + 1):
            folder = "/" + "/".join(parts[:end])
            if not self.is_folder(folder):
                self.make_folder(folder, now)

    def link(self, path: str, target: str, now: Time) -> None:
        if self.exists(path):
            raise FileProblem("File exists")
        self._may_create(path)
        self._put(path, {"link": target, "at": now})

    def set_mode(self, path: str, mode: int, now: Time) -> None:
        path = self.follow(path)
        if self.is_folder(path):
            return
        self.write(path, self.read(path) or "", now)
        self._put(path, {**self.changes[path], "mode": mode})

    def remove(self, path: str) -> None:
        """A file, or a folder with all that is in it."""
        if not self.exists(path) and path not in self.changes:
            raise FileProblem("No such file or directory")
        if path in self.mounts:
            raise FileProblem("Device or resource busy")
        self._may_write(path)
        kept = {at: change for at, change in self.changes.items() if not inside(at, path)}
        self.changes = kept
        if self._below(path) is not None:
            self._put(path, None)
        elif self._is_folder_below(path):
            self.changes = {**kept, **dict.fromkeys(self._under(path)), path: None}

    def _under(self, folder: str) -> list[str]:
        """Every path below a folder of the layers underneath, so that a removed folder comes back empty."""
        found = []
        for name in sorted(dict.fromkeys(self._names_below(folder, folder.rstrip("/") + "/"))):
            path = f"{folder.rstrip('/')}/{name}"
            found.append(path)
            if self._is_folder_below(path):
                found.extend(self._under(path))
        return found

    def used(self) -> int:
        return sum(len(change.get("text", "")) for change in self.changes.values() if change)

    def _owner(self, path: str) -> str:
        """The mount on which a path is; "": on the container's own layer."""
        return next((mount for mount in self.mounts if inside(path, mount)), "")

    def _used_of(self, owner: str) -> int:
        """Bytes on one mount, or written to the container's own layer."""
        mine = [(path, change) for path, change in self.changes.items() if self._owner(path) == owner]
        new = sum(len(change.get("text", "")) for _, change in mine if change)
        if not owner:
            return new
        gone = {path[len(owner) + 1 :] for path, _ in mine}  # for membership only
        return new + sum(len(text) for name, text in self.mounts[owner].items() if name not in gone)

    def _may_create(self, path: str) -> None:
        self._may_write(path)
        parent = path.rpartition("/")[0] or "/"
        if not self.is_folder(parent):
            raise FileProblem("Not a directory" if self.exists(parent) else "No such file or directory")
        if len(self.changes) >= ENTRIES and path not in self.changes:
            raise FileProblem("No space left on device")

    def _may_write(self, path: str) -> None:
        problem = self.barred(path)
        if problem:
            raise FileProblem(problem)

    def barred(self, path: str) -> str:
        """Why nothing can be written there; "" where it can."""
        if inside(path, "/dev") or path in self.free:
            return ""
        mount = self._owner(path)
        sealed = mount in self.read_only if mount else "/" in self.read_only
        if sealed or inside(path, "/proc") or inside(path, "/sys"):
            return "Read-only file system"
        if self.guarded and mount in ROOTS and not any(inside(path, folder) for folder in SHARED):
            return "Permission denied"
        return ""

    def _put(self, path: str, change: Mapping[str, Any] | None) -> None:
        self.changes = {**self.changes, path: change}


# what belongs to root: the image's own files, and those that the kubelet writes
ROOTS = ("", "/etc/hosts", "/etc/hostname", "/etc/resolv.conf")
SHARED = ("/tmp", "/var/tmp", "/run/lock")
SPECIAL = (
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/dev/full",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/proc/1/fd/1",
    "/proc/1/fd/2",
)
