"""Services get addresses and node ports, keep them, and give them back."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clusters.kinds.body import Body
from clusters.kinds.problem import Status
from networking.ipam import NETWORK, PORTS
from tests.clusters.admission.room import Room


def service(name: str = "web", **spec: Any) -> Body:
    return {"metadata": {"name": name}, "spec": {"ports": [{"port": 80}], **spec}}


def test_a_service_gets_an_address_of_the_cluster() -> None:
    spec = Room().create("services", service())["spec"]

    assert ip_address(spec["clusterIP"]) in NETWORK
    assert spec["clusterIPs"] == [spec["clusterIP"]]
    assert "nodePort" not in spec["ports"][0]


@pytest.mark.parametrize("type_", ["NodePort", "LoadBalancer"])
def test_a_service_that_is_reached_from_outside_gets_node_ports(type_: str) -> None:
    ports = [{"name": "a", "port": 80}, {"name": "b", "port": 81}]
    given = [port["nodePort"] for port in Room().create("services", service(type=type_, ports=ports))["spec"]["ports"]]

    assert all(port in PORTS for port in given)
    assert given[0] != given[1]


def test_a_load_balancer_may_go_without_node_ports() -> None:
    made = Room().create("services", service(type="LoadBalancer", allocateLoadBalancerNodePorts=False))

    assert "nodePort" not in made["spec"]["ports"][0]


def test_the_same_cluster_gives_the_same_addresses_again() -> None:
    once, again = (Room().create("services", service(type="NodePort"))["spec"] for _ in range(2))

    assert once == again


def test_an_address_can_be_chosen_once() -> None:
    room = Room()
    room.create("services", service("a", clusterIP="10.96.0.10"))

    with pytest.raises(Status) as refused:
        room.create("services", service("b", clusterIP="10.96.0.10"))

    assert refused.value.code == 422
    assert refused.value.message == (
        'Service "b" is invalid: spec.clusterIPs: Invalid value: ["10.96.0.10"]: '
        "failed to allocate IP 10.96.0.10: provided IP is already allocated"
    )


@pytest.mark.parametrize("address", ["10.112.0.1", "10.96.0.0", "10.111.255.255", "192.168.1.1"])
def test_an_address_outside_the_range_is_refused(address: str) -> None:
    with pytest.raises(Status, match="the provided network does not match the current range"):
        Room().create("services", service(clusterIP=address))


def test_a_node_port_can_be_chosen_once() -> None:
    room = Room()
    room.create("services", service("a", type="NodePort", ports=[{"port": 80, "nodePort": 30080}]))

    with pytest.raises(Status) as refused:
        room.create("services", service("b", type="NodePort", ports=[{"port": 80, "nodePort": 30080}]))

    assert refused.value.message == (
        'Service "b" is invalid: spec.ports[0].nodePort: Invalid value: 30080: provided port is already allocated'
    )


def test_a_node_port_outside_the_range_is_refused() -> None:
    with pytest.raises(Status) as refused:
        Room().create("services", service(type="NodePort", ports=[{"port": 80, "nodePort": 80}]))

    assert refused.value.message.endswith(
        "spec.ports[0].nodePort: Invalid value: 80: "
        "provided port is not in the valid range. The range of valid ports is 30000-32767"
    )


def test_a_headless_service_has_no_address() -> None:
    spec = Room().create("services", service(clusterIP="None", selector={"app": "web"}))["spec"]

    assert (spec["clusterIP"], spec["clusterIPs"], spec["ipFamilyPolicy"]) == ("None", ["None"], "SingleStack")


def test_an_external_name_has_no_address() -> None:
    spec = Room().create("services", service(type="ExternalName", externalName="example.com"))["spec"]

    assert "clusterIP" not in spec


def test_an_update_that_does_not_mention_them_keeps_address_and_ports() -> None:
    room = Room()
    made = room.create("services", service(type="NodePort"))

    changed = room.update("services", made, clusterIP=None, clusterIPs=None, ports=[{"port": 80, "targetPort": 8080}])

    assert changed["spec"]["clusterIP"] == made["spec"]["clusterIP"]
    assert changed["spec"]["ports"][0]["nodePort"] == made["spec"]["ports"][0]["nodePort"]


def test_a_service_keeps_its_address_when_it_opens_and_closes() -> None:
    room = Room()
    made = room.create("services", service())

    opened = room.update("services", made, type="NodePort")
    closed = room.update("services", opened, type="ClusterIP")

    assert opened["spec"]["ports"][0]["nodePort"] in PORTS
    assert opened["spec"]["externalTrafficPolicy"] == "Cluster"
    assert closed["spec"] == made["spec"]


def test_a_service_that_becomes_a_name_gives_its_address_back() -> None:
    room = Room()
    made = room.create("services", service())

    named = room.update("services", made, type="ExternalName", externalName="example.com")

    assert "clusterIP" not in named["spec"]
    assert room.create("services", service("b", clusterIP=made["spec"]["clusterIP"]))


def test_the_address_of_a_service_never_changes() -> None:
    room = Room()
    made = room.create("services", service())

    with pytest.raises(Status, match="may not change once set"):
        room.update("services", made, clusterIP="10.96.0.77")


def test_what_a_deleted_service_had_is_free_again() -> None:
    room = Room()
    made = room.create("services", service("a", type="NodePort"))
    room.delete("services", made)

    again = service("b", type="NodePort", clusterIP=made["spec"]["clusterIP"], ports=made["spec"]["ports"])

    assert room.create("services", again)["spec"]["ports"] == made["spec"]["ports"]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.sampled_from(["ClusterIP", "NodePort", "LoadBalancer"]), min_size=1, max_size=30))
def test_no_two_services_share_anything(types: list[str]) -> None:
    room = Room()
    specs = [room.create("services", service(f"s{n}", type=type_))["spec"] for n, type_ in enumerate(types)]
    ports = [port["nodePort"] for spec in specs for port in spec["ports"] if "nodePort" in port]

    assert len({spec["clusterIP"] for spec in specs}) == len(specs)
    assert len(set(ports)) == len(ports)


def test_a_range_that_is_full_is_an_error_of_the_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("networking.ipam.NETWORK", IPv4Network("10.96.0.0/30"))
    monkeypatch.setattr("networking.ipam.OWN_CHOICE_ADDRESSES", 1)
    room = Room()

    given = sorted(room.create("services", service(name))["spec"]["clusterIP"] for name in ("a", "b"))

    assert given == ["10.96.0.1", "10.96.0.2"]
    with pytest.raises(Status, match="failed to allocate a serviceIP: range is full"):
        room.create("services", service("c"))


def test_a_load_balancer_with_policy_local_has_a_port_for_its_health_check() -> None:
    room = Room()

    local = room.create("services", service(type="LoadBalancer", externalTrafficPolicy="Local"))
    anywhere = room.create("services", service("other", type="LoadBalancer"))

    assert local["spec"]["healthCheckNodePort"] in PORTS
    assert "healthCheckNodePort" not in anywhere["spec"]
