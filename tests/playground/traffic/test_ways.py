"""The way of one request in words, and where it is told why it failed."""

from __future__ import annotations

import re

import pytest
from django.template.loader import render_to_string
from django.test import Client

from clusters.kinds.body import Body, Key
from playground.traffic.ways import way

HOPS = [["pod", "default/client", "10.244.1.2 on worker-1"], ["service", "default/web", "has no endpoints"]]
TRACE: Body = {"at": 1_000_000, "took": 900, "name": "a|b|no endpoints", "reason": "no endpoints", "from": "client",
               "to": "", "stands": 40, "status": 0, "hops": HOPS}  # fmt: skip


def test_a_failed_request_asks_why_when_it_is_opened() -> None:
    found = way(TRACE, 2_000_000, Key("default", "load"))

    html = render_to_string("traffic/_way.html", {"way": found, "base": "/c/x/"})

    assert found.asks == f"traffic/default/load/why/?way={found.id}"
    assert f'hx-get="/c/x/{found.asks}"' in html
    assert "stands for 40 requests" in html


def test_an_answered_one_has_nothing_to_ask() -> None:
    assert way({**TRACE, "reason": "", "status": 200}, 2_000_000, Key("default", "load")).asks == ""


@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("redis_url")
def test_of_a_request_that_is_no_longer_kept_this_is_said() -> None:
    client = Client(headers={"HX-Request": "true"})
    base = client.post("/new/")["Location"]

    answer = client.get(f"{base}traffic/default/load/why/?way=way-1-2")

    assert answer.status_code == 200
    assert re.search("no longer kept", answer.content.decode())
