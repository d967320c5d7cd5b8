"""A node's rules as iptables-save lists them."""

from __future__ import annotations

from clusters.kinds.body import Body, Key
from networking.proxy.choosing import Place
from networking.proxy.listing import chain, iptables_save

KEY = Key("default", "web")


def rules(*endpoints: list[str], **more: object) -> Body:
    ports = [{"name": "http", "protocol": "TCP", "port": 80, "node": 30080}]
    slices = [{"ports": {"http": 8080}, "endpoints": list(endpoints)}] if endpoints else []
    return {"ips": ["10.96.0.7"], "outside": [], "ports": ports, "slices": slices, **more}


ONE, TWO = ["10.244.1.2", "n1", "ready"], ["10.244.2.2", "n2", "ready"]


def listed(body: Body, node: str = "n1") -> list[str]:
    return iptables_save([(KEY, body)], Place(node)).splitlines()


def test_the_chain_of_a_service_has_the_name_that_it_has_everywhere() -> None:
    assert chain("KUBE-SVC-", "default/kubernetes:https", "tcp") == "KUBE-SVC-NPX46M4PTMTKRN6Y"


def test_the_chances_of_the_endpoints_add_up() -> None:
    found = [line for line in listed(rules(ONE, TWO)) if line.startswith("-A KUBE-SVC-") and "->" in line]

    assert ["--probability 0.50000000000" in line for line in found] == [True, False]


def test_every_chain_is_declared_before_it_is_used() -> None:
    for table in "\n".join(listed(rules(ONE, TWO, sticky=60, outer="Local", inner="Local"))).split("COMMIT"):
        declared = [line.split()[0][1:] for line in table.splitlines() if line.startswith(":")]
        used = [line.split()[1] for line in table.splitlines() if line.startswith("-A")]
        jumps = [line.rsplit("-j ", 1)[1].split()[0] for line in table.splitlines() if line.startswith("-A")]

        assert [name for name in used if name not in declared] == []
        assert [name for name in jumps if name.startswith("KUBE-S") and name not in declared] == []


def test_without_endpoints_it_refuses_and_without_local_ones_it_drops() -> None:
    assert any("has no endpoints" in line and line.endswith("icmp-port-unreachable") for line in listed(rules()))
    far = listed(rules(TWO, outer="Local"))
    assert any("has no local endpoints" in line and line.endswith("-j DROP") for line in far)


def test_sticky_clients_are_looked_up_first() -> None:
    found = [line for line in listed(rules(ONE, sticky=60)) if line.startswith("-A KUBE-SVC-")]

    assert "--rcheck --seconds 60" in found[1]
