"""`manage.py play` with real processes."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from playground.supervise import home
from playground.supervise.environment import ROOT
from tests.podium import Podium, all_dead, until


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Podium]:
    """One for all tests that kill its processes, stop it or start it again: to make its tables takes seconds."""
    found = Podium(tmp_path_factory.mktemp("own") / "podium")
    yield found
    found.stop()


@pytest.fixture
def own_podium(kept: Podium) -> Podium:
    """A whole Podium that nobody else uses. It runs."""
    if not kept.is_running():
        kept.start()
    return kept


@pytest.fixture
def stopped(tmp_path: Path) -> Iterator[Podium]:
    """A Podium that is not started yet."""
    found = Podium(tmp_path / "podium")
    yield found
    found.stop()


def test_it_prints_one_line_when_it_is_ready(podium: Podium) -> None:
    assert podium.printed() == f"Podium is ready at {podium.base_url}\n"


def test_every_child_has_a_session_of_its_own(podium: Podium) -> None:
    children = podium.processes

    assert {"postgres", "valkey", "worker-1", "timekeeper", "web"} <= set(children)
    assert [os.getsid(child.pid) for child in children.values()] == [child.pid for child in children.values()]


def test_the_servers_listen_on_no_port(podium: Podium) -> None:
    servers = [psutil.Process(podium.processes[name].pid) for name in ("postgres", "valkey")]

    assert [server.net_connections(kind="inet") for server in servers] == [[], []]


def test_the_api_port_speaks_tls_under_podiums_own_authority(podium: Podium) -> None:
    context = ssl.create_default_context(cafile=podium.authority)

    with (
        socket.create_connection(("127.0.0.1", podium.api_port)) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        assert connection.version() == "TLSv1.3"


def test_a_second_play_on_the_same_home_is_refused_in_one_sentence(podium: Podium) -> None:
    refused = podium.manage("play")

    assert refused.returncode == 1
    assert refused.stderr == f"Podium already runs on {podium.home} at {podium.base_url}.\n"


def test_a_taken_port_is_named_in_one_sentence(podium: Podium, tmp_path: Path) -> None:
    refused = podium.manage("play", variables={"PODIUM_HOME": str(tmp_path / "other")})

    assert refused.returncode == 1
    assert refused.stderr == (
        f"Port {podium.port} on 127.0.0.1 is taken by another program; choose another with PODIUM_PORT.\n"
    )


def test_a_home_that_cannot_be_written_is_named_in_one_sentence(stopped: Podium, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = stopped.manage("play", variables={"PODIUM_HOME": str(tmp_path / "file" / "home")})

    assert refused.returncode == 1
    assert refused.stderr == f"PODIUM_HOME {tmp_path}/file/home cannot be written to: Not a directory.\n"


@pytest.mark.parametrize(
    ("variable", "url", "sentence"),
    [
        (
            "DATABASE_URL",
            "postgresql://127.0.0.1:1/podium",
            "The PostgreSQL server named by DATABASE_URL cannot be reached: ",
        ),
        ("DATABASE_URL", "sqlite:///podium.db", "DATABASE_URL must begin with postgresql://"),
        ("REDIS_URL", "redis://127.0.0.1:1/0", "The Redis server named by REDIS_URL cannot be reached: "),
    ],
)
def test_a_server_out_of_reach_is_named_in_one_sentence(
    stopped: Podium, variable: str, url: str, sentence: str
) -> None:
    refused = stopped.manage("play", variables={variable: url})

    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert len(refused.stderr.splitlines()) == 1


def test_a_second_start_makes_no_tables(own_podium: Podium) -> None:
    own_podium.restart()

    assert "Preparing the tables" not in own_podium.errors()


def test_a_worker_that_is_killed_is_started_again(own_podium: Podium) -> None:
    before = own_podium.processes["worker-1"]
    after = own_podium.kill_process("worker-1")

    assert after.pid != before.pid
    assert "worker-1 was ended by SIGKILL; it is started again." in own_podium.errors()


def test_what_a_killed_play_leaves_is_ended_by_the_next(own_podium: Podium) -> None:
    left = own_podium.processes
    own_podium.kill()
    assert not all_dead(left)

    own_podium.start()

    assert all_dead(left)
    assert set(own_podium.processes) == set(left)


def test_play_imports_no_django() -> None:
    code = "import sys, playground.supervise.play; sys.exit('django' in sys.modules or 'celery' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_static_files_are_served_and_checked_before_they_are_used_again(podium: Podium) -> None:
    with urllib.request.urlopen(f"{podium.base_url}static/base/main.css") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-cache"
        assert answer.headers["Content-Type"].startswith("text/css")


def test_a_killed_database_comes_back(own_podium: Podium) -> None:
    own_podium.kill_process("postgres")

    until(lambda: "postmaster.pid" in os.listdir(own_podium.home / "postgres"), "Postgres runs again")
    assert own_podium.is_running()


def test_a_stop_ends_everything(own_podium: Podium) -> None:
    first = own_podium.processes
    own_podium.stop()

    assert all_dead(first)
    assert own_podium.wait() == 0
    assert home.running(own_podium.home) is None
