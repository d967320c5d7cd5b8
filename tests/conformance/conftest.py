"""One cluster for all of these tests, a namespace for each."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from tests.conformance import kubectl as real
from tests.conformance.kubectl import Kubectl
from tests.podium import Podium

CLUSTER = "conformance"
_numbers = count(1)


@pytest.fixture(scope="session")
def admin(podium: Podium, tmp_path_factory: pytest.TempPathFactory) -> Kubectl:
    """kubectl with the right to act, in the default namespace."""
    path = real.find()
    if path is None:
        pytest.skip(real.MISSING)
    made = podium.manage("cluster", "create", CLUSTER)
    assert made.returncode == 0, made.stderr
    folder = tmp_path_factory.mktemp("kubectl")
    return Kubectl(path, kubeconfig(podium, folder), folder / "cache")


@pytest.fixture
def kubectl(admin: Kubectl) -> Iterator[Kubectl]:
    """The same in a namespace of the test's own."""
    name = f"test-{next(_numbers)}"
    admin("create", "namespace", name)
    admin.within(name).eventually("default", "get", "serviceaccounts")
    yield admin.within(name)
    admin("delete", "namespace", name, "--wait=false")


def kubeconfig(podium: Podium, folder: Path) -> Path:
    said = podium.manage("kubeconfig", CLUSTER)
    assert said.returncode == 0, said.stderr
    file = folder / "config"
    file.write_text(said.stdout)
    return file
