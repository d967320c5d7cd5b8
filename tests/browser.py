"""Which browser the tests drive: Debian's Chromium, or the one that PODIUM_TEST_BROWSER names."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find() -> str | None:
    """The browser's path, or None."""
    named = os.environ.get("PODIUM_TEST_BROWSER")
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


if __name__ == "__main__" and find() is None:
    sys.exit("The tests need a browser: install Chromium (Debian: apt-get install chromium).")
