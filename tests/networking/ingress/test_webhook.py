"""ingress-nginx refuses an Ingress before it is stored, as its admission webhook does."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from clusters.kinds.problem import Status
from tests.networking.ingress.test_nginx import ingress
from tests.sim import Sim

WEBHOOK = 'admission webhook "validate.nginx.ingress.kubernetes.io" denied the request: '


@pytest.fixture(scope="module")
def born() -> Sim:
    return Sim(addons=True).settle().run(10).apply(ingress("first", "web")).settle()


@pytest.fixture
def sim(born: Sim) -> Sim:
    return deepcopy(born)


def refused(sim: Sim, *args: Any, **more: Any) -> str:
    with pytest.raises(Status) as found:
        sim.apply(ingress(*args, **more))
    assert (found.value.code, found.value.reason) == (400, "BadRequest")
    assert found.value.message.startswith(WEBHOOK)
    return found.value.message.removeprefix(WEBHOOK)


def test_a_host_and_path_that_another_ingress_has_is_refused(sim: Sim) -> None:
    told = refused(sim, "second", "web")

    assert told == 'host "web.example.com" and path "/" is already defined in ingress default/first'


def test_rules_without_host_are_called_by_an_underscore(sim: Sim) -> None:
    sim.apply(ingress("any", "web", host=""))

    assert refused(sim, "other", "web", host="").startswith('host "_" and path "/"')


def test_another_path_a_canary_another_class_and_itself_again_are_welcome(sim: Sim) -> None:
    sim.apply(
        ingress("deeper", "web", path="/deep"),
        ingress("canary", "web", canary="true"),
        ingress("other", "web", spec={"ingressClassName": "other"}),
    )
    sim.patch("ingresses", "first", "metadata.annotations", {"a": "b"})

    assert len(sim.list("ingresses")) == 4


def test_a_pattern_needs_the_path_type_that_is_up_to_nginx(sim: Sim) -> None:
    path = "/something(/|$)(.*)"

    told = refused(sim, "rewrite", "web", host="a.example.com", path=path, rewrite_target="/$2")
    sim.apply(ingress("right", "web", host="a.example.com", path=path, type="ImplementationSpecific"))

    assert told == f"ingress contains invalid paths: path {path} cannot be used with pathType Prefix"


def test_snippets_are_switched_off(sim: Sim) -> None:
    told = refused(sim, "snippet", "web", host="a.example.com", configuration_snippet="deny all;")

    assert told == (
        "nginx.ingress.kubernetes.io/configuration-snippet annotation cannot be used. "
        "Snippet directives are disabled by the Ingress administrator"
    )


def test_without_a_controller_nobody_objects(sim: Sim) -> None:
    sim.patch("deployments", "ingress-nginx-controller", "spec.replicas", 0, "ingress-nginx").settle()

    sim.apply(ingress("second", "web"))

    assert len(sim.list("ingresses")) == 2
