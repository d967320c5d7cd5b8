"""Services as the API server fills them in, judges and shows them."""

from __future__ import annotations

from typing import Any

import pytest

from clusters.kinds.body import Body
from networking.kinds.service import SERVICE
from tests.clusters.kinds.desk import cells, filled, wrongs

ADDRESS = {"clusterIP": "10.96.7.7", "clusterIPs": ["10.96.7.7"]}


def service(**spec: Any) -> Body:
    return {"spec": {"selector": {"app": "web"}, "ports": [{"port": 80}], **spec}}


def test_everything_that_kubernetes_fills_in_is_filled_in() -> None:
    made = filled(SERVICE, service())

    assert made["spec"] == {
        "selector": {"app": "web"},
        "ports": [{"port": 80, "protocol": "TCP", "targetPort": 80}],
        "type": "ClusterIP",
        "sessionAffinity": "None",
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
    }
    assert made["status"] == {"loadBalancer": {}}


def test_a_wide_row_shows_address_ports_and_selector() -> None:
    ports = [{"port": 80, "nodePort": 30080}, {"port": 53, "protocol": "UDP"}]

    assert cells(SERVICE, filled(SERVICE, service(type="NodePort", ports=ports, **ADDRESS)), wide=True) == {
        "Name": "it",
        "Type": "NodePort",
        "Cluster-IP": "10.96.7.7",
        "External-IP": "<none>",
        "Port(s)": "80:30080/TCP,53/UDP",
        "Age": "90s",
        "Selector": "app=web",
    }


def test_a_load_balancer_waits_for_a_cloud() -> None:
    assert cells(SERVICE, filled(SERVICE, service(type="LoadBalancer")))["External-IP"] == "<pending>"


def test_an_external_name_is_shown_as_an_address() -> None:
    row = cells(SERVICE, filled(SERVICE, {"spec": {"type": "ExternalName", "externalName": "example.com"}}))

    assert (row["Cluster-IP"], row["External-IP"], row["Port(s)"]) == ("<none>", "example.com", "<none>")


def test_a_service_that_sticks_to_clients_does_so_for_three_hours() -> None:
    made = filled(SERVICE, service(sessionAffinity="ClientIP"))

    assert made["spec"]["sessionAffinityConfig"] == {"clientIP": {"timeoutSeconds": 10800}}


def test_its_name_is_a_dns_1035_label() -> None:
    (sentence,) = wrongs(SERVICE, {**service(), "metadata": {"name": "1web"}})

    assert sentence.startswith('metadata.name: Invalid value: "1web": a DNS-1035 label must consist of')


@pytest.mark.parametrize(
    ("spec", "told"),
    [
        ({"type": "Magic"}, 'supported values: "ClusterIP", "ExternalName", "LoadBalancer", "NodePort"'),
        ({"ports": []}, "spec.ports: Required value"),
        ({"ports": [{"port": 80}, {"port": 81}]}, "spec.ports[0].name: Required value"),
        ({"ports": [{"port": 80, "name": "a"}, {"port": 81, "name": "a"}]}, 'spec.ports[1].name: Duplicate value: "a"'),
        ({"ports": [{"port": 80, "name": "a"}, {"port": 80, "name": "b"}]}, "spec.ports[1]: Duplicate value"),
        (
            {"ports": [{"port": 0, "targetPort": 1}]},
            "spec.ports[0].port: Invalid value: 0: must be between 1 and 65535",
        ),
        ({"ports": [{"port": 80, "targetPort": "A"}]}, "spec.ports[0].targetPort: Invalid value"),
        ({"ports": [{"port": 80, "nodePort": 30080}]}, "may not be used when `type` is 'ClusterIP'"),
        ({"selector": {"app": "a b"}}, "spec.selector: Invalid value"),
        ({"sessionAffinity": "Always"}, 'supported values: "ClientIP", "None"'),
        ({"clusterIP": "ten", "clusterIPs": ["ten"]}, "must be a valid IP address"),
        (
            {"type": "NodePort", "clusterIP": "None", "clusterIPs": ["None"]},
            "may not be set to 'None' for NodePort services",
        ),
        ({"type": "ExternalName"}, "spec.externalName: Required value"),
        ({"ipFamilies": ["IPv6"]}, "not configured on this cluster"),
        ({"ipFamilyPolicy": "RequireDualStack"}, "this cluster is not configured for dual-stack services"),
        ({"externalTrafficPolicy": "Local"}, "may only be set for externally-accessible services"),
        ({"externalIPs": ["here"]}, "spec.externalIPs[0]: Invalid value"),
    ],
)
def test_a_wrong_service_is_refused(spec: Body, told: str) -> None:
    (sentence,) = wrongs(SERVICE, service(**spec))[:1]

    assert told in sentence


def test_a_headless_service_needs_no_ports() -> None:
    assert wrongs(SERVICE, {"spec": {"clusterIP": "None", "clusterIPs": ["None"]}}) == []


def test_a_cluster_ip_never_changes() -> None:
    other = {"clusterIP": "10.96.8.8", "clusterIPs": ["10.96.8.8"]}

    assert wrongs(SERVICE, service(**other), service(**ADDRESS)) == [
        'spec.clusterIPs[0]: Invalid value: ["10.96.8.8"]: may not change once set',
    ]
