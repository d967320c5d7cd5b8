"""Secrets of type `kubernetes.io/service-account-token`."""

from __future__ import annotations

from base64 import b64decode

from clusters.kinds import token
from clusters.kinds.body import Body, Key
from tests.sim import Sim

ACCOUNT = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "robot"}}


def secret(account: str) -> Body:
    metadata = {"name": "robot-token", "annotations": {"kubernetes.io/service-account.name": account}}
    return {"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/service-account-token", "metadata": metadata}


def test_such_a_secret_gets_a_token_that_the_api_server_takes() -> None:
    sim = Sim(nodes=1)

    sim.apply(ACCOUNT, secret("robot")).settle()

    data = {name: b64decode(text).decode() for name, text in sim.get("secrets", "robot-token")["data"].items()}
    said = token.read(data["token"])
    machine = sim.loop.objects.get("machines", Key("", "control-plane"))
    assert said is not None
    assert said["sub"] == "system:serviceaccount:default:robot"
    assert token.is_valid(data["token"], said, machine, 0)
    assert not token.is_valid(data["token"] + "x", said, machine, 0)
    assert (data["namespace"], sorted(data)) == ("default", ["ca.crt", "namespace", "token"])
    assert len(sim.log.all("secrets", "MODIFIED")) == 1


def test_it_goes_with_its_service_account() -> None:
    sim = Sim(nodes=1).apply(ACCOUNT, secret("robot")).settle()

    sim.delete("serviceaccounts", "robot").settle()

    assert sim.find("secrets", "robot-token") is None


def test_a_secret_for_nobody_is_removed() -> None:
    sim = Sim(nodes=1).apply(secret("nobody")).settle()

    assert sim.find("secrets", "robot-token") is None
