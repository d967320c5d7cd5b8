"""kubectl on a terminal of its own, as a person sits before it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import time
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from tests.podium import PATIENCE


class Tty:
    """A command whose stdin, stdout and stderr are a pseudo terminal."""

    def __init__(self, command: Sequence[str]) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True)
        os.close(theirs)
        self.seen = ""
        self._read = 0  # what was waited for already

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._ours)

    def type(self, keys: str) -> Self:
        os.write(self._ours, keys.encode())
        return self

    def until(self, wanted: str, seconds: float = PATIENCE) -> str:
        """What came up to and with this, after what was waited for before."""
        end = time.monotonic() + seconds
        while wanted not in self.seen[self._read :]:
            left = end - time.monotonic()
            assert left > 0, f"no {wanted!r} in {self.seen!r}"
            if not self._more(left):
                assert wanted in self.seen[self._read :], f"no {wanted!r} in {self.seen!r}"
        begin, self._read = self._read, self.seen.index(wanted, self._read) + len(wanted)
        return self.seen[begin : self._read]

    def wait(self, seconds: float = PATIENCE) -> int:
        """Its exit code."""
        end = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < end:
            self._more(0.1)
        return self.process.wait(1)

    def _more(self, seconds: float) -> bool:
        ready, _, _ = select.select([self._ours], [], [], max(seconds, 0))
        if not ready:
            return True
        try:
            found = os.read(self._ours, 65536)
        except OSError:  # the other end is closed
            time.sleep(0.05)
            return False
        self.seen += found.decode(errors="replace")
        return bool(found)
