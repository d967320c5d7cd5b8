"""A request from outside is answered by a pod, and what it changed is kept."""

from __future__ import annotations

import pytest

from clusters.kernel import Request
from clusters.kinds.octets import bytes_of
from clusters.reconcile.outside import asked, request_of
from tests.sim import Sim, pod


@pytest.fixture
def sim() -> Sim:
    return Sim(nodes=1).apply(pod("web", ports=[{"containerPort": 80}])).settle()


def test_a_request_survives_the_journey() -> None:
    request = Request("http", 80, "POST", "/a?b=c", (("Host", "x"),), bytes(range(256)), "x")

    assert request_of(asked(request)) == request


def test_the_pod_answers_at_its_own_port(sim: Sim) -> None:
    (reply,) = sim.hear("request", "web", {"s": "1", "host": "", "request": asked(Request("http", 80))})

    assert (reply["ok"], reply["status"]) == (True, 200)
    assert b"<html>" in bytes_of(reply["body"])


def test_what_a_server_is_told_it_keeps(sim: Sim) -> None:
    sim.apply(pod("red", "redis")).settle()
    count = {"s": "1", "host": "", "request": asked(Request("tcp", 6379, body=b"INCR visits\r\n"))}

    replies = [sim.hear("request", "red", count)[0]["body"] for _ in range(2)]

    assert replies == [":1\r\n", ":2\r\n"]


def test_nobody_listens_at_another_port(sim: Sim) -> None:
    (reply,) = sim.hear("request", "web", {"s": "1", "host": "", "request": asked(Request("http", 81))})

    assert (reply["ok"], reply["reason"]) == (False, "connection refused")


def test_a_pod_that_is_gone_answers_nobody(sim: Sim) -> None:
    (reply,) = sim.hear("request", "nobody", {"s": "1", "host": "", "request": asked(Request("http", 80))})

    assert reply["ok"] is False


def test_a_name_that_nobody_handles_is_passed_over(sim: Sim) -> None:
    assert sim.hear("nonsense", "web", {}) == []
