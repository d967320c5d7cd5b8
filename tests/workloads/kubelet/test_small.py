"""Durations, quantities and addresses."""

from __future__ import annotations

import pytest

from clusters.kinds.body import Body
from clusters.reconcile.clock import HOUR, MILLISECOND, MINUTE, SECOND
from tests.sim import Sim, pod
from workloads.kubelet.addresses import Addresses, of_pods
from workloads.kubelet.durations import go_duration
from workloads.kubelet.index import Index
from workloads.kubelet.resources import milli, requests, whole


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0s"),
        (612 * MILLISECOND, "612ms"),
        (10 * SECOND, "10s"),
        (1580 * MILLISECOND, "1.58s"),
        (MINUTE + 20 * SECOND, "1m20s"),
        (5 * MINUTE, "5m0s"),
        (HOUR, "1h0m0s"),
    ],
)
def test_a_duration_is_written_as_go_does(amount: int, text: str) -> None:
    assert go_duration(amount) == text


def test_quantities_are_rounded_up() -> None:
    assert milli("100m") == 100
    assert milli("1.5") == 1500
    assert whole("64Mi") == 64 * 2**20
    assert whole("1k") == 1000
    assert whole("100m") == 1


def test_a_pod_asks_for_its_containers_together_or_its_greediest_init_container() -> None:
    def of(cpu: str, **more: str) -> Body:
        return {"resources": {"requests": {"cpu": cpu}}, **more}

    first = [of("1"), of("50m", restartPolicy="Always")]
    body = {"spec": {"containers": [of("100m"), of("200m")], "initContainers": first}}

    assert requests(body)["cpu"] == 1000


def test_the_lowest_free_address_is_given_out_first() -> None:
    addresses = Addresses()
    for address in ("10.244.1.2", "10.244.1.3", "10.244.1.4"):
        addresses.take(address)

    addresses.give_back("10.244.1.3")

    assert addresses.lowest_free(*of_pods("10.244.1.0/24")) == "10.244.1.3"


def test_a_full_range_has_no_address() -> None:
    addresses = Addresses()
    addresses.take("10.0.0.2")

    assert addresses.lowest_free("10.0.0.2", "10.0.0.2") is None


def test_an_address_that_was_given_back_rests_until_all_had_their_turn() -> None:
    addresses = Addresses()
    addresses.take("10.0.0.3")

    assert addresses.next_free("", "10.0.0.2", "10.0.0.5") == "10.0.0.2"
    assert addresses.next_free("10.0.0.2", "10.0.0.2", "10.0.0.5") == "10.0.0.4"
    assert addresses.next_free("10.0.0.5", "10.0.0.2", "10.0.0.5") == "10.0.0.2"


def test_a_full_range_has_no_next_address() -> None:
    addresses = Addresses()
    addresses.take("10.0.0.2")

    assert addresses.next_free("10.0.0.2", "10.0.0.2", "10.0.0.2") is None


def test_what_is_over_holds_no_address() -> None:
    index, box = Index(), {"metadata": {"namespace": "n", "name": "u"}, "pod": {"namespace": "d", "name": "p"},
                           "ip": "10.0.0.2", "since": 1, "running": [], "containers": {}}  # fmt: skip

    index.changed("sandboxes", box, None)
    held = index.nodes["n"].addresses.next_free("", "10.0.0.2", "10.0.0.2")
    index.changed("sandboxes", {**box, "over": True}, box)

    assert held is None
    assert index.nodes["n"].addresses.next_free("", "10.0.0.2", "10.0.0.2") == "10.0.0.2"


def test_a_new_pod_has_a_new_address_though_nobody_has_the_old_one() -> None:
    sim = Sim(nodes=1).apply(pod("first")).settle()
    before = sim.get("pods", "first")["status"]["podIP"]

    sim.delete("pods", "first").run(40)
    sim.restart()
    sim.apply(pod("second")).settle()

    assert (before, sim.get("pods", "second")["status"]["podIP"]) == ("10.244.1.2", "10.244.1.3")
