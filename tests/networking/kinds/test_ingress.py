"""What an Ingress and an IngressClass may be, and how kubectl shows them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body, put
from clusters.kinds.problem import Status
from clusters.kinds.unhonoured import warnings
from networking.kinds.ingress import INGRESS, shown_address, shown_hosts
from tests.networking.ingress.test_nginx import ingress
from tests.sim import Sim

BACKEND = {"service": {"name": "web", "port": {"number": 80}}}


def with_path(path: Any, kind: str | None = "Prefix", **backend: Any) -> Body:
    line = {"path": path, "backend": backend or BACKEND, **({"pathType": kind} if kind else {})}
    return put(ingress("web", "web"), "spec.rules", [{"http": {"paths": [line]}}])


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (put(ingress("web", "web"), "spec", {}), "either `defaultBackend` or `rules` must be specified"),
        (with_path("web"), "must be an absolute path"),
        (with_path("/a//b"), "must not contain '//'"),
        (with_path("/a/.."), "cannot end with '/..'"),
        (with_path("/", None), "pathType must be specified"),
        (with_path("/", "Regex"), 'supported values: "Exact", "ImplementationSpecific", "Prefix"'),
        (with_path("/", service={"name": "web", "port": {}}), "port name or number is required"),
        (with_path("/", service={"name": "web", "port": {"name": "a", "number": 1}}), "cannot set both port name"),
        (ingress("web", "web", host="10.0.0.1"), "must be a DNS name, not an IP address"),
        (ingress("web", "web", host="a.*.com"), "a wildcard DNS-1123 subdomain must start with '*.'"),
    ],
)
def test_a_wrong_ingress_is_refused_with_the_servers_own_words(body: Body, said: str) -> None:
    with pytest.raises(Status) as refused:
        Sim(nodes=0).apply(body)

    assert said in refused.value.message


def test_the_old_annotation_and_the_field_exclude_each_other() -> None:
    body = ingress("web", "web", spec={"ingressClassName": "nginx"})
    body["metadata"]["annotations"] = {"kubernetes.io/ingress.class": "nginx"}

    with pytest.raises(Status) as refused:
        Sim(nodes=0).apply(body)

    assert "can not be set when the class field is also set" in refused.value.message


def test_the_controller_of_a_class_cannot_be_changed() -> None:
    body = {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "mine"}}
    sim = Sim(nodes=0).apply({**body, "spec": {"controller": "example.com/one"}})

    with pytest.raises(Status) as refused:
        sim.patch("ingressclasses", "mine", "spec.controller", "example.com/two")

    assert "field is immutable" in refused.value.message


def test_a_class_needs_a_controller_with_a_domain() -> None:
    body = {"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": {"name": "mine"}}

    with pytest.raises(Status) as refused:
        Sim(nodes=0).apply({**body, "spec": {"controller": "nginx"}})

    assert "must be a domain-prefixed path" in refused.value.message


def test_of_two_defaults_the_newest_counts() -> None:
    sim = Sim(nodes=0)
    for name in ("old", "new"):
        marked = {"name": name, "annotations": {"ingressclass.kubernetes.io/is-default-class": "true"}}
        spec = {"controller": f"example.com/{name}"}
        sim.apply({"apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": marked, "spec": spec}).run(
            2
        )

    sim.apply(ingress("web", "web"))

    assert sim.get("ingresses", "web")["spec"]["ingressClassName"] == "new"


def test_the_table_shows_three_hosts_and_a_short_address() -> None:
    body = put(ingress("web", "web"), "spec.rules", [{"host": f"{name}.com"} for name in "abcd"])
    body = put(body, "status.loadBalancer.ingress", [{"ip": "192.168.64.1"}, {"ip": "192.168.64.2"}])

    assert shown_hosts(body, 0) == "a.com,b.com,c.com + 1 more..."
    assert shown_address(body, 0) == "192.168.64.1,..."
    assert shown_hosts(put(body, "spec.rules", []), 0) == "*"


def test_an_annotation_that_has_no_effect_is_told() -> None:
    body = ingress("web", "web", rewrite_target="/", configuration_snippet="deny all;", proxy_ssl_verify="on")

    told = warnings(INGRESS, body)

    assert [one.partition("]")[0].rpartition("/")[2] for one in told] == ["configuration-snippet", "proxy-ssl-verify"]
