"""An object's page through Django's own client."""

from __future__ import annotations

import re

import pytest
from django.test import Client

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("redis_url")]


def test_every_tab_opens_and_nothing_is_sent_that_has_not_changed() -> None:
    client = Client(headers={"HX-Request": "true", "HX-Target": "panel"})
    base = client.post("/new/")["Location"] + "inspect/deployments/default/web/"

    for tab in ("summary", "why", "yaml", "events"):
        answer = client.get(f"{base}tab/{tab}/")
        assert answer.status_code == 200, tab
        known = dict(re.findall(r'name="(known-tab)" value="(\w+)"', answer.content.decode()))
        live = client.get(f"{base}live/", {"tab": tab, **known}).content.decode()
        assert "inspect-acts" in live
        assert 'id="inspect-tab"' not in live or tab == "summary"


def test_why_leads_back_to_who_began_it() -> None:
    client = Client(headers={"HX-Request": "true"})
    base = client.post("/new/")["Location"] + "inspect/deployments/default/web/"

    assert "system:bootstrap" in client.get(f"{base}tab/why/").content.decode()


def test_what_is_gone_is_said_and_is_no_error() -> None:
    client = Client(headers={"HX-Request": "true"})
    base = client.post("/new/")["Location"]

    answer = client.get(base + "inspect/pods/default/nobody/")

    assert answer.status_code == 200
    assert "There is no Pod of this name" in answer.content.decode()


def test_the_machine_room_has_no_page() -> None:
    client = Client()
    base = client.post("/new/")["Location"]

    assert client.get(base + "inspect/machines/_/worker-1/").status_code == 404
