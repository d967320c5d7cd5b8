"""Under which user Postgres runs: it refuses to be root, so root lends it an unprivileged one."""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playground.supervise.environment import Trouble

CANDIDATES = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int

    def popen(self) -> dict[str, Any]:
        """How subprocess starts a program under this account."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def unprivileged() -> Account | None:
    """None unless this process is root."""
    if os.getuid() != 0:
        return None
    for name in CANDIDATES:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble("Podium was started by root, and Postgres needs a user such as `postgres` or `nobody` to run under.")


def private_folder(path: Path, account: Account | None) -> None:
    """A folder of mode 0700 that belongs to the account; somebody else's in its place is refused."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    owner = account.uid if account else os.getuid()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in (owner, os.getuid()):
        raise Trouble(f"{path} belongs to somebody else; remove it or choose another PODIUM_HOME.")
    if account and found.st_uid != account.uid:
        os.chown(path, account.uid, account.gid)
    path.chmod(0o700)


def within_reach(base: Path, parts: Sequence[str], account: Account | None, copies: Path) -> Path:
    """The folder with these parts, or a copy where the account may go: root's checkout is often closed to others."""
    if account is None or all(parent.stat().st_mode & stat.S_IXOTH for parent in (base, *base.parents)):
        return base
    copy = copies / f"programs-{int((base / parts[0]).stat().st_mtime)}"
    if not copy.exists():
        draft = copies / "programs.new"
        shutil.rmtree(draft, ignore_errors=True)
        for part in parts:
            if (base / part).exists():
                shutil.copytree(base / part, draft / part, symlinks=True)
        draft.rename(copy)
    return copy
