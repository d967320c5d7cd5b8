"""The example of other Ingress controllers: HAProxy in pods, F5's device outside."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import pytest
import yaml

from clusters.kinds.unhonoured import warnings
from networking.kinds.ingress import INGRESS
from tests.networking.ingress.test_nginx import ingress
from tests.sim import Sim, pod

EXAMPLE = Path("playground/examples/manifests/ingress-other-controllers.yaml")


@pytest.fixture(scope="module")
def born() -> Sim:
    objects = [one for one in yaml.safe_load_all(EXAMPLE.read_text()) if one]
    objects.sort(key=lambda one: one["kind"] != "Namespace")
    client = pod("client", "busybox", command=["sleep", "1000000"])
    return Sim(addons=True).apply(*objects, client).settle().run(20)


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def test_haproxy_serves_its_own_and_writes_its_own_kind_of_log(sim: Sim) -> None:
    found = sim.send(None, "haproxy.example.com", 80, "/x")

    assert (found.status, found.body) == (200, b"Hello\n")
    log = sim.logs(sim.list("pods", "haproxy-controller")[0])
    assert " http default_svc_hello_80/SRV_1 0/0/0/" in log
    assert '"GET haproxy.example.com/x HTTP/1.1"' in log


@pytest.mark.parametrize("source", [None, "client"])
def test_the_device_is_reached_from_outside_and_from_pods(sim: Sim, source: str | None) -> None:
    found = sim.send(source, "192.168.49.200", 80, "/", headers=(("Host", "f5.example.com"),))

    assert (found.status, found.body) == (200, b"Hello\n")
    assert any(hop.what == "device" for hop in found.hops)


def test_only_ingress_nginx_says_that_it_has_synced(sim: Sim) -> None:
    sim.apply(ingress("web", "hello")).settle()

    assert sim.events("Sync", "web")
    assert not sim.events("Sync", "by-haproxy")
    assert not sim.events("Sync", "by-f5")


def test_their_annotations_that_have_no_effect_are_told() -> None:
    body = ingress("web", "web")
    body["metadata"]["annotations"] = {"haproxy.org/path-rewrite": "/", "virtual-server.f5.com/ip": "192.168.49.200"}

    told = warnings(INGRESS, body)

    assert told == ["metadata.annotations[haproxy.org/path-rewrite]: is not simulated here and has no effect"]
