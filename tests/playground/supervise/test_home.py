"""PODIUM_HOME, and how a command finds the Podium that runs there."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from playground.supervise import home
from playground.supervise.environment import Trouble, read
from playground.supervise.home import Running
from playground.supervise.process import Process, identify


@pytest.fixture
def state() -> Running:
    """A Podium on port 9000 whose supervisor is this very process."""
    return Running(
        supervisor=identify("play", os.getpid()),
        ready=True,
        page_url="http://127.0.0.1:9000/",
        api_url="https://127.0.0.1:9443/",
        variables={"PODIUM_PORT": "9000", "PODIUM_API_PORT": "9443", "DATABASE_URL": "postgresql://db/podium"},
        processes=(Process("web", 17, 1.5),),
    )


def test_a_command_finds_the_running_podium_by_its_home_alone(tmp_path: Path, state: Running) -> None:
    home.write_state(tmp_path, state)
    found = home.effective({"PODIUM_HOME": str(tmp_path)})

    assert home.running(tmp_path) == state
    assert (found.port, found.api_port, found.database_url) == (9000, 9443, "postgresql://db/podium")


def test_what_a_command_is_told_itself_goes_before(tmp_path: Path, state: Running) -> None:
    home.write_state(tmp_path, state)

    assert home.effective({"PODIUM_HOME": str(tmp_path), "PODIUM_PORT": "9001"}).port == 9001


def test_a_podium_that_has_ended_is_not_running(tmp_path: Path, state: Running) -> None:
    home.write_state(tmp_path, replace(state, supervisor=Process("play", os.getpid(), 1.0)))

    assert home.running(tmp_path) is None
    assert home.effective({"PODIUM_HOME": str(tmp_path)}).port == 8000


def test_a_podium_that_still_starts_is_not_running_yet(tmp_path: Path, state: Running) -> None:
    home.write_state(tmp_path, replace(state, ready=False))

    assert home.running(tmp_path) is None


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"supervisor": {}}'])
def test_a_state_file_that_makes_no_sense_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "running.json").write_text(text)

    assert home.read_state(tmp_path) is None


def test_the_state_file_and_the_secret_key_are_for_their_owner_alone(tmp_path: Path, state: Running) -> None:
    home.write_state(tmp_path, state)
    home.keep_secret_key(tmp_path)

    modes = [stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("running.json", "secret-key")]
    assert modes == [0o600, 0o600]


def test_the_secret_key_is_made_once(tmp_path: Path) -> None:
    home.keep_secret_key(tmp_path)
    before = (tmp_path / "secret-key").read_text()
    home.keep_secret_key(tmp_path)

    assert (tmp_path / "secret-key").read_text() == before
    assert len(before) > 40


def test_a_home_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with home.locked(tmp_path), pytest.raises(Trouble, match="Podium already runs on"), home.locked(tmp_path):
        pass

    with home.locked(tmp_path):
        assert read({"PODIUM_HOME": str(tmp_path)}).home == tmp_path
