"""`manage.py cluster` and `manage.py kubeconfig`, against a Podium that runs and without one."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from urllib.request import Request, urlopen

import yaml

from playground.supervise.environment import ROOT
from tests.podium import Podium


def manage(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.run(command, env=dict(environment), capture_output=True, text=True, cwd=ROOT, timeout=120)


def test_a_cluster_is_made_found_and_deleted(podium: Podium) -> None:
    made = manage(podium.environment, "cluster", "create", "blue", "--nodes", "1", "--timings", "kubernetes")
    address = manage(podium.environment, "cluster", "url", "blue")
    listed = manage(podium.environment, "cluster", "list")
    deleted = manage(podium.environment, "cluster", "delete", "blue")

    assert made.returncode == 0, made.stderr
    assert re.fullmatch(re.escape(podium.base_url) + r"c/\w+/\n", made.stdout)
    assert address.stdout == made.stdout
    assert re.search(r"^blue +kubernetes", listed.stdout, re.MULTILINE)
    assert deleted.returncode == 0
    assert manage(podium.environment, "cluster", "url", "blue").returncode != 0


def test_the_edit_address_is_whole_and_holds_the_looking_one(podium: Podium) -> None:
    look = manage(podium.environment, "cluster", "create", "green", "--nodes", "0").stdout.strip()

    act = manage(podium.environment, "cluster", "url", "green", "--edit").stdout.strip()

    assert act.startswith(look + "edit/")
    assert act.endswith("/")


def test_a_kubeconfig_works_as_it_is(podium: Podium) -> None:
    manage(podium.environment, "cluster", "create", "red", "--nodes", "1")

    config = yaml.safe_load(manage(podium.environment, "kubeconfig", "red").stdout)

    cluster, user = config["clusters"][0]["cluster"], config["users"][0]["user"]
    trust = ssl.create_default_context(cadata=b64decode(cluster["certificate-authority-data"]).decode())
    asked = Request(cluster["server"] + "/api/v1/nodes", headers={"Authorization": f"Bearer {user['token']}"})
    with urlopen(asked, context=trust) as answer:
        nodes = yaml.safe_load(answer.read())["items"]
    names = [node["metadata"]["name"] for node in nodes]
    assert names == ["control-plane", "worker-1"]


def test_what_makes_no_sense_is_one_sentence(podium: Podium) -> None:
    manage(podium.environment, "cluster", "create", "twice", "--nodes", "0")
    for arguments in (("create", "twice"), ("create", "x", "--speed", "100"), ("create", "../x"), ("url", "nope")):
        refused = manage(podium.environment, "cluster", *arguments)

        assert refused.returncode != 0
        assert refused.stdout == ""
        assert len(refused.stderr.strip().splitlines()) == 1


def test_without_a_running_podium_each_command_says_so(tmp_path: Path, podium: Podium) -> None:
    nowhere = {**podium.environment, "PODIUM_HOME": str(tmp_path / "nowhere")}
    for arguments in (("cluster", "list"), ("cluster", "create", "x"), ("kubeconfig",)):
        refused = manage(nowhere, *arguments)

        assert refused.returncode != 0
        assert "No Podium runs" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
        assert refused.stdout == ""
