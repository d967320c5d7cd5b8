"""Before Django's settings are read: the tests have a home and servers of their own, never the user's Podium.

The servers start when a test first needs them, so that pure tests stay in milliseconds.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from playground.supervise import environment

HOME = Path(tempfile.mkdtemp(prefix="podium-tests-"))
SERVERS = ("DATABASE_URL", "REDIS_URL")
LEAD = "TESTS_WERE_GIVEN_"  # one of several processes inherits what the first has set: this tells what was there before
GIVEN = {name: os.environ.setdefault(LEAD + name, os.environ.get(name, "")) for name in SERVERS}


def isolate() -> None:
    for name in SERVERS:
        os.environ[name] = GIVEN[name]
    for name in [name for name in os.environ if name.startswith("PODIUM_") and name != "PODIUM_TEST_BROWSER"]:
        del os.environ[name]
    os.environ["PODIUM_HOME"] = str(HOME)
    os.environ["PODIUM_SECRET_KEY"] = "for tests alone"
    settled = environment.with_embedded_servers(environment.read())
    os.environ.update(DATABASE_URL=settled.database_url, REDIS_URL=settled.redis_url)
    atexit.register(shutil.rmtree, settled.sockets, ignore_errors=True)
    atexit.register(shutil.rmtree, HOME, ignore_errors=True)


isolate()
