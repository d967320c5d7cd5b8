"""One cluster for all of these tests, a namespace for each."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest

from tests.conformance import kubectl as real
from tests.conformance.kubectl import Kubectl
from tests.podium import Podium

CLUSTER = "conformance"
SPEED = "4"  # kubectl waits for what takes a cluster seconds
_numbers = count(1)


@pytest.fixture(scope="package")
def admin(podium: Podium, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kubectl]:
    """kubectl with the right to act, in the default namespace."""
    with cluster(podium, CLUSTER, SPEED, tmp_path_factory.mktemp("kubectl")) as found:
        yield found


@pytest.fixture
def kubectl(admin: Kubectl) -> Iterator[Kubectl]:
    """The same in a namespace of the test's own."""
    name = f"test-{next(_numbers)}"
    admin("create", "namespace", name)
    admin.within(name).eventually("default", "get", "serviceaccounts")
    yield admin.within(name)
    admin("delete", "namespace", name, "--wait=false")


@contextmanager
def cluster(podium: Podium, name: str, speed: str, folder: Path) -> Iterator[Kubectl]:
    """kubectl before a cluster that is gone when these tests are over: its time would cost the others theirs."""
    path = real.find()
    if path is None:
        pytest.skip(real.MISSING)
    made = podium.manage("cluster", "create", name, "--speed", speed)
    assert made.returncode == 0, made.stderr
    said = podium.manage("kubeconfig", name)
    assert said.returncode == 0, said.stderr
    (folder / "config").write_text(said.stdout)
    yield Kubectl(path, folder / "config", folder / "cache")
    podium.manage("cluster", "delete", name)
