"""Fixtures for every test: servers that start when first needed, and a whole Podium of the tests' own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from playground.supervise import postgres, programs, valkey
from playground.supervise.account import unprivileged
from playground.supervise.environment import Environment, read
from playground.supervise.play import open_folder
from playground.supervise.supervisor import Supervisor
from tests.browser import find as find_browser
from tests.plugin import GIVEN, HOME
from tests.podium import Podium


@pytest.fixture(scope="session")
def environment() -> Environment:
    """The settings of the tests' own home."""
    return read()


@pytest.fixture(scope="session")
def servers(environment: Environment) -> Iterator[Supervisor]:
    """Supervises the servers that tests call directly."""
    logs = HOME / "logs"
    logs.mkdir(exist_ok=True)
    open_folder(environment.sockets)
    supervisor = Supervisor(logs, print, lambda _: None)
    yield supervisor
    supervisor.stop()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(servers: Supervisor, environment: Environment) -> None:
    """pytest-django asks for this before it makes the test database: then Postgres must run."""
    if GIVEN["DATABASE_URL"]:
        return
    server = postgres.prepare(HOME / "postgres", environment.sockets / "postgres", unprivileged())
    postgres.make(server, servers.run)
    servers.start(programs.database(server))


@pytest.fixture(scope="session")
def django_db_keepdb() -> bool:
    """The embedded server goes with the run: nothing need be dropped, whatever threads still hold a connection."""
    return not GIVEN["DATABASE_URL"]


@pytest.fixture(scope="session")
def redis_url(servers: Supervisor, environment: Environment) -> str:
    """The address of a Redis that runs."""
    if not GIVEN["REDIS_URL"]:
        servers.start(programs.queue(valkey.prepare(environment.sockets / "valkey")))
    return environment.redis_url


@pytest.fixture(scope="session")
def podium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podium]:
    """A whole Podium, as `manage.py play` starts it, shared by the tests that leave it as they found it."""
    with Podium(tmp_path_factory.mktemp("podium")) as found:
        yield found


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The browser that Playwright drives."""
    found = find_browser()
    assert found, "The tests need a browser: install Chromium (Debian: apt-get install chromium)."
    return found
